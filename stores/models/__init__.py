"""The catalogue, the texts in it, and what brings both in and out. Nouns: docs/architecture.md."""

from stores.models.catalogue import CopyState, Product, ProductImage, Readiness, Sku
from stores.models.copy import CopySlot, CopyVersion
from stores.models.exports import CatalogueExport, Feed
from stores.models.imports import CatalogueImport, ImportItem, MappingProfile, Upload
from stores.models.organising import (
    BulkEdit,
    BulkEditItem,
    Collection,
    CollectionProduct,
    ProductRevision,
    SavedView,
)
from stores.models.search import ProductSearch, SearchWord

__all__ = [
    "BulkEdit",
    "BulkEditItem",
    "CatalogueExport",
    "CatalogueImport",
    "Collection",
    "CollectionProduct",
    "CopySlot",
    "CopyState",
    "CopyVersion",
    "Feed",
    "ImportItem",
    "MappingProfile",
    "Product",
    "ProductImage",
    "ProductRevision",
    "ProductSearch",
    "Readiness",
    "SavedView",
    "SearchWord",
    "Sku",
    "Upload",
]
