"""Which products: by their ids, or by the filter that the list of products has."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from stores.models import CopyState, Product, Readiness
from stores.selectors.filters import MAX_ATTRIBUTES, MAX_CHARACTERS, ProductFilter

MAX_PRODUCTS = 10_000
AMOUNT = r"^\d{1,13}([.,]\d{1,4})?$"


class ProductFilterInput(serializers.Serializer[Any]):
    """As the list of products can be narrowed; an empty one means every product."""

    q = serializers.CharField(max_length=MAX_CHARACTERS, required=False)
    copy_state = serializers.ChoiceField(choices=CopyState.choices, required=False)
    readiness = serializers.ChoiceField(choices=Readiness.choices, required=False)
    product_type = serializers.CharField(max_length=255, required=False)
    vendor = serializers.CharField(max_length=255, required=False)
    category = serializers.CharField(
        max_length=MAX_CHARACTERS, required=False, help_text="With what is below it."
    )
    status = serializers.ChoiceField(choices=Product.Status.choices, required=False)
    tag = serializers.CharField(max_length=255, required=False)
    attribute = serializers.ListField(
        child=serializers.CharField(max_length=MAX_CHARACTERS),
        max_length=MAX_ATTRIBUTES,
        required=False,
        help_text="`name:value`, or `name`.",
    )
    price_min = serializers.RegexField(AMOUNT, required=False, help_text="Such as “12.50”.")
    price_max = serializers.RegexField(AMOUNT, required=False)
    collection = serializers.CharField(max_length=40, required=False)
    brought_by = serializers.CharField(
        max_length=40, required=False, help_text="An import that the products came new with."
    )


class SelectionInput(serializers.Serializer[Any]):
    """Either the ids of products or a filter."""

    products = serializers.ListField(
        child=serializers.CharField(max_length=40),
        min_length=1,
        max_length=MAX_PRODUCTS,
        required=False,
    )
    filter = ProductFilterInput(required=False)

    def validate_products(self, ids: list[str]) -> list[str]:
        known = Product.objects.filter(public_id__in=ids).values_list("public_id", flat=True)
        missing = set(ids) - set(known)
        errors: Any = {
            str(place): [_("There is no such product.")]
            for place, given in enumerate(ids)
            if given in missing
        }
        if errors:
            raise serializers.ValidationError(errors, code="does_not_exist")
        return ids

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if ("products" in values) == ("filter" in values):
            raise serializers.ValidationError(_("Give either `products` or `filter`."))
        return values


class FilterField(serializers.DictField):
    """A stored filter as the object that it was given as."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        stored = ProductFilter.parse(str(value))
        return {name: given for name, given in asdict(stored).items() if given}


def selected(values: dict[str, Any]) -> ProductFilter:
    """The filter that a SelectionInput's values stand for."""
    if "products" in values:
        return ProductFilter(ids=tuple(values["products"]))
    return filter_of(values["filter"])


def filter_of(values: dict[str, Any]) -> ProductFilter:
    """The filter that a ProductFilterInput's values stand for."""
    given = dict(values)
    if "attribute" in given:
        given["attribute"] = tuple(given["attribute"])
    for name in ("price_min", "price_max"):
        if name in given:
            given[name] = given[name].replace(",", ".")
    return ProductFilter(**given)
