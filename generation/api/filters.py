"""What the lists of runs and requests can be narrowed by."""

from django_filters import rest_framework as filters

from generation.models import GenerationRequest, GenerationRun


class RunFilterSet(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    state = filters.ChoiceFilter(choices=GenerationRun.State.choices)
    lane = filters.ChoiceFilter(choices=GenerationRun.Lane.choices)

    class Meta:
        model = GenerationRun
        fields: list[str] = []


class RequestFilterSet(filters.FilterSet):  # type: ignore[misc]
    state = filters.ChoiceFilter(choices=GenerationRequest.State.choices)
    run = filters.CharFilter(field_name="run__public_id", max_length=40)
    product = filters.CharFilter(field_name="product__public_id", max_length=40)

    class Meta:
        model = GenerationRequest
        fields: list[str] = []
