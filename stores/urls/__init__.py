"""Under /m/<merchant>/."""

from django.urls import path

from stores.urls import catalogue, edits, exports, imports
from stores.views import copy, products

app_name = "stores"
urlpatterns = [
    path("products/", products.product_list, name="product_list"),
    path("products/selected/", products.product_selected, name="product_selected"),
    *catalogue.urlpatterns,
    *edits.urlpatterns,
    path("products/<public_id:product>/texts/", copy.copy_write, name="copy_write"),
    path(
        "products/<public_id:product>/texts/<public_id:version>/",
        copy.copy_version,
        name="copy_version",
    ),
    path(
        "products/<public_id:product>/texts/<public_id:version>/<slug:action>/",
        copy.copy_act,
        name="copy_act",
    ),
    *imports.urlpatterns,
    *exports.urlpatterns,
]
