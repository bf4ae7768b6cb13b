"""Texts, their places and what the shop shows of them, as the API shows them."""

from typing import Any

from rest_framework import serializers

from stores.html import to_text
from stores.models import CopySlot, CopyVersion, Product


class CopySlotSerializer(serializers.ModelSerializer[CopySlot]):
    id = serializers.CharField(source="public_id", read_only=True)
    product = serializers.CharField(source="product.public_id", read_only=True)
    n_versions = serializers.IntegerField(read_only=True)

    class Meta:
        model = CopySlot
        fields = ["id", "product", "field", "channel", "locale", "n_versions"]
        read_only_fields = fields


class CopyTextSerializer(serializers.ModelSerializer[CopyVersion]):
    """text: sanitised HTML. plain_text: the same without markup."""

    id = serializers.CharField(source="public_id", read_only=True)
    slot = serializers.CharField(source="slot.public_id", read_only=True)
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
            "slot",
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


class PublishedCopySerializer(CopyTextSerializer):
    """What the shop shows today."""

    class Meta(CopyTextSerializer.Meta):
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


class CopyProductSerializer(serializers.ModelSerializer[Product]):
    """The product of a text, in a few words."""

    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Product
        fields = ["id", "handle", "title", "status", "locale", "copy_state"]
        read_only_fields = fields


class CopyExpansionsSerializer(serializers.Serializer[Any]):
    product = CopyProductSerializer(source="slot.product", required=False)
    edited_from = CopyTextSerializer(source="parent", required=False, allow_null=True)


class CopyVersionSerializer(CopyTextSerializer):
    """text: sanitised HTML. plain_text: the same without markup."""

    expanded = CopyExpansionsSerializer(source="*", required=False)

    class Meta(CopyTextSerializer.Meta):
        fields = [*CopyTextSerializer.Meta.fields, "expanded"]
        read_only_fields = CopyTextSerializer.Meta.fields
