"""Typed attributes in JSON: the type follows from the value."""

from math import isfinite
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

MAX_VALUE_CHARACTERS = 5000
MAX_LIST_VALUES = 250
TYPES = ("text", "number", "boolean", "list")


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "maxLength": MAX_VALUE_CHARACTERS},
            {"type": "number"},
            {"type": "boolean"},
            {"type": "array", "items": {"type": "string"}, "maxItems": MAX_LIST_VALUES},
        ]
    }
)
class ValueField(serializers.Field[Any, Any, Any, Any]):
    """A text, a number, true or false, or a list of texts."""

    text = serializers.CharField(max_length=MAX_VALUE_CHARACTERS)
    texts = serializers.ListField(
        child=text, min_length=1, max_length=MAX_LIST_VALUES, allow_empty=False
    )

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or (isinstance(data, int) and abs(data) < 2**53):
            return data
        if isinstance(data, float) and isfinite(data):
            return data
        if isinstance(data, list):
            return self.texts.run_validation(data)
        if isinstance(data, str):
            return self.text.run_validation(data)
        raise serializers.ValidationError(
            _("Give a text, a number, true or false, or a list of texts."), code="invalid"
        )

    def to_representation(self, value: Any) -> Any:
        return value


class AttributeInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=255)
    value = ValueField()
    type = serializers.ChoiceField(
        choices=TYPES, required=False, help_text="Follows from the value."
    )
    unit = serializers.CharField(max_length=30, allow_null=True, default=None)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        found = type_of(values["value"])
        if values.setdefault("type", found) != found:
            message = _("This value is of the type “{type}”.").format(type=found)
            raise serializers.ValidationError({"type": [message]}, code="invalid")
        if values["unit"] and found != "number":
            raise serializers.ValidationError(
                {"unit": [_("Only numbers have a unit.")]}, code="invalid"
            )
        return values


def type_of(value: Any) -> str:
    """text, number, boolean or list."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, list):
        return "list"
    return "number" if isinstance(value, int | float) else "text"
