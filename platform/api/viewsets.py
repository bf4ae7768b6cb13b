"""The base of every resource: who asks, in which transaction, and with which answer."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any, ClassVar

from django.db import transaction
from django.db.utils import DatabaseError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from api.conditional import PreconditionFailed, expect_tag, not_modified, tag_of
from api.idempotency import Attempt, attempt_of
from api.keys import KeyFacts
from api.openapi import AutoSchema
from api.parsers import ShallowJSONParser
from api.problem_types import PROBLEM_TYPES
from api.problems import InvalidParameters, LengthRequired, problem_of
from api.shaping import PARTIAL_TYPE, Shape, shape_of
from api.throttling import Budget
from api.usage import count_request
from tenants.actor import Actor


class AnsweredBefore(Exception):
    """The request is a repetition; its answer is known."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


class ApiRequest(Request):
    """A request that came with a key."""

    auth: KeyFacts


class ParameterFilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # django-filter has no types
    """Names the parameter, not a place in the body, where a filter's value is not valid."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        try:
            return super().filter_queryset(request, queryset, view)
        except ValidationError as error:
            raise InvalidParameters(error.detail) from error


class MerchantViewSet(GenericViewSet[Any]):
    """One request of a key: authenticated, counted and read before its transaction, served inside it.

    A slow client so holds no transaction open while its body arrives. A subclass names its model,
    the scopes that its methods need ("" where any key will do), and in `rows` a queryset that starts
    from the merchant in scope. Rows inside another (`parent`) are addressed by the id of that one.

    noun: what its operations are named by, such as "product" in `list_products`; see api.openapi.
    parts: of members that need further queries, what is prefetched for them. always_expanded: what
    `expand` may name although it is there anyway. expand_scopes: the scope that a key needs for what
    it expands, where that is another than `read_scope`. compares: whether changes of one row go
    through `get_object`, which understands If-Match.
    """

    model: ClassVar[Any]
    parent: ClassVar[Any] = None
    read_scope: ClassVar[str]
    write_scope: ClassVar[str]
    noun: ClassVar[str] = ""
    nouns: ClassVar[str] = ""
    parts: ClassVar[dict[str, Sequence[Any]]] = {}
    always_expanded: ClassVar[tuple[str, ...]] = ()
    expand_scopes: ClassVar[Mapping[str, str]] = {}
    compares: ClassVar[bool] = True
    request: ApiRequest
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    filter_backends = [ParameterFilterBackend]
    parser_classes = [ShallowJSONParser]
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    schema = AutoSchema()
    shape = Shape()
    facts: KeyFacts | None = None
    budget: Budget | None = None
    attempt: Attempt | None = None
    is_working = False
    # Members that are shown once and kept nowhere: a repeated request does not get them again.
    secret_members: tuple[str, ...] = ()

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Any:
        return transaction.non_atomic_requests(super().as_view(*args, **kwargs))

    def rows(self) -> Any:
        """The rows that this resource is about, of the merchant in scope."""
        return self.model.objects.all()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):  # the schema is made without a merchant
            return self.model._base_manager.none()
        return self.with_parts(self.rows())

    def with_parts(self, rows: Any) -> Any:
        """The rows with what the members need that are going to be shown."""
        needed = [self.parts[name] for name in self.parts if self.shape.wants(name)]
        needed += [self.lookups_of(name) for name in sorted(self.shape.expand)]
        for lookups in needed:
            rows = rows.prefetch_related(*lookups)
        return rows

    def lookups_of(self, expansion: str) -> Sequence[Any]:
        """What is prefetched where `expand` names this."""
        return [expansion]

    def is_comparable(self) -> bool:
        """Whether this request is about one row, which If-Match can be compared with."""
        return self.compares and self.lookup_url_kwarg in self.kwargs

    @classmethod
    def is_shapeable(cls) -> bool:
        """Whether its reads understand `fields` and `expand`."""
        return cls.serializer_class is not None

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        serializer = super().get_serializer(*args, **kwargs)
        if not getattr(self, "swagger_fake_view", False):
            self.shape.prune(serializer)
        return serializer

    def get_object(self) -> Any:
        """The row that the address names; raises Http404, or PreconditionFailed as If-Match says."""
        row = super().get_object()
        if self.request.method in SAFE_METHODS or "If-Match" not in self.request.headers:
            return row
        self.hold(row)
        row = self.get_queryset().filter(pk=row.pk).first()
        if row is None:
            raise Http404
        expect_tag(self.request, tag_of(self.get_serializer(row).data))
        return row

    def hold(self, row: Any) -> None:
        """Let nobody change the row until the work is done, by the lock that its services take."""
        list(self.model.objects.select_for_update(no_key=True).filter(pk=row.pk).values("pk"))

    def parent_row(self) -> Any:
        """The row whose rows are asked for; raises Http404."""
        return get_object_or_404(self.parent.objects, public_id=self.kwargs["id"])

    def related(self, model: Any, given: str, member: str) -> Any:
        """The row of the merchant that a value of the body names; raises ValidationError."""
        row = model.objects.filter(public_id=given).first()
        if row is None:
            message = ErrorDetail(_("There is no such row."), code="does_not_exist")
            raise ValidationError({member: [message]})
        return row

    def page_of(self, rows: Any) -> Response:
        """One page of the rows, with the links to its neighbours."""
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def input(self, shape: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """The body's values; raises ValidationError if it does not have this shape."""
        serializer = shape(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        values: dict[str, Any] = serializer.validated_data
        return values

    def fresh(self, row: Any) -> Any:
        """The row as this resource shows it, with what its queryset adds."""
        return self.get_queryset().get(pk=row.pk)

    def answer(self, row: Any, *, status: int = 200) -> Response:
        """The row as this resource shows it, with its ETag."""
        data = self.get_serializer(row).data
        return Response(data, status=status, headers={"ETag": tag_of(data)})

    def address_of(self, name: str, row: Any) -> str:
        """The complete address of a row, by the name of its route."""
        return self.request.build_absolute_uri(reverse(name, args=[row.public_id]))

    def created(self, row: Any, *, status: int = 201) -> Response:
        """The same for a new row, with its address."""
        response = self.answer(row, status=status)
        response["Location"] = self.reverse_action("detail", args=[row.public_id])
        return response

    @property
    def actor(self) -> Actor:
        """Who does what this request asks for."""
        return self.request.auth.actor

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.work = ExitStack()
        try:
            with self.work:
                return super().dispatch(request, *args, **kwargs)
        except DatabaseError as error:  # deferred constraints speak up at the commit
            return problem_of(error).response()

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        self.facts = self.request.auth

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:
            _refuse_chunks(request)
            _body_is_read = request.data
            if "If-Match" in request.headers and not self.is_comparable():
                raise PreconditionFailed(_("There is nothing here that If-Match could be about."))
            self.attempt = attempt_of(request, self.request.auth)
        elif {"fields", "expand"} & request.query_params.keys():
            self.shape = shape_of(
                request, super().get_serializer(), self.always_expanded, self.expand_scopes
            )
        self.work.enter_context(transaction.atomic())
        self.is_working = True
        if self.attempt and (answer := self.attempt.earlier_answer()):
            raise AnsweredBefore(answer)

    def handle_exception(self, exc: Exception) -> Any:
        self.attempt = None
        if isinstance(exc, AnsweredBefore):
            return exc.response
        if self.is_working:
            transaction.set_rollback(True)
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final: Any = super().finalize_response(request, response, *args, **kwargs)
        if self.facts:
            is_error = final.status_code >= HTTPStatus.BAD_REQUEST
            count_request(self.facts.key_id, is_error=is_error)
        if request.method in SAFE_METHODS and isinstance(final, Response):
            final = self._conditional(request, final)
        final.setdefault("Cache-Control", "no-store")
        if self.budget:
            for name, value in self.budget.headers().items():
                final[name] = value
        if self.attempt and isinstance(final, Response):
            self.attempt.save(self._without_secrets(final.render()))
        return final

    def _without_secrets(self, response: Any) -> Any:
        if not self.secret_members:
            return response
        data = response.data | dict.fromkeys(self.secret_members)
        return HttpResponse(
            JSONRenderer().render(data), status=response.status_code, headers=response.headers
        )

    def _conditional(self, request: Request, response: Response) -> HttpResponse:
        """The answer to a read with its ETag, or a 304 where the caller has it."""
        if self.shape.is_partial:
            response.content_type = PARTIAL_TYPE
        tag = tag_of(response.render().content)
        answer = not_modified(request, tag) or response
        answer["ETag"] = tag
        answer["Cache-Control"] = "private, no-cache"
        patch_vary_headers(answer, ["Authorization", "Accept-Language"])
        return answer


def _refuse_chunks(request: Request) -> None:
    """WSGI reads as much as the header says, so without one a body would silently be empty."""
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        raise LengthRequired(str(PROBLEM_TYPES["length_required"].advice))
