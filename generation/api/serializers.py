"""Runs, their requests and what the models gave back, as the API shows them."""

from typing import Any

from rest_framework import serializers

from generation.brief import RunBrief
from generation.failures import request_reason
from generation.models import Candidate, GenerationRequest, GenerationRun, MerchantEndpoint
from stores.models import Product


class BriefSerializer(serializers.Serializer[Any]):
    tone = serializers.CharField()
    length = serializers.CharField()
    language = serializers.CharField()
    instructions = serializers.CharField()

    def to_representation(self, stored: dict[str, Any]) -> dict[str, Any]:
        return super().to_representation(RunBrief.from_json(stored))


class GenerationRunSerializer(serializers.ModelSerializer[GenerationRun]):
    """The run is over when `state` is not `running` and the counts add up to n_total."""

    id = serializers.CharField(source="public_id", read_only=True)
    brief = BriefSerializer(read_only=True)

    class Meta:
        model = GenerationRun
        fields = [
            "id",
            "field",
            "brief",
            "n_candidates",
            "model",
            "lane",
            "state",
            "n_total",
            "n_succeeded",
            "n_failed",
            "n_cancelled",
            "n_prompt_tokens",
            "n_completion_tokens",
            "seconds",
            "created_at",
            "finished_at",
        ]
        read_only_fields = fields


class RequestedProductSerializer(serializers.ModelSerializer[Product]):
    """The product of a request, in a few words."""

    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Product
        fields = ["id", "handle", "title", "status", "locale", "copy_state"]
        read_only_fields = fields


class CandidateSerializer(serializers.ModelSerializer[Candidate]):
    """raw: as the model wrote it. text: as it would be shown, sanitised."""

    id = serializers.CharField(source="public_id", read_only=True)
    request = serializers.CharField(source="request.public_id", read_only=True)
    findings = serializers.ListField(child=serializers.JSONField(), read_only=True)

    class Meta:
        model = Candidate
        fields = [
            "id",
            "request",
            "index",
            "raw",
            "text",
            "is_usable",
            "findings",
            "finish_reason",
            "mean_logprob",
            "n_completion_tokens",
            "created_at",
        ]
        read_only_fields = fields


class RequestExpansionsSerializer(serializers.Serializer[Any]):
    product = RequestedProductSerializer(required=False, allow_null=True)
    run = GenerationRunSerializer(required=False)
    candidates = CandidateSerializer(many=True, required=False)


class GenerationRequestSerializer(serializers.ModelSerializer[GenerationRequest]):
    id = serializers.CharField(source="public_id", read_only=True)
    run = serializers.CharField(source="run.public_id", read_only=True)
    product = serializers.CharField(source="product.public_id", read_only=True, allow_null=True)
    error = serializers.SerializerMethodField()
    expanded = RequestExpansionsSerializer(source="*", required=False)

    class Meta:
        model = GenerationRequest
        fields = [
            "id",
            "run",
            "product",
            "state",
            "attempts",
            "error_code",
            "error",
            "n_prompt_tokens",
            "n_completion_tokens",
            "seconds",
            "created_at",
            "finished_at",
            "expanded",
        ]
        read_only_fields = fields

    def get_error(self, request: GenerationRequest) -> str:
        return request_reason(request)


class ModelChoiceSerializer(serializers.Serializer[Any]):
    """id: what a run names as its `model`."""

    id = serializers.CharField(source="key")
    name = serializers.CharField(source="label")
    note = serializers.CharField()


class EndpointSerializer(serializers.ModelSerializer[MerchantEndpoint]):
    id = serializers.CharField(source="public_id", read_only=True)
    has_api_key = serializers.SerializerMethodField()

    class Meta:
        model = MerchantEndpoint
        fields = [
            "id",
            "name",
            "base_url",
            "model",
            "has_api_key",
            "max_concurrency",
            "is_active",
            "created_at",
        ]
        read_only_fields = fields

    def get_has_api_key(self, endpoint: MerchantEndpoint) -> bool:
        return bool(endpoint.api_key_encrypted)
