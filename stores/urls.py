"""Under /m/<merchant>/."""

from django.urls import path

from stores import export_urls
from stores.views import copy, imports, product, products

app_name = "stores"
urlpatterns = [
    path("products/", products.product_list, name="product_list"),
    path("products/selected/", products.product_selected, name="product_selected"),
    path("products/<public_id:product>/", product.product_detail, name="product_detail"),
    path("products/<public_id:product>/edit/", product.product_edit, name="product_edit"),
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
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_create, name="import_create"),
    path("imports/<public_id:catalogue_import>/", imports.import_detail, name="import_detail"),
    path(
        "imports/<public_id:catalogue_import>/confirm/",
        imports.import_confirm,
        name="import_confirm",
    ),
    path(
        "imports/<public_id:catalogue_import>/cancel/", imports.import_cancel, name="import_cancel"
    ),
    *export_urls.urlpatterns,
]
