"""The base of every resource: who asks, in which transaction, and with which answer."""

from contextlib import ExitStack
from typing import Any, ClassVar

from django.db import transaction
from django.db.utils import DatabaseError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api.idempotency import Attempt, attempt_of
from api.parsers import ShallowJSONParser
from api.problems import InvalidParameters, problem_of
from api.throttling import Budget
from tenants.actor import Actor


class AnsweredBefore(Exception):
    """The request is a repetition; its answer is known."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


class ParameterFilterBackend(DjangoFilterBackend):
    """Names the parameter, not a place in the body, where a filter's value is not valid."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        try:
            return super().filter_queryset(request, queryset, view)
        except ValidationError as error:
            raise InvalidParameters(error.detail) from error


class MerchantViewSet(GenericViewSet[Any]):
    """One request of a key: authenticated, counted and read before its transaction, served inside it.

    A slow client so holds no transaction open while its body arrives. A subclass names the scopes
    that its methods need, and a `get_queryset` that starts from the merchant in scope.
    """

    read_scope: ClassVar[str]
    write_scope: ClassVar[str]
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    filter_backends = [ParameterFilterBackend]
    parser_classes = [ShallowJSONParser]
    metadata_class = None
    budget: Budget | None = None
    attempt: Attempt | None = None
    is_working = False

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Any:
        return transaction.non_atomic_requests(super().as_view(*args, **kwargs))

    @property
    def actor(self) -> Actor:
        """Who does what this request asks for."""
        actor: Actor = self.request.auth.actor  # type: ignore[union-attr]
        return actor

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.work = ExitStack()
        try:
            with self.work:
                return super().dispatch(request, *args, **kwargs)
        except DatabaseError as error:  # deferred constraints speak up at the commit
            return problem_of(error).response()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:
            self.attempt = attempt_of(request, request.data)
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

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        final = super().finalize_response(request, response, *args, **kwargs)
        if self.budget:
            for name, value in self.budget.headers().items():
                final[name] = value
        if self.attempt and isinstance(final, Response):
            self.attempt.save(final.render())
        return final
