"""ETags: a reader learns that nothing is new, a writer that somebody else was faster (RFC 9110, 13)."""

import hashlib
from typing import Any

from django.http import HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request


class PreconditionFailed(APIException):
    """The row is not any more as the caller has seen it."""

    status_code = 412
    default_code = "precondition_failed"


def tag_of(data: Any) -> str:
    """The strong ETag of what an answer shows: bytes as they are sent, or data before that."""
    content = data if isinstance(data, bytes) else JSONRenderer().render(data)
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def not_modified(request: Request, tag: str) -> HttpResponse | None:
    """A 304 if the caller has what this tag stands for already, else None."""
    given = request.headers.get("If-None-Match")
    if given is None:
        return None
    # A proxy that compresses makes our tags weak ones; they stand for the same answer.
    seen = {one.removeprefix("W/") for one in parse_etags(given)}
    return HttpResponse(status=304) if tag in seen or "*" in seen else None


def expect_tag(request: Request, tag: str) -> None:
    """Raises PreconditionFailed unless the row is as If-Match says."""
    seen = parse_etags(request.headers["If-Match"])
    if tag not in seen and "*" not in seen:
        raise PreconditionFailed(_("It has changed since you fetched it. Fetch it again."))
