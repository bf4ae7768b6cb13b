"""Runs: started, polled, cancelled; and what came of each of their requests."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.conditional import tag_of
from api.models import Scope
from api.pagination import CursorPagination
from api.viewsets import MerchantViewSet
from generation.api import inputs, serializers
from generation.api.filters import RequestFilterSet, RunFilterSet
from generation.brief import RunBrief
from generation.models import Candidate, GenerationRequest, GenerationRun
from generation.review import choose_candidate
from generation.services import cancel_run, regenerate, retry_failed, start_run
from stores.api.copy_serializers import CopyVersionSerializer
from stores.api.filter_inputs import selected
from stores.models import CopyVersion, Product


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

    @extend_schema(request=inputs.RunInput, responses={201: serializers.GenerationRunSerializer})
    def create(self, request: Request) -> Response:
        """Have texts written for products.

        Name the products by their ids or by a filter, as in the list of products. `bulk` runs give
        way to `interactive` ones.
        """
        values = self.input(inputs.RunInput)
        merchant = self.request.auth.merchant
        brief = RunBrief(**{"language": merchant.locale, **values.get("brief", {})})
        run = start_run(
            products=selected(values).apply(Product.objects.all()),
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

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, id: str) -> Response:
        """Have the texts of a run that failed written again."""
        run = self.get_object()
        retry_failed(run=run, actor=self.actor)
        return self.answer(self.fresh(run))


class OldestFirst(CursorPagination):
    ordering = "pk"


class RequestViewSet(MerchantViewSet):
    model = GenerationRequest
    read_scope, write_scope = Scope.GENERATION_READ, Scope.GENERATION_WRITE
    serializer_class = serializers.GenerationRequestSerializer
    filterset_class = RequestFilterSet
    pagination_class = OldestFirst
    expand_scopes: ClassVar[dict[str, str]] = {"product": Scope.CATALOGUE_READ}

    def rows(self) -> Any:
        return GenerationRequest.objects.select_related("run", "product")

    def lookups_of(self, expansion: str) -> Sequence[Any]:
        return ["candidates__request"] if expansion == "candidates" else [expansion]


class RunRequestViewSet(RequestViewSet):
    parent, noun = GenerationRun, "run_request"

    def rows(self) -> Any:
        return super().rows().filter(run=self.parent_row())

    def list(self, request: Request, id: str) -> Response:
        """List the requests of a run, one for each product."""
        return self.page_of(self.get_queryset())


class GenerationRequestViewSet(RequestViewSet):
    noun = "generation_request"

    def list(self, request: Request) -> Response:
        """List the requests of all runs, the oldest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a request."""
        return self.answer(self.get_object())


class ByIndex(CursorPagination):
    ordering = "index"


class RequestCandidateViewSet(MerchantViewSet):
    model, parent, noun = Candidate, GenerationRequest, "request_candidate"
    read_scope, write_scope = Scope.GENERATION_READ, Scope.GENERATION_WRITE
    serializer_class = serializers.CandidateSerializer
    pagination_class = ByIndex

    def rows(self) -> Any:
        return Candidate.objects.filter(request=self.parent_row()).select_related("request")

    def list(self, request: Request, id: str) -> Response:
        """List the candidates of a request."""
        return self.page_of(self.get_queryset())


class CandidateViewSet(MerchantViewSet):
    model, noun = Candidate, "candidate"
    read_scope, write_scope = Scope.GENERATION_READ, Scope.COPY_WRITE
    serializer_class = serializers.CandidateSerializer

    def rows(self) -> Any:
        return Candidate.objects.select_related("request")

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a candidate."""
        return self.answer(self.get_object())

    @extend_schema(request=None, responses={201: CopyVersionSerializer})
    @action(detail=True, methods=["post"])
    def choose(self, request: Request, id: str) -> Response:
        """Make a draft of this candidate, in place of the draft of another one of its request."""
        candidate = self.get_object()
        siblings = Candidate.objects.filter(request=candidate.request_id).exclude(pk=candidate.pk)
        others = list(siblings.values_list("public_id", flat=True))
        drafts = CopyVersion.objects.filter(state=CopyVersion.State.DRAFT, candidate__in=others)
        draft = drafts.select_related("slot__product").order_by("-pk").first()
        if draft is None:
            raise Http404
        chosen = choose_candidate(version=draft, candidate=candidate.public_id, actor=self.actor)
        return text_answer(self, chosen, "api-copy-version-detail")


class RegenerationViewSet(MerchantViewSet):
    model, parent, noun, compares = GenerationRun, CopyVersion, "copy_version", False
    read_scope, write_scope = Scope.GENERATION_READ, Scope.GENERATION_WRITE
    serializer_class = serializers.GenerationRunSerializer

    @extend_schema(
        operation_id="regenerate_copy_version",
        request=inputs.InstructionsInput,
        responses={201: serializers.GenerationRunSerializer},
    )
    def create(self, request: Request, id: str) -> Response:
        """Have one other text written in place of this one, at once.

        It follows the brief that this text was written by. The answer is the run.
        """
        version = self.parent_row()
        values = self.input(inputs.InstructionsInput)
        run = regenerate(version=version, actor=self.actor, **values)
        response = self.answer(self.fresh(run), status=201)
        response["Location"] = self.address_of("api-run-detail", run)
        return response


def text_answer(view: MerchantViewSet, version: CopyVersion, route: str) -> Response:
    """A new draft as the resource of texts shows it."""
    shown = CopyVersion.objects.select_related("slot__product", "parent").get(pk=version.pk)
    serializer = CopyVersionSerializer(shown)
    view.shape.prune(serializer)
    response = Response(serializer.data, status=201, headers={"ETag": tag_of(serializer.data)})
    response["Location"] = view.address_of(route, shown)
    return response
