"""Products, SKUs, texts and imports, under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from stores.api.import_views import ImportItemViewSet, ImportViewSet
from stores.api.views import CopyVersionViewSet, ProductViewSet, PublishedCopyViewSet, SkuViewSet

router = SimpleRouter()
router.register("products", ProductViewSet, basename="api-product")
router.register("skus", SkuViewSet, basename="api-sku")
router.register("copy-versions", CopyVersionViewSet, basename="api-copy-version")
router.register("imports", ImportViewSet, basename="api-import")

urlpatterns = [
    *router.urls,
    path(
        "products/<str:id>/copy/",
        PublishedCopyViewSet.as_view({"get": "list"}),
        name="api-product-copy",
    ),
    path(
        "imports/<str:id>/items/",
        ImportItemViewSet.as_view({"get": "list"}),
        name="api-import-items",
    ),
]
