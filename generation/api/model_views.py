"""The models that a run may name, and models of a merchant's own."""

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import Scope
from api.viewsets import MerchantViewSet
from generation.api import inputs, serializers
from generation.endpoints import available_models, delete_endpoint, save_merchant_endpoint
from generation.models import MerchantEndpoint

MEMBERS = ("name", "base_url", "model", "max_concurrency", "is_active")


class ModelViewSet(MerchantViewSet):
    model, noun = MerchantEndpoint, "model"
    read_scope, write_scope = Scope.GENERATION_READ, Scope.GENERATION_WRITE
    serializer_class = serializers.ModelChoiceSerializer
    filter_backends = []

    @classmethod
    def is_shapeable(cls) -> bool:
        return False

    def list(self, request: Request) -> Response:
        """List the models that a run may name: `default`, the platform's, your own.

        All of them come in one page.
        """
        shown = self.get_serializer(available_models(), many=True).data
        return Response({"next": None, "previous": None, "results": shown})


class EndpointViewSet(MerchantViewSet):
    model, noun = MerchantEndpoint, "model_endpoint"
    read_scope, write_scope = Scope.GENERATION_READ, Scope.MERCHANT_WRITE
    serializer_class = serializers.EndpointSerializer

    def list(self, request: Request) -> Response:
        """List your own models, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a model of your own; its key is never shown."""
        return self.answer(self.get_object())

    @extend_schema(request=inputs.EndpointInput, responses={201: serializers.EndpointSerializer})
    def create(self, request: Request) -> Response:
        """Add a model of your own behind an OpenAI-compatible server."""
        values = self.input(inputs.EndpointInput)
        api_key = values.pop("api_key", "")
        saved = save_merchant_endpoint(
            endpoint=None, fields=values, api_key=api_key, actor=self.actor
        )
        return self.created(self.fresh(saved))

    @extend_schema(request=inputs.EndpointChangesInput)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change a model of your own."""
        endpoint = self.get_object()
        values = self.input(inputs.EndpointChangesInput)
        api_key = values.pop("api_key", None)
        _refuse_moved_key(endpoint, values.get("base_url"), api_key)
        fields = {name: getattr(endpoint, name) for name in MEMBERS} | values
        saved = save_merchant_endpoint(
            endpoint=endpoint, fields=fields, api_key=api_key, actor=self.actor
        )
        return self.answer(self.fresh(saved))

    def destroy(self, request: Request, id: str) -> Response:
        """Delete a model of your own; runs that name it fail."""
        delete_endpoint(endpoint=self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _refuse_moved_key(endpoint: Any, base_url: str | None, api_key: str | None) -> None:
    """Whoever moves a model to another server must know its key: the stored one would go there."""
    is_moved = base_url and urlsplit(base_url)[:2] != urlsplit(endpoint.base_url)[:2]
    if is_moved and endpoint.api_key_encrypted and api_key is None:
        message = _("Give the key again: the stored one belongs to the other server.")
        raise ValidationError({"api_key": [ErrorDetail(message, code="required")]})
