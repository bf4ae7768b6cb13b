"""What the API takes to start a run: shape only."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from generation.models import GenerationRun
from generation.prompts import Length, Tone
from generation.prompts.product_description import MAX_INSTRUCTIONS
from stores.models import CopyState, Product

MAX_PRODUCTS = 10_000


class FilterInput(serializers.Serializer[Any]):
    """As the list of products can be narrowed; an empty one means every product."""

    q = serializers.CharField(max_length=255, required=False)
    copy_state = serializers.ChoiceField(choices=CopyState.choices, required=False)
    product_type = serializers.CharField(max_length=255, required=False)
    vendor = serializers.CharField(max_length=255, required=False)
    status = serializers.ChoiceField(choices=Product.Status.choices, required=False)
    tag = serializers.CharField(max_length=255, required=False)


class BriefInput(serializers.Serializer[Any]):
    tone = serializers.ChoiceField(choices=[tone.value for tone in Tone], required=False)
    length = serializers.ChoiceField(choices=[length.value for length in Length], required=False)
    language = serializers.CharField(
        max_length=16, required=False, help_text="BCP 47; the shop's own language unless given."
    )
    instructions = serializers.CharField(
        max_length=MAX_INSTRUCTIONS, allow_blank=True, required=False
    )


class RunInput(serializers.Serializer[Any]):
    """Either the ids of products or a filter."""

    products = serializers.ListField(
        child=serializers.CharField(max_length=40),
        min_length=1,
        max_length=MAX_PRODUCTS,
        required=False,
    )
    filter = FilterInput(required=False)
    brief = BriefInput(required=False)
    n_candidates = serializers.IntegerField(min_value=1, max_value=8, default=1)
    model = serializers.CharField(
        max_length=40,
        default="default",
        help_text="`default`, or the id of a model (`mod_`, `mep_`).",
    )
    lane = serializers.ChoiceField(
        choices=GenerationRun.Lane.choices, default=GenerationRun.Lane.BULK
    )

    def validate_products(self, ids: list[str]) -> list[str]:
        known = Product.objects.filter(public_id__in=ids).values_list("public_id", flat=True)
        missing = set(ids) - set(known)
        errors: Any = {
            str(place): [_("There is no such product.")]
            for place, given in enumerate(ids)
            if given in missing
        }
        if errors:
            raise serializers.ValidationError(errors, code="does_not_exist")
        return ids

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if ("products" in values) == ("filter" in values):
            raise serializers.ValidationError(_("Give either `products` or `filter`."))
        return values
