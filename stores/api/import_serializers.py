"""Imports, their products and what is wrong with them, as the API shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from stores.importers.problems import message_of
from stores.models import CatalogueImport, ImportItem, MappingProfile, Upload


class CatalogueImportSerializer(serializers.ModelSerializer[CatalogueImport]):
    """options: what was said about the file. reading: how it is read. columns: its header."""

    id = serializers.CharField(source="public_id", read_only=True)
    options = serializers.DictField(read_only=True)
    reading = serializers.DictField(read_only=True)
    columns = serializers.SerializerMethodField()
    profile = serializers.CharField(source="profile.public_id", read_only=True, allow_null=True)

    class Meta:
        model = CatalogueImport
        fields = [
            "id",
            "file_name",
            "size_bytes",
            "sha256",
            "format",
            "options",
            "reading",
            "columns",
            "profile",
            "state",
            "error_code",
            "error",
            "n_bytes_read",
            "n_rows",
            "n_new",
            "n_changed",
            "n_unchanged",
            "n_invalid",
            "n_warnings",
            "n_conflicts",
            "n_applied",
            "created_at",
            "finished_at",
        ]
        read_only_fields = fields

    def get_columns(self, found: CatalogueImport) -> list[str]:
        return list(found.columns.get("header", []))


class ImportProblemSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    column = serializers.CharField()
    code = serializers.CharField()
    params = serializers.DictField(required=False)
    detail = serializers.SerializerMethodField()

    def get_detail(self, problem: Any) -> str:
        return message_of(problem["code"], {"row": problem["row"], **problem.get("params", {})})


@extend_schema_field(
    {
        "anyOf": [{"type": "array", "items": {}}, {"type": "string"}, {"type": "null"}],
        "description": "Rows as [number, cells], or a text.",
    }
)
class RawField(serializers.ReadOnlyField):
    """What a person may correct, as the importer will read it."""


class ImportItemSerializer(serializers.ModelSerializer[ImportItem]):
    """problems keep the product out; warnings do not. raw: of an invalid one, what can be corrected."""

    problems = ImportProblemSerializer(many=True, read_only=True)
    warnings = ImportProblemSerializer(many=True, read_only=True)
    changes = serializers.ListField(child=serializers.JSONField(), read_only=True)
    raw = RawField()

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
            "warnings",
            "raw",
            "is_applied",
        ]
        read_only_fields = fields


class MappingProfileSerializer(serializers.ModelSerializer[MappingProfile]):
    """columns: the header that it was made for. options: how to read it, `mapping` among them."""

    id = serializers.CharField(source="public_id", read_only=True)
    columns = serializers.ListField(child=serializers.CharField(), read_only=True)
    options = serializers.DictField(read_only=True)

    class Meta:
        model = MappingProfile
        fields = ["id", "name", "columns", "options", "created_at", "used_at"]
        read_only_fields = fields


class UploadSerializer(serializers.ModelSerializer[Upload]):
    """The next piece starts at n_received_bytes. catalogue_import: what became of it."""

    id = serializers.CharField(source="public_id", read_only=True)
    catalogue_import = serializers.CharField(
        source="catalogue_import.public_id", read_only=True, allow_null=True
    )

    class Meta:
        model = Upload
        fields = [
            "id",
            "file_name",
            "size_bytes",
            "n_received_bytes",
            "sha256",
            "catalogue_import",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields
