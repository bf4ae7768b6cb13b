"""Catalogues and texts of all merchants: for platform staff, to read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from stores.models import (
    BulkEdit,
    CatalogueExport,
    CatalogueImport,
    CopyVersion,
    Feed,
    Product,
    ProductImage,
    Sku,
)
from tenants.staff_admin import BY_MERCHANT, BigTableAdmin, StaffInline, StaffModelAdmin


class SkuInline(StaffInline):
    model = Sku
    fk_name = "product"
    fields = ("public_id", "code", "options", "price_minor", "currency", "barcode")
    readonly_fields = fields
    show_change_link = False


class ProductImageInline(StaffInline):
    model = ProductImage
    fields = ("public_id", "position", "url", "alt_text")
    readonly_fields = fields
    show_change_link = False


@admin.register(Product)
class ProductAdmin(BigTableAdmin):
    fields = (
        "public_id", "merchant", "handle", "title", "vendor", "product_type", "category", "tags",
        "status", "locale", "option_names", "attributes", "copy_state", "readiness",
        "created_at", "updated_at",
    )  # fmt: skip
    list_display = ("title", "merchant", "handle", "product_type", "status", "updated_at")
    list_filter = (BY_MERCHANT, ("status", ChoicesDropdownFilter))
    list_select_related = ("merchant",)
    search_fields = ("title__istartswith", "handle__startswith")
    inlines = (SkuInline, ProductImageInline)


@admin.register(CopyVersion)
class CopyVersionAdmin(BigTableAdmin):
    fields = (
        "public_id", "merchant", "product", "slot", "number", "state", "source", "is_sample",
        "text", "parent", "candidate", "edited_share", "rejection_reason", "provenance",
        "created_by", "created_at", "reviewed_by", "reviewed_at", "published_at",
    )  # fmt: skip
    list_display = ("public_id", "merchant", "product", "number", "state", "source", "created_at")
    list_filter = (
        BY_MERCHANT,
        ("state", ChoicesDropdownFilter),
        ("source", ChoicesDropdownFilter),
    )
    list_select_related = ("merchant", "slot__product")
    search_fields = ("slot__product__title__istartswith",)

    @admin.display(description=_("product"))
    def product(self, version: CopyVersion) -> Product:
        product: Product = version.slot.product
        return product


@admin.register(CatalogueImport)
class CatalogueImportAdmin(StaffModelAdmin):
    fields = (
        "public_id", "merchant", "file_name", "size_bytes", "format", "state", "error_code", "error",
        "options", "reading",
        "n_rows", "n_new", "n_changed", "n_unchanged", "n_invalid", "n_warnings", "n_applied",
        "created_by", "created_at", "heartbeat_at", "finished_at",
    )  # fmt: skip
    list_display = ("file_name", "merchant", "format", "state", "n_rows", "n_invalid", "created_at")
    list_filter = (BY_MERCHANT, ("state", ChoicesDropdownFilter))
    list_select_related = ("merchant",)
    search_fields = ("file_name__istartswith",)
    date_hierarchy = "created_at"


@admin.register(CatalogueExport)
class CatalogueExportAdmin(BigTableAdmin):
    fields = (
        "public_id", "merchant", "feed", "format", "query", "since", "state", "error_code",
        "file_name", "size_bytes", "sha256", "n_total", "n_written", "n_left_out",
        "created_by", "created_at", "heartbeat_at", "finished_at",
    )  # fmt: skip
    list_display = ("file_name", "merchant", "format", "state", "n_written", "created_at")
    list_filter = (BY_MERCHANT, ("state", ChoicesDropdownFilter))
    list_select_related = ("merchant",)
    search_fields = ("file_name__istartswith",)
    date_hierarchy = "created_at"


@admin.register(Feed)
class FeedAdmin(StaffModelAdmin):
    """Without the secret of its address: not even staff can fetch a feed."""

    fields = (
        "public_id", "merchant", "name", "format", "query", "every_minutes", "prefix", "due_at",
        "last_fetched_at", "revoked_at", "created_by", "created_at",
    )  # fmt: skip
    list_display = ("name", "merchant", "format", "due_at", "last_fetched_at", "revoked_at")
    list_filter = (BY_MERCHANT,)
    list_select_related = ("merchant",)
    search_fields = ("name__istartswith",)


@admin.register(BulkEdit)
class BulkEditAdmin(BigTableAdmin):
    fields = (
        "public_id", "merchant", "query", "changes", "state", "error_code",
        "n_products", "n_changing", "n_applied", "n_skipped", "n_undone",
        "created_by", "created_at", "heartbeat_at", "finished_at",
    )  # fmt: skip
    list_display = ("public_id", "merchant", "state", "n_changing", "n_applied", "created_at")
    list_filter = (BY_MERCHANT, ("state", ChoicesDropdownFilter))
    list_select_related = ("merchant",)
    date_hierarchy = "created_at"
