"""Runs: started, polled, cancelled; and what came of each of their requests."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import Scope
from api.pagination import CursorPagination
from api.viewsets import MerchantViewSet
from generation.api import inputs, serializers
from generation.api.filters import RequestFilterSet, RunFilterSet
from generation.brief import RunBrief
from generation.models import Candidate, GenerationRequest, GenerationRun
from generation.services import cancel_run, start_run
from stores.models import Product
from stores.selectors import ProductFilter

_MISSING = OpenApiExample(
    "Everything without a description",
    request_only=True,
    value={"filter": {"copy_state": "none"}, "brief": {"tone": "warm", "length": "medium"}},
)
_TWO = OpenApiExample(
    "One product, three candidates",
    request_only=True,
    value={
        "products": ["prd_01kb0zxv5cf4qv7r2m9nta3e8s"],
        "brief": {"language": "de", "instructions": "Mention the guarantee of five years."},
        "n_candidates": 3,
        "lane": "interactive",
    },
)


class GenerationRunViewSet(MerchantViewSet):
    model, noun = GenerationRun, "generation_run"
    read_scope, write_scope = Scope.GENERATION_READ, Scope.GENERATION_WRITE
    serializer_class = serializers.GenerationRunSerializer
    filterset_class = RunFilterSet

    def list(self, request: Request) -> Response:
        """List the runs, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show how far a run is.

        Drafts appear while it goes on: `GET /copy-versions/?run=…` lists them.
        """
        return self.answer(self.get_object())

    @extend_schema(request=inputs.RunInput, examples=[_MISSING, _TWO])
    def create(self, request: Request) -> Response:
        """Have texts written for products.

        Name the products by their ids or by a filter, as in the list of products. `bulk` runs give
        way to `interactive` ones.
        """
        values = self.input(inputs.RunInput)
        merchant = self.request.auth.merchant
        brief = RunBrief(**{"language": merchant.locale, **values.get("brief", {})})
        run = start_run(
            products=_chosen(values),
            brief=brief,
            n_candidates=values["n_candidates"],
            model=values["model"],
            lane=values["lane"],
            actor=self.actor,
        )
        return self.created(self.fresh(run))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, id: str) -> Response:
        """Stop a run; what is written already stays."""
        run = self.get_object()
        cancel_run(run=run, actor=self.actor)
        return self.answer(self.fresh(run))


class OldestFirst(CursorPagination):
    ordering = "pk"


class RunRequestViewSet(MerchantViewSet):
    model, parent, noun = GenerationRequest, GenerationRun, "run_request"
    read_scope, write_scope = Scope.GENERATION_READ, Scope.GENERATION_WRITE
    serializer_class = serializers.GenerationRequestSerializer
    filterset_class = RequestFilterSet
    pagination_class = OldestFirst

    def rows(self) -> Any:
        requests = GenerationRequest.objects.filter(run=self.parent_row())
        return requests.select_related("run", "product")

    def list(self, request: Request, id: str) -> Response:
        """List the requests of a run, one for each product."""
        return self.page_of(self.get_queryset())


class GenerationRequestViewSet(MerchantViewSet):
    model, noun = GenerationRequest, "generation_request"
    read_scope, write_scope = Scope.GENERATION_READ, Scope.GENERATION_WRITE
    serializer_class = serializers.GenerationRequestSerializer

    def rows(self) -> Any:
        return GenerationRequest.objects.select_related("run", "product")

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a request."""
        return self.answer(self.get_object())


class ByIndex(CursorPagination):
    ordering = "index"


class CandidateViewSet(MerchantViewSet):
    model, parent, noun = Candidate, GenerationRequest, "candidate"
    read_scope, write_scope = Scope.GENERATION_READ, Scope.GENERATION_WRITE
    serializer_class = serializers.CandidateSerializer
    pagination_class = ByIndex

    def rows(self) -> Any:
        return Candidate.objects.filter(request=self.parent_row()).select_related("request")

    def list(self, request: Request, id: str) -> Response:
        """List the candidates of a request."""
        return self.page_of(self.get_queryset())


def _chosen(values: dict[str, Any]) -> Any:
    products = Product.objects.all()
    if "products" in values:
        return products.filter(public_id__in=values["products"])
    return ProductFilter(**values["filter"]).apply(products)
