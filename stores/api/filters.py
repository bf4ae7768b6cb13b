"""What the API's lists can be narrowed by."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from stores.api.filter_inputs import AMOUNT
from stores.models import (
    BulkEdit,
    BulkEditItem,
    CatalogueExport,
    CatalogueImport,
    CopySlot,
    CopyState,
    CopyVersion,
    ImportItem,
    Product,
    ProductImage,
    Readiness,
    Sku,
)
from stores.selectors.filters import MAX_ATTRIBUTES, MAX_CHARACTERS, ProductFilter

is_amount = RegexValidator(AMOUNT, _("Give an amount such as 12.50."))


class _Repeated(forms.Field):
    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[str]:
        one = forms.CharField(max_length=MAX_CHARACTERS)
        return [one.clean(each) for each in value or []]


@extend_schema_field({"type": "array", "items": {"type": "string"}, "maxItems": MAX_ATTRIBUTES})
class RepeatedFilter(filters.Filter):  # type: ignore[misc]
    field_class = _Repeated


class ProductFilterSet(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    """The same filter that the page of products has."""

    q = filters.CharFilter(method="ignore", max_length=MAX_CHARACTERS)
    copy_state = filters.ChoiceFilter(method="ignore", choices=CopyState.choices)
    readiness = filters.ChoiceFilter(method="ignore", choices=Readiness.choices)
    product_type = filters.CharFilter(method="ignore", max_length=255)
    vendor = filters.CharFilter(method="ignore", max_length=255)
    category = filters.CharFilter(method="ignore", max_length=MAX_CHARACTERS)
    status = filters.ChoiceFilter(method="ignore", choices=Product.Status.choices)
    tag = filters.CharFilter(method="ignore", max_length=255)
    attribute = RepeatedFilter(method="ignore", help_text="`name:value` or `name`, repeatable.")
    price_min = filters.CharFilter(method="ignore", validators=[is_amount])
    price_max = filters.CharFilter(method="ignore", validators=[is_amount])
    collection = filters.CharFilter(method="ignore", max_length=40)
    brought_by = filters.CharFilter(method="ignore", max_length=40)
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


class ExportFilterSet(filters.FilterSet):  # type: ignore[misc]
    state = filters.ChoiceFilter(choices=CatalogueExport.State.choices)
    feed = filters.CharFilter(field_name="feed__public_id", max_length=40)

    class Meta:
        model = CatalogueExport
        fields: list[str] = []


class BulkEditFilterSet(filters.FilterSet):  # type: ignore[misc]
    state = filters.ChoiceFilter(choices=BulkEdit.State.choices)

    class Meta:
        model = BulkEdit
        fields: list[str] = []


class BulkEditItemFilterSet(filters.FilterSet):  # type: ignore[misc]
    state = filters.ChoiceFilter(choices=BulkEditItem.State.choices)

    class Meta:
        model = BulkEditItem
        fields: list[str] = []
