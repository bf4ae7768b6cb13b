"""What the API takes of imports, profiles and uploads: shape only."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from api.fields import LanguageField, refuse_unstorable
from stores.importers.mapped import FIELDS
from stores.importers.registry import all_importers

MAX_COLUMNS = 1_000
MAX_RAW_ROWS = 2_048


class ReadingInput(serializers.Serializer[Any]):
    """How a file is read, where it is not to be recognised. mapping: of columns to fields."""

    format = serializers.CharField(max_length=30, allow_blank=True, required=False)
    encoding = serializers.CharField(max_length=40, allow_blank=True, required=False)
    delimiter = serializers.CharField(
        max_length=1, allow_blank=True, trim_whitespace=False, required=False
    )
    quote = serializers.CharField(max_length=1, allow_blank=True, required=False)
    decimal_mark = serializers.ChoiceField(choices=["", ".", ","], required=False)
    sheet = serializers.CharField(max_length=255, allow_blank=True, required=False)
    header_row = serializers.IntegerField(min_value=0, max_value=1_000, required=False)
    mapping = serializers.DictField(
        child=serializers.ChoiceField(choices=list(FIELDS)), allow_empty=False, required=False
    )

    def validate_format(self, name: str) -> str:
        if name and name not in all_importers():
            known = ", ".join(all_importers())
            raise serializers.ValidationError(
                _("Formats are: {names}.").format(names=known), code="invalid_choice"
            )
        return name

    def validate_mapping(self, mapping: dict[str, str]) -> dict[str, str]:
        if len(mapping) > MAX_COLUMNS or any(len(name) > 1_000 for name in mapping):
            raise serializers.ValidationError(_("These are too many columns."), code="max_length")
        refuse_unstorable(mapping)
        return mapping


class ImportChoicesInput(ReadingInput):
    locale = LanguageField(required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    is_human_written = serializers.BooleanField(default=False)
    on_conflict = serializers.ChoiceField(choices=["keep", "take"], default="keep")
    apply_at_once = serializers.BooleanField(
        default=False, help_text="Write what is valid without waiting for `confirm`."
    )


class ImportInput(ImportChoicesInput):
    file = serializers.FileField()
    mapping = None  # type: ignore[assignment]  # how DRF takes a field away


class BulkParameters(serializers.Serializer[Any]):
    """What a body of JSON Lines does not say itself."""

    locale = LanguageField(required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    is_human_written = serializers.BooleanField(default=True)
    on_conflict = serializers.ChoiceField(choices=["keep", "take"], default="take")


class RereadInput(ReadingInput):
    """What is left out stays as it was said before. profile: one of /mapping-profiles/."""

    locale = LanguageField(required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    is_human_written = serializers.BooleanField(required=False)
    on_conflict = serializers.ChoiceField(choices=["keep", "take"], required=False)
    apply_at_once = serializers.BooleanField(required=False)
    profile = serializers.CharField(max_length=40, required=False)


class ConfirmInput(serializers.Serializer[Any]):
    on_conflict = serializers.ChoiceField(choices=["keep", "take"], required=False)


class RawInput(serializers.Serializer[Any]):
    """raw: the item's `raw` with what was wrong in it corrected."""

    raw = serializers.JSONField()

    def validate_raw(self, raw: Any) -> Any:
        refuse_unstorable(raw)
        if isinstance(raw, str) or (isinstance(raw, list) and _are_rows(raw)):
            return raw
        message = _("Give it in the shape that the item has it in.")
        raise serializers.ValidationError(message, code="invalid")


class ProfileInput(serializers.Serializer[Any]):
    """columns: the header of the files that it is for."""

    name = serializers.CharField(max_length=120)
    columns = serializers.ListField(
        child=serializers.CharField(max_length=1_000), min_length=1, max_length=MAX_COLUMNS
    )
    options = ReadingInput()


class ProfileChangesInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, required=False)
    options = ReadingInput(required=False)


class UploadInput(serializers.Serializer[Any]):
    file_name = serializers.CharField(max_length=255)
    size_bytes = serializers.IntegerField(min_value=1, max_value=2**53)
    sha256 = serializers.RegexField(
        r"^[0-9a-fA-F]{64}$", required=False, help_text="Of the whole file; checked at the end."
    )


class PieceParameters(serializers.Serializer[Any]):
    offset = serializers.IntegerField(min_value=0, max_value=2**53)
    sha256 = serializers.RegexField(r"^[0-9a-fA-F]{64}$", required=False)


def _are_rows(raw: list[Any]) -> bool:
    return len(raw) <= MAX_RAW_ROWS and all(
        isinstance(row, list)
        and len(row) == 2
        and isinstance(row[0], int)
        and isinstance(row[1], list)
        and len(row[1]) <= MAX_COLUMNS
        and all(isinstance(cell, str) for cell in row[1])
        for row in raw
    )
