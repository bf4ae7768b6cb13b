"""Errors as RFC 9457 problem details, `application/problem+json`, each with a stable `code`."""

import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import singledispatch
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, JsonResponse, UnreadablePostError
from django.urls import reverse
from django.utils.functional import Promise
from rest_framework import exceptions
from rest_framework.settings import api_settings

from api.permissions import MissingScope
from api.problem_types import PROBLEM_TYPES
from tenants.errors import DomainError

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"


class InvalidParameters(exceptions.ValidationError):
    """Values in the address, not in the body, are not valid."""


class BodyTooLarge(exceptions.APIException):
    status_code = 413
    default_code = "body_too_large"


class LengthRequired(exceptions.APIException):
    status_code = 411
    default_code = "length_required"
    default_detail = ""


@dataclass(frozen=True)
class Problem:
    """One occurrence of a problem type. extra: further members of the document."""

    code: str
    status: int
    detail: str | Promise
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> JsonResponse:
        """The document as an answer."""
        return JsonResponse(
            self.document(),
            status=self.status,
            content_type=CONTENT_TYPE,
            headers={"Cache-Control": "no-store", **self.headers},
            json_dumps_params={"ensure_ascii": False},
        )

    def document(self) -> dict[str, Any]:
        """The members of the document, those of the standard first."""
        known = PROBLEM_TYPES.get(self.code)
        return {
            "type": settings.BASE_URL + reverse("api_docs:problem", args=[self.code]),
            "title": str(known.title) if known else HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": str(self.detail),
            "code": self.code,
            **self.extra,
        }


def of_type(code: str, **kwargs: Any) -> Problem:
    """A problem that has nothing more to say than its type does."""
    known = PROBLEM_TYPES[code]
    return Problem(code, known.status, kwargs.pop("detail", known.title), **kwargs)


def exception_handler(exc: Exception, context: dict[str, Any]) -> JsonResponse:
    """Answer any exception of a view; one that nobody foresaw is logged, and shows nothing."""
    return problem_of(exc).response()


@singledispatch
def problem_of(exc: Exception) -> Problem:
    """The problem that an exception stands for."""
    logger.error("The API failed", exc_info=exc)
    return of_type("internal_error")


@problem_of.register
def _(exc: OperationalError) -> Problem:
    logger.error("The database failed", exc_info=exc)
    return of_type("unavailable", headers={"Retry-After": "5"})


@problem_of.register
def _(exc: IntegrityError) -> Problem:
    logger.warning("Two requests collided", exc_info=exc)
    return of_type("conflict")


@problem_of.register
def _(exc: DataError) -> Problem:
    # A value that Python takes and PostgreSQL does not, such as a time in the year 10000 of UTC.
    logger.warning("A value is out of range", exc_info=exc)
    return of_type("validation_failed", extra={"errors": []})


@problem_of.register
def _(exc: DomainError) -> Problem:
    # Only a full queue says 429 in a service, and it empties as texts are written.
    headers = {"Retry-After": "60"} if exc.status == HTTPStatus.TOO_MANY_REQUESTS else {}
    return Problem(exc.code, exc.status, exc.message, headers=headers)


@problem_of.register(Http404)
@problem_of.register(exceptions.NotFound)
def _(exc: Exception) -> Problem:
    return of_type("not_found")


@problem_of.register(SuspiciousOperation)
@problem_of.register(UnreadablePostError)
def _(exc: Exception) -> Problem:
    return of_type("malformed_body")


@problem_of.register
def _(exc: RequestDataTooBig) -> Problem:
    return of_type("body_too_large")


@problem_of.register
def _(exc: PermissionDenied) -> Problem:
    return of_type("forbidden")


_CODES = {
    "authentication_failed": "invalid_key",
    "not_authenticated": "missing_key",
    "parse_error": "malformed_body",
    "permission_denied": "forbidden",
    "throttled": "too_many_requests",
}


@problem_of.register
def _(exc: exceptions.APIException) -> Problem:
    code = str(exc.get_codes())
    code = _CODES.get(code, code)
    if code not in PROBLEM_TYPES:
        return Problem(code, exc.status_code, str(exc.detail))
    detail = PROBLEM_TYPES[code].advice if code == "missing_key" else exc.detail
    return of_type(code, detail=str(detail), headers=_headers(exc))


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        is_bad = not isinstance(exc, exceptions.NotAuthenticated)
        headers["WWW-Authenticate"] = challenge + (', error="invalid_token"' if is_bad else "")
    if (wait := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


@problem_of.register
def _(exc: MissingScope) -> Problem:
    challenge = f'Bearer realm="Copydesk", error="insufficient_scope", scope="{exc.scope}"'
    return of_type(
        "missing_scope",
        detail=str(exc.detail),
        extra={"scope": exc.scope},
        headers={"WWW-Authenticate": challenge},
    )


@problem_of.register
def _(exc: exceptions.ValidationError) -> Problem:
    member = "parameter" if isinstance(exc, InvalidParameters) else "pointer"
    errors = [
        {member: _address(path, member), "detail": str(error), "code": error.code}
        for path, error in _leaves(exc.detail, ())
    ]
    shown = "; ".join(f"{error[member]}: {error['detail']}".lstrip(": ") for error in errors[:3])
    return of_type("validation_failed", detail=shown, extra={"errors": errors})


def _leaves(detail: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(detail, dict):
        for key, value in detail.items():
            deeper = () if key == api_settings.NON_FIELD_ERRORS_KEY else (str(key),)
            yield from _leaves(value, path + deeper)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            is_leaf = isinstance(value, exceptions.ErrorDetail)
            yield from _leaves(value, path if is_leaf else (*path, str(index)))
    else:
        yield path, detail


def _address(path: tuple[str, ...], member: str) -> str:
    if member == "parameter":
        return ".".join(path)
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
