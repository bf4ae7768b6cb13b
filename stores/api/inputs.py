"""What the API takes of products, SKUs and images: shape only. Rules across rows are the services'."""

from typing import Any

from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.fields import LanguageField
from stores.api.attributes import AttributeInput
from stores.importers.base import ParsedImage, ParsedSku
from stores.models import Product

MAX_LISTED = 250
MAX_SKUS = 2048
MAX_PRICE_MINOR = 10**15
is_web_address = URLValidator(["http", "https"])
_REPEATED = _("This name comes twice.")


class ImageInput(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=2000, validators=[is_web_address])
    alt_text = serializers.CharField(max_length=512, allow_blank=True, default="")


class SkuInput(serializers.Serializer[Any]):
    """options: a value for each of the product's option_names, in their order."""

    options = serializers.ListField(
        child=serializers.CharField(max_length=255), max_length=MAX_LISTED, default=list
    )
    code = serializers.CharField(max_length=255, allow_blank=True, default="")
    barcode = serializers.CharField(max_length=64, allow_blank=True, default="")
    price_minor = serializers.IntegerField(
        min_value=0, max_value=MAX_PRICE_MINOR, allow_null=True, default=None
    )
    compare_at_price_minor = serializers.IntegerField(
        min_value=0, max_value=MAX_PRICE_MINOR, allow_null=True, default=None
    )
    weight_grams = serializers.DecimalField(
        max_digits=12, decimal_places=3, min_value=0, allow_null=True, default=None
    )
    image_url = serializers.CharField(
        max_length=2000, allow_blank=True, default="", validators=[is_web_address]
    )


class ProductInput(serializers.Serializer[Any]):
    """Changes of a product: what is left out stays. Not `partial`, which would reach into SKUs."""

    title = serializers.CharField(max_length=255, required=False)
    handle = serializers.CharField(max_length=255, required=False)
    vendor = serializers.CharField(max_length=255, allow_blank=True, required=False)
    product_type = serializers.CharField(max_length=255, allow_blank=True, required=False)
    category = serializers.CharField(max_length=500, allow_blank=True, required=False)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=255), max_length=MAX_LISTED, required=False
    )
    status = serializers.ChoiceField(choices=Product.Status.choices, required=False)
    locale = LanguageField(required=False)
    attributes: Any = serializers.ListSerializer(
        child=AttributeInput(), max_length=MAX_LISTED, required=False
    )
    option_names = serializers.ListField(
        child=serializers.CharField(max_length=255), max_length=MAX_LISTED, required=False
    )
    images: Any = serializers.ListSerializer(
        child=ImageInput(), max_length=MAX_LISTED, required=False
    )
    skus: Any = serializers.ListSerializer(child=SkuInput(), max_length=MAX_SKUS, required=False)

    def validate_attributes(self, attributes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        refuse_repeated([attribute["name"] for attribute in attributes], "name")
        return attributes

    def validate_option_names(self, names: list[str]) -> list[str]:
        refuse_repeated(names)
        return names

    def validate_images(self, images: list[dict[str, Any]]) -> list[ParsedImage]:
        return [ParsedImage(position=n, **image) for n, image in enumerate(images, start=1)]

    def validate_skus(self, skus: list[dict[str, Any]]) -> list[ParsedSku]:
        return [parsed_sku(sku) for sku in skus]


class NewProductInput(ProductInput):
    title = serializers.CharField(max_length=255)
    description = serializers.CharField(
        max_length=50_000,
        allow_blank=True,
        required=False,
        help_text="HTML by a person; published at once.",
    )


class ReplaceProductInput(NewProductInput):
    """The whole product: what is left out is emptied, except its handle. Texts are not part of it."""

    description = None  # type: ignore[assignment]  # how DRF takes a field away
    vendor = serializers.CharField(max_length=255, allow_blank=True, default="")
    product_type = serializers.CharField(max_length=255, allow_blank=True, default="")
    category = serializers.CharField(max_length=500, allow_blank=True, default="")
    tags = serializers.ListField(
        child=serializers.CharField(max_length=255), max_length=MAX_LISTED, default=list
    )
    status = serializers.ChoiceField(choices=Product.Status.choices, default=Product.Status.ACTIVE)
    attributes: Any = serializers.ListSerializer(
        child=AttributeInput(), max_length=MAX_LISTED, default=list
    )
    option_names = serializers.ListField(
        child=serializers.CharField(max_length=255), max_length=MAX_LISTED, default=list
    )
    images: Any = serializers.ListSerializer(
        child=ImageInput(), max_length=MAX_LISTED, default=list
    )
    skus: Any = serializers.ListSerializer(child=SkuInput(), max_length=MAX_SKUS, default=list)


class NewSkuInput(SkuInput):
    product = serializers.CharField(max_length=40, help_text="Its public id.")


class SkuChangesInput(serializers.Serializer[Any]):
    """What is left out stays. With other options a SKU stays who it is."""

    options = serializers.ListField(
        child=serializers.CharField(max_length=255), max_length=MAX_LISTED, required=False
    )
    code = serializers.CharField(max_length=255, allow_blank=True, required=False)
    barcode = serializers.CharField(max_length=64, allow_blank=True, required=False)
    price_minor = serializers.IntegerField(
        min_value=0, max_value=MAX_PRICE_MINOR, allow_null=True, required=False
    )
    compare_at_price_minor = serializers.IntegerField(
        min_value=0, max_value=MAX_PRICE_MINOR, allow_null=True, required=False
    )
    weight_grams = serializers.DecimalField(
        max_digits=12, decimal_places=3, min_value=0, allow_null=True, required=False
    )
    image_url = serializers.CharField(
        max_length=2000, allow_blank=True, required=False, validators=[is_web_address]
    )


class NewImageInput(ImageInput):
    product = serializers.CharField(max_length=40, help_text="Its public id.")


class ImageChangesInput(serializers.Serializer[Any]):
    """What is left out stays. position: its place among the images, from 1; the others make room."""

    alt_text = serializers.CharField(max_length=512, allow_blank=True, required=False)
    position = serializers.IntegerField(min_value=1, max_value=MAX_LISTED, required=False)


def refuse_repeated(keys: list[str], member: str = "") -> None:
    """Raises a ValidationError at the second place of each key that comes twice."""
    errors: Any = {
        str(place): {member: [_REPEATED]} if member else [_REPEATED]
        for place, key in enumerate(keys)
        if key in keys[:place]
    }
    if errors:
        raise serializers.ValidationError(errors, code="repeated")


def sku_values(sku: dict[str, Any]) -> dict[str, Any]:
    """A SKU's values as ParsedSku names and types them."""
    values = dict(sku)
    if "options" in values:
        values["options"] = tuple(values["options"])
    if values.get("weight_grams") is not None:
        values["weight_grams"] = str(values["weight_grams"])
    return values


def parsed_sku(sku: dict[str, Any]) -> ParsedSku:
    """A whole SKU as the services take it."""
    return ParsedSku(**sku_values(sku))
