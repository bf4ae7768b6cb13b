"""The catalogue and its texts as the API shows them."""

from typing import Any

from rest_framework import serializers

from stores.api.attributes import TYPES, ValueField
from stores.html import to_text
from stores.importers.problems import message_of
from stores.models import (
    CatalogueImport,
    CopySlot,
    CopyState,
    CopyVersion,
    ImportItem,
    Product,
    Sku,
)


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


class ImageSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    url = serializers.URLField()
    alt_text = serializers.CharField()
    position = serializers.IntegerField()


class SkuSerializer(serializers.ModelSerializer[Sku]):
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


class ProductSerializer(serializers.ModelSerializer[Product]):
    id = serializers.CharField(source="public_id", read_only=True)
    copy_state = serializers.ChoiceField(choices=CopyState.choices, read_only=True)
    attributes = AttributeSerializer(many=True, read_only=True)
    images = ImageSerializer(many=True, read_only=True)
    skus = SkuSerializer(many=True, read_only=True)

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
            "attributes",
            "option_names",
            "images",
            "skus",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class CopyVersionSerializer(serializers.ModelSerializer[CopyVersion]):
    """text: sanitised HTML. plain_text: the same without markup."""

    id = serializers.CharField(source="public_id", read_only=True)
    product = serializers.CharField(source="slot.product.public_id", read_only=True)
    field = serializers.ChoiceField(
        source="slot.field", choices=CopySlot.Field.choices, read_only=True
    )
    channel = serializers.CharField(source="slot.channel", read_only=True)
    locale = serializers.CharField(source="slot.locale", read_only=True)
    plain_text = serializers.SerializerMethodField()
    edited_from = serializers.CharField(source="parent.public_id", read_only=True, allow_null=True)
    candidate = serializers.SerializerMethodField()
    provenance = serializers.DictField(read_only=True)

    class Meta:
        model = CopyVersion
        fields = [
            "id",
            "product",
            "field",
            "channel",
            "locale",
            "number",
            "state",
            "source",
            "text",
            "plain_text",
            "is_sample",
            "edited_share",
            "rejection_reason",
            "edited_from",
            "candidate",
            "provenance",
            "created_at",
            "reviewed_at",
            "published_at",
        ]
        read_only_fields = fields

    def get_plain_text(self, version: CopyVersion) -> str:
        return to_text(version.text)

    def get_candidate(self, version: CopyVersion) -> str | None:
        return version.candidate or None


class PublishedCopySerializer(CopyVersionSerializer):
    """What the shop shows today."""

    class Meta(CopyVersionSerializer.Meta):
        fields = [
            "id",
            "product",
            "field",
            "channel",
            "locale",
            "source",
            "text",
            "plain_text",
            "published_at",
        ]
        read_only_fields = fields


class CatalogueImportSerializer(serializers.ModelSerializer[CatalogueImport]):
    id = serializers.CharField(source="public_id", read_only=True)
    options = serializers.DictField(read_only=True)

    class Meta:
        model = CatalogueImport
        fields = [
            "id",
            "file_name",
            "size_bytes",
            "sha256",
            "format",
            "options",
            "state",
            "error_code",
            "error",
            "n_bytes_read",
            "n_rows",
            "n_new",
            "n_changed",
            "n_unchanged",
            "n_invalid",
            "n_applied",
            "created_at",
            "finished_at",
        ]
        read_only_fields = fields


class ImportProblemSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    column = serializers.CharField()
    code = serializers.CharField()
    params = serializers.DictField(required=False)
    detail = serializers.SerializerMethodField()

    def get_detail(self, problem: Any) -> str:
        return message_of(problem["code"], {"row": problem["row"], **problem.get("params", {})})


class ImportItemSerializer(serializers.ModelSerializer[ImportItem]):
    problems = ImportProblemSerializer(many=True, read_only=True)
    changes = serializers.ListField(child=serializers.JSONField(), read_only=True)

    class Meta:
        model = ImportItem
        fields = [
            "position",
            "first_row",
            "handle",
            "title",
            "action",
            "changes",
            "problems",
            "is_applied",
        ]
        read_only_fields = fields
