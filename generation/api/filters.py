"""What the lists of runs and requests can be narrowed by."""

from django_filters import rest_framework as filters

from generation.models import GenerationRequest, GenerationRun


class RunFilterSet(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    state = filters.ChoiceFilter(choices=GenerationRun.State.choices)

    class Meta:
        model = GenerationRun
        fields: list[str] = []


class RequestFilterSet(filters.FilterSet):  # type: ignore[misc]
    state = filters.ChoiceFilter(choices=GenerationRequest.State.choices)
    product = filters.CharFilter(field_name="product__public_id")

    class Meta:
        model = GenerationRequest
        fields: list[str] = []
