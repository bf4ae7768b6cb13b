"""Under /m/<merchant>/: one product, and many products at once."""

from django.urls import path

from stores.views import bulk_edits, images, product, product_forms

BULK_EDITS = "products/bulk-edits"
BULK_EDIT = f"{BULK_EDITS}/<public_id:bulk_edit>"
PRODUCT = "products/<public_id:product>"

urlpatterns = [
    path("products/new/", product_forms.product_create, name="product_create"),
    path(f"{PRODUCT}/", product.product_detail, name="product_detail"),
    path(f"{PRODUCT}/history/", product.product_history, name="product_history"),
    path(f"{PRODUCT}/edit/", product_forms.product_edit, name="product_edit"),
    path(f"{PRODUCT}/delete/", product_forms.product_delete, name="product_delete"),
    path(f"{PRODUCT}/images/check/", product.product_check_images, name="product_check_images"),
    path("products/images/", images.image_list, name="image_list"),
    path(f"{BULK_EDITS}/", bulk_edits.bulk_edit_list, name="bulk_edit_list"),
    path(f"{BULK_EDITS}/new/", bulk_edits.bulk_edit_create, name="bulk_edit_create"),
    path(f"{BULK_EDIT}/", bulk_edits.bulk_edit_detail, name="bulk_edit_detail"),
    path(f"{BULK_EDIT}/confirm/", bulk_edits.bulk_edit_confirm, name="bulk_edit_confirm"),
    path(f"{BULK_EDIT}/undo/", bulk_edits.bulk_edit_undo, name="bulk_edit_undo"),
    path(f"{BULK_EDIT}/cancel/", bulk_edits.bulk_edit_cancel, name="bulk_edit_cancel"),
]
