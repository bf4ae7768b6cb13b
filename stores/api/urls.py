"""The catalogue, its texts and its doors, under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from stores.api.copy_views import CopySlotViewSet, CopyVersionViewSet, PublishedCopyViewSet
from stores.api.import_views import (
    BulkProductViewSet,
    ImportItemViewSet,
    ImportReportViewSet,
    ImportViewSet,
)
from stores.api.views import ImageViewSet, ProductHistoryViewSet, ProductViewSet, SkuViewSet

router = SimpleRouter()
router.register("products", ProductViewSet, basename="api-product")
router.register("skus", SkuViewSet, basename="api-sku")
router.register("images", ImageViewSet, basename="api-image")
router.register("copy-slots", CopySlotViewSet, basename="api-copy-slot")
router.register("copy-versions", CopyVersionViewSet, basename="api-copy-version")
router.register("imports", ImportViewSet, basename="api-import")

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
        "imports/<str:id>/report/",
        ImportReportViewSet.as_view({"get": "retrieve"}),
        name="api-import-report",
    ),
]
