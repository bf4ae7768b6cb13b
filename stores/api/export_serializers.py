"""Exports and feeds as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from stores.api.filter_inputs import FilterField, ProductFilterInput
from stores.exporters.problems import message_of
from stores.exporters.registry import all_exporters
from stores.models import CatalogueExport, Feed
from stores.services.exports import MAX_LINK_CHARACTERS


class LeftOutSerializer(serializers.Serializer[Any]):
    """A product that a format cannot show, and why."""

    handle = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.SerializerMethodField()

    def get_detail(self, left_out: dict[str, Any]) -> str:
        return str(message_of(left_out["code"]))


class ExportSerializer(serializers.ModelSerializer[CatalogueExport]):
    """The file is at /exports/{id}/file/ while `state` is `finished`. left_out: the first of them."""

    id = serializers.CharField(source="public_id", read_only=True)
    feed = serializers.CharField(source="feed.public_id", read_only=True, allow_null=True)
    filter = FilterField(source="query")
    left_out = serializers.ListField(child=serializers.JSONField(), read_only=True)

    class Meta:
        model = CatalogueExport
        fields = [
            "id",
            "feed",
            "format",
            "filter",
            "link_template",
            "since",
            "state",
            "error_code",
            "file_name",
            "size_bytes",
            "sha256",
            "n_total",
            "n_written",
            "n_left_out",
            "left_out",
            "created_at",
            "finished_at",
        ]
        read_only_fields = fields


class FeedSerializer(serializers.ModelSerializer[Feed]):
    """prefix: the part of its address that is no secret."""

    id = serializers.CharField(source="public_id", read_only=True)
    filter = FilterField(source="query")

    class Meta:
        model = Feed
        fields = [
            "id",
            "name",
            "format",
            "filter",
            "link_template",
            "every_minutes",
            "prefix",
            "due_at",
            "revoked_at",
            "last_fetched_at",
            "created_at",
        ]
        read_only_fields = fields


class FeedWithAddressSerializer(FeedSerializer):
    """url: shown this once. Where the request is repeated it is null: rotate the feed for another."""

    url = serializers.URLField(read_only=True, allow_null=True)

    class Meta(FeedSerializer.Meta):
        fields = [*FeedSerializer.Meta.fields, "url"]
        read_only_fields = fields


class FormatInput(serializers.Serializer[Any]):
    """link_template: of a product's address, with {handle} or {sku}."""

    format = serializers.ChoiceField(choices=())
    filter = ProductFilterInput(required=False)
    link_template = serializers.CharField(
        max_length=MAX_LINK_CHARACTERS, allow_blank=True, default=""
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["format"] = serializers.ChoiceField(choices=list(all_exporters()))
        return fields


class ExportInput(FormatInput):
    """Everything, or what the filter lets through; only_changed: since the last one like it."""

    only_changed = serializers.BooleanField(default=False)
    since = serializers.DateTimeField(
        required=False, help_text="Only what has changed after this moment."
    )


class FeedInput(FormatInput):
    name = serializers.CharField(max_length=120)
    every_minutes = serializers.ChoiceField(choices=Feed.Every.choices, default=Feed.Every.DAY)
