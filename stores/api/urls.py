"""The catalogue, its texts and its doors, under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from stores.api.bulk_edit_views import BulkEditItemViewSet, BulkEditViewSet
from stores.api.copy_views import CopySlotViewSet, CopyVersionViewSet, PublishedCopyViewSet
from stores.api.export_views import ExportFileViewSet, ExportViewSet, FeedViewSet
from stores.api.import_views import (
    BulkProductViewSet,
    ImportItemViewSet,
    ImportReportViewSet,
    ImportViewSet,
)
from stores.api.organising_views import (
    CategoryViewSet,
    CollectionProductViewSet,
    CollectionViewSet,
    SavedViewViewSet,
)
from stores.api.upload_views import MappingProfileViewSet, UploadPieceViewSet, UploadViewSet
from stores.api.views import ImageViewSet, ProductHistoryViewSet, ProductViewSet, SkuViewSet

router = SimpleRouter()
router.register("products", ProductViewSet, basename="api-product")
router.register("skus", SkuViewSet, basename="api-sku")
router.register("images", ImageViewSet, basename="api-image")
router.register("copy-slots", CopySlotViewSet, basename="api-copy-slot")
router.register("copy-versions", CopyVersionViewSet, basename="api-copy-version")
router.register("imports", ImportViewSet, basename="api-import")
router.register("uploads", UploadViewSet, basename="api-upload")
router.register("mapping-profiles", MappingProfileViewSet, basename="api-profile")
router.register("exports", ExportViewSet, basename="api-export")
router.register("feeds", FeedViewSet, basename="api-feed")
router.register("bulk-edits", BulkEditViewSet, basename="api-bulk-edit")
router.register("collections", CollectionViewSet, basename="api-collection")
router.register("categories", CategoryViewSet, basename="api-category")
router.register("saved-views", SavedViewViewSet, basename="api-saved-view")

urlpatterns = [
    path(
        "products/bulk/",
        BulkProductViewSet.as_view({"post": "create"}),
        name="api-product-bulk",
    ),
    *router.urls,
    path(
        "products/<str:id>/copy/",
        PublishedCopyViewSet.as_view({"get": "list"}),
        name="api-product-copy",
    ),
    path(
        "products/<str:id>/history/",
        ProductHistoryViewSet.as_view({"get": "list"}),
        name="api-product-history",
    ),
    path(
        "imports/<str:id>/items/",
        ImportItemViewSet.as_view({"get": "list"}),
        name="api-import-items",
    ),
    path(
        "imports/<str:id>/items/<int:position>/",
        ImportItemViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api-import-item",
    ),
    path(
        "uploads/<str:id>/piece/",
        UploadPieceViewSet.as_view({"put": "update"}),
        name="api-upload-piece",
    ),
    path(
        "exports/<str:id>/file/",
        ExportFileViewSet.as_view({"get": "retrieve"}),
        name="api-export-file",
    ),
    path(
        "bulk-edits/<str:id>/items/",
        BulkEditItemViewSet.as_view({"get": "list"}),
        name="api-bulk-edit-items",
    ),
    path(
        "collections/<str:id>/products/",
        CollectionProductViewSet.as_view({"get": "list"}),
        name="api-collection-products",
    ),
    path(
        "imports/<str:id>/report/",
        ImportReportViewSet.as_view({"get": "retrieve"}),
        name="api-import-report",
    ),
]
