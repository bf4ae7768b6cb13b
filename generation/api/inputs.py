"""What the API takes to start a run, and of models of one's own: shape only."""

from typing import Any

from rest_framework import serializers

from api.fields import LanguageField
from generation.models import GenerationRun
from generation.prompts import Length, Tone
from generation.prompts.product_description import MAX_INSTRUCTIONS
from stores.api.filter_inputs import SelectionInput

_MAX = {"name": 80, "model": 200}


class BriefInput(serializers.Serializer[Any]):
    tone = serializers.ChoiceField(choices=[tone.value for tone in Tone], required=False)
    length = serializers.ChoiceField(choices=[length.value for length in Length], required=False)
    language = LanguageField(
        required=False, help_text="BCP 47; the shop's own language unless given."
    )
    instructions = serializers.CharField(
        max_length=MAX_INSTRUCTIONS, allow_blank=True, required=False
    )


class RunInput(SelectionInput):
    """Either the ids of products or a filter."""

    brief = BriefInput(required=False)
    n_candidates = serializers.IntegerField(min_value=1, max_value=8, default=1)
    model = serializers.CharField(
        max_length=40,
        default="default",
        help_text="`default`, or the id of a model (`mod_`, `mep_`); see /models/.",
    )
    lane = serializers.ChoiceField(
        choices=GenerationRun.Lane.choices, default=GenerationRun.Lane.BULK
    )


class InstructionsInput(serializers.Serializer[Any]):
    instructions = serializers.CharField(
        max_length=MAX_INSTRUCTIONS, allow_blank=True, default="", help_text="Beside the brief."
    )


class EndpointInput(serializers.Serializer[Any]):
    """A model behind an OpenAI-compatible server at a public https address."""

    name = serializers.CharField(max_length=_MAX["name"])
    base_url = serializers.URLField(max_length=500, help_text="Up to and including the version.")
    model = serializers.CharField(max_length=_MAX["model"], help_text="As the server names it.")
    api_key = serializers.CharField(
        max_length=500, allow_blank=True, required=False, write_only=True
    )
    max_concurrency = serializers.IntegerField(min_value=1, max_value=64, required=False)
    is_active = serializers.BooleanField(default=True)


class EndpointChangesInput(EndpointInput):
    """What is left out stays. With another server the key has to be given again."""

    name = serializers.CharField(max_length=_MAX["name"], required=False)
    base_url = serializers.URLField(max_length=500, required=False)
    model = serializers.CharField(max_length=_MAX["model"], required=False)
    is_active = serializers.BooleanField(required=False)
