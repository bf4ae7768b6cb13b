"""What the API takes of texts: shape only."""

from typing import Any

from rest_framework import serializers

from api.fields import LanguageField
from stores.models import CopySlot


class TextInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=50_000, help_text="HTML; sanitised.")


class NewTextInput(TextInput):
    """A text by a person. publish: show it at once, without a review."""

    product = serializers.CharField(max_length=40, help_text="Its public id.")
    field = serializers.ChoiceField(
        choices=CopySlot.Field.choices, default=CopySlot.Field.DESCRIPTION
    )
    locale = LanguageField(required=False, help_text="The product's own language unless given.")
    publish = serializers.BooleanField(default=False)


class ReasonInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)
