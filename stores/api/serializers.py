"""Products, SKUs and images as the API shows them."""

from typing import Any

from rest_framework import serializers

from stores.api.attributes import TYPES, ValueField
from stores.api.copy_serializers import PublishedCopySerializer
from stores.models import CopyState, Product, ProductImage, ProductRevision, Readiness, Sku


class OriginSerializer(serializers.Serializer[Any]):
    """Where an attribute was read, or who wrote it."""

    file = serializers.CharField(required=False)
    row = serializers.IntegerField(required=False)
    column = serializers.CharField(required=False)
    by = serializers.CharField(required=False)


class AttributeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = ValueField()
    type = serializers.ChoiceField(choices=TYPES, required=False)
    unit = serializers.CharField(required=False, allow_null=True)
    origin = OriginSerializer(required=False, allow_null=True)


class ProductImageSerializer(serializers.ModelSerializer[ProductImage]):
    """state, width, height, n_bytes: what a look at the address found, at checked_at."""

    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = ProductImage
        fields = [
            "id",
            "url",
            "alt_text",
            "position",
            "state",
            "width",
            "height",
            "n_bytes",
            "checked_at",
        ]
        read_only_fields = fields


class ProductSkuSerializer(serializers.ModelSerializer[Sku]):
    id = serializers.CharField(source="public_id", read_only=True)
    product = serializers.CharField(source="product.public_id", read_only=True)
    image = serializers.CharField(source="image.public_id", read_only=True, allow_null=True)
    image_url = serializers.SerializerMethodField()

    class Meta:
        model = Sku
        fields = [
            "id",
            "product",
            "code",
            "barcode",
            "options",
            "price_minor",
            "compare_at_price_minor",
            "currency",
            "weight_grams",
            "image",
            "image_url",
            "position",
        ]
        read_only_fields = fields

    def get_image_url(self, sku: Sku) -> str:
        return sku.image.url if sku.image else ""


class ProductSummarySerializer(serializers.ModelSerializer[Product]):
    """A product in a few words, where a row that belongs to it is expanded."""

    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Product
        fields = [
            "id",
            "handle",
            "title",
            "vendor",
            "product_type",
            "category",
            "status",
            "locale",
            "copy_state",
            "readiness",
            "updated_at",
        ]
        read_only_fields = fields


class OfProductSerializer(serializers.Serializer[Any]):
    """What `expand` adds to a row of a product."""

    product = ProductSummarySerializer(required=False)


class SkuSerializer(ProductSkuSerializer):
    expanded = OfProductSerializer(source="*", required=False)

    class Meta(ProductSkuSerializer.Meta):
        fields = [*ProductSkuSerializer.Meta.fields, "expanded"]
        read_only_fields = ProductSkuSerializer.Meta.fields


class ImageSerializer(ProductImageSerializer):
    product = serializers.CharField(source="product.public_id", read_only=True)
    expanded = OfProductSerializer(source="*", required=False)

    class Meta(ProductImageSerializer.Meta):
        fields = ["id", "product", *ProductImageSerializer.Meta.fields[1:], "expanded"]
        read_only_fields = ProductImageSerializer.Meta.fields


class _LiveCopy(serializers.ListSerializer[Any]):
    """The published texts of a product whose slots are prefetched with them."""

    def get_attribute(self, instance: Product) -> Any:
        return [version for slot in instance.slots.all() for version in slot.versions.all()]


class ProductExpansionsSerializer(serializers.Serializer[Any]):
    """copy: the published texts, as /products/{id}/copy/ shows them."""

    copy: Any = _LiveCopy(child=PublishedCopySerializer(), source="slots", required=False)


class ProductSerializer(serializers.ModelSerializer[Product]):
    """Prices are in the smallest unit of the currency. copy_state, readiness: kept by Copydesk."""

    id = serializers.CharField(source="public_id", read_only=True)
    copy_state = serializers.ChoiceField(choices=CopyState.choices, read_only=True)
    readiness = serializers.ChoiceField(choices=Readiness.choices, read_only=True)
    attributes = AttributeSerializer(many=True, read_only=True)
    images = ProductImageSerializer(many=True, read_only=True)
    skus = ProductSkuSerializer(many=True, read_only=True)
    expanded = ProductExpansionsSerializer(source="*", required=False)

    class Meta:
        model = Product
        fields = [
            "id",
            "handle",
            "title",
            "vendor",
            "product_type",
            "category",
            "tags",
            "status",
            "locale",
            "copy_state",
            "readiness",
            "currency",
            "min_price_minor",
            "max_price_minor",
            "attributes",
            "option_names",
            "images",
            "skus",
            "created_at",
            "updated_at",
            "expanded",
        ]
        read_only_fields = fields


class RevisionSerializer(serializers.ModelSerializer[ProductRevision]):
    """changes: each with the field, its old value and its new one. origin: the import or bulk edit."""

    id = serializers.CharField(source="public_id", read_only=True)
    product = serializers.CharField(source="product.public_id", read_only=True)
    changes = serializers.ListField(child=serializers.JSONField(), read_only=True)

    class Meta:
        model = ProductRevision
        fields = ["id", "product", "kind", "origin", "actor", "changes", "at"]
        read_only_fields = fields
