"""Under /m/<merchant>/."""

from django.urls import path

from stores import catalogue_urls, edit_urls, export_urls, import_urls
from stores.views import copy, products

app_name = "stores"
urlpatterns = [
    path("products/", products.product_list, name="product_list"),
    path("products/selected/", products.product_selected, name="product_selected"),
    *catalogue_urls.urlpatterns,
    *edit_urls.urlpatterns,
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
    *import_urls.urlpatterns,
    *export_urls.urlpatterns,
]
