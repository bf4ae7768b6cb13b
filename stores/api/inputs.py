"""What the API takes: shape only. Rules across rows are the services'."""

from typing import Any

from django.core.validators import URLValidator
from rest_framework import serializers

from stores.api.attributes import AttributeInput
from stores.importers.base import ParsedImage, ParsedSku
from stores.models import Product

MAX_LISTED = 250
MAX_SKUS = 2048
MAX_PRICE_MINOR = 10**15
is_web_address = URLValidator(["http", "https"])


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
    locale = serializers.CharField(max_length=16, required=False)
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

    def validate_images(self, images: list[dict[str, Any]]) -> list[ParsedImage]:
        return [ParsedImage(position=n, **image) for n, image in enumerate(images, start=1)]

    def validate_skus(self, skus: list[dict[str, Any]]) -> list[ParsedSku]:
        return [_parsed_sku(sku) for sku in skus]


class NewProductInput(ProductInput):
    title = serializers.CharField(max_length=255)
    description = serializers.CharField(
        max_length=50_000,
        allow_blank=True,
        required=False,
        help_text="HTML by a person; published at once.",
    )


class ImportInput(serializers.Serializer[Any]):
    file = serializers.FileField()
    locale = serializers.CharField(max_length=16, required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    is_human_written = serializers.BooleanField(default=False)
    on_conflict = serializers.ChoiceField(choices=["keep", "take"], default="keep")


class ConfirmInput(serializers.Serializer[Any]):
    on_conflict = serializers.ChoiceField(choices=["keep", "take"], required=False)


class TextInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=50_000, help_text="HTML; sanitised.")


class ReasonInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


def _parsed_sku(sku: dict[str, Any]) -> ParsedSku:
    weight = sku["weight_grams"]
    values = {**sku, "options": tuple(sku["options"])}
    return ParsedSku(**{**values, "weight_grams": None if weight is None else str(weight)})
