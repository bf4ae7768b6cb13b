"""What the API's lists can be narrowed by."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from stores.models import (
    CatalogueImport,
    CopySlot,
    CopyState,
    CopyVersion,
    ImportItem,
    Product,
    ProductImage,
    Sku,
)
from stores.selectors import ProductFilter


class ProductFilterSet(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    """The same filter that the page of products has."""

    q = filters.CharFilter(method="ignore", max_length=255)
    copy_state = filters.ChoiceFilter(method="ignore", choices=CopyState.choices)
    product_type = filters.CharFilter(method="ignore", max_length=255)
    vendor = filters.CharFilter(method="ignore", max_length=255)
    status = filters.ChoiceFilter(method="ignore", choices=Product.Status.choices)
    tag = filters.CharFilter(method="ignore", max_length=255)
    handle = filters.CharFilter(max_length=255)
    updated_since = filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Product
        fields: list[str] = []

    def ignore(self, products: Any, name: str, value: str) -> Any:
        return products

    def filter_queryset(self, products: QuerySet[Product]) -> Any:
        narrowed = super().filter_queryset(products)
        return ProductFilter.from_query(self.data).apply(narrowed)


class SkuFilterSet(filters.FilterSet):  # type: ignore[misc]
    product = filters.CharFilter(field_name="product__public_id", max_length=40)
    code = filters.CharFilter(max_length=255)
    barcode = filters.CharFilter(max_length=64)

    class Meta:
        model = Sku
        fields: list[str] = []


class ImageFilterSet(filters.FilterSet):  # type: ignore[misc]
    product = filters.CharFilter(field_name="product__public_id", max_length=40)
    state = filters.ChoiceFilter(choices=ProductImage.State.choices)

    class Meta:
        model = ProductImage
        fields: list[str] = []


class CopySlotFilterSet(filters.FilterSet):  # type: ignore[misc]
    product = filters.CharFilter(field_name="product__public_id", max_length=40)
    field = filters.ChoiceFilter(choices=CopySlot.Field.choices)
    locale = filters.CharFilter(max_length=16)

    class Meta:
        model = CopySlot
        fields: list[str] = []


class CopyVersionFilterSet(filters.FilterSet):  # type: ignore[misc]
    slot = filters.CharFilter(field_name="slot__public_id", max_length=40)
    product = filters.CharFilter(field_name="slot__product__public_id", max_length=40)
    field = filters.ChoiceFilter(field_name="slot__field", choices=CopySlot.Field.choices)
    locale = filters.CharFilter(field_name="slot__locale", max_length=16)
    state = filters.ChoiceFilter(choices=CopyVersion.State.choices)
    source = filters.ChoiceFilter(choices=CopyVersion.Source.choices)
    run = filters.CharFilter(field_name="provenance__run", max_length=40)

    class Meta:
        model = CopyVersion
        fields: list[str] = []


class ImportFilterSet(filters.FilterSet):  # type: ignore[misc]
    state = filters.ChoiceFilter(choices=CatalogueImport.State.choices)

    class Meta:
        model = CatalogueImport
        fields: list[str] = []


class ImportItemFilterSet(filters.FilterSet):  # type: ignore[misc]
    action = filters.ChoiceFilter(choices=ImportItem.Action.choices)
    handle = filters.CharFilter(max_length=255)
    is_applied = filters.BooleanFilter()

    class Meta:
        model = ImportItem
        fields: list[str] = []
