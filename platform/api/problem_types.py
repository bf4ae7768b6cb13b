"""Every problem that the API can answer with: its stable code, and what a page says about it.

An app with rules of its own registers their codes when it is ready (AppConfig.ready).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ProblemType:
    """title: the same for every occurrence. advice: what a caller can do about it."""

    code: str
    status: int
    title: str | Promise
    advice: str | Promise


PROBLEM_TYPES: dict[str, ProblemType] = {}


def register(*types: ProblemType) -> None:
    """Add problem types; a code is never used twice for different things."""
    for problem_type in types:
        PROBLEM_TYPES[problem_type.code] = problem_type


register(
    ProblemType(
        "missing_key",
        401,
        _("This request carries no API key."),
        _("Send the key in the header “Authorization: Bearer cdk_…”."),
    ),
    ProblemType(
        "invalid_key",
        401,
        _("This API key is unknown."),
        _("Compare the key with the one that was shown when it was made, or make a new one."),
    ),
    ProblemType(
        "expired_key",
        401,
        _("This API key has expired."),
        _("Make a new key on the page “API keys” of the dashboard."),
    ),
    ProblemType(
        "revoked_key",
        401,
        _("This API key has been revoked."),
        _("Make a new key on the page “API keys” of the dashboard."),
    ),
    ProblemType(
        "inactive_merchant",
        401,
        _("The account of this merchant is closed."),
        _("Write to the people who run this Copydesk."),
    ),
    ProblemType(
        "missing_scope",
        403,
        _("This API key may not do that."),
        _("The member “scope” names what the key lacks. Make a key that has it."),
    ),
    ProblemType(
        "forbidden",
        403,
        _("That is not allowed."),
        _("The member “detail” says why."),
    ),
    ProblemType(
        "not_found",
        404,
        _("There is nothing at this address."),
        _("Check the address and the id. Rows of other merchants do not exist for your key."),
    ),
    ProblemType(
        "method_not_allowed",
        405,
        _("This address does not take that method."),
        _("The header “Allow” lists the methods that it takes."),
    ),
    ProblemType(
        "not_acceptable",
        406,
        _("The answer cannot be given in that format."),
        _("Ask for “application/json” in the header “Accept”, or leave it out."),
    ),
    ProblemType(
        "length_required",
        411,
        _("The request does not say how long it is."),
        _("Send the header “Content-Length”; bodies in chunks are not read."),
    ),
    ProblemType(
        "body_too_large",
        413,
        _("The request is too large."),
        _("Send less at once; the member “detail” names the limit."),
    ),
    ProblemType(
        "unsupported_media_type",
        415,
        _("The request has a format that this address does not take."),
        _("Send “application/json”; files go as “multipart/form-data”."),
    ),
    ProblemType(
        "malformed_body",
        400,
        _("The request could not be read."),
        _("Send well-formed JSON in UTF-8."),
    ),
    ProblemType(
        "validation_failed",
        400,
        _("Some of the values are not valid."),
        _(
            "The member “errors” lists each one: “pointer” (a JSON pointer into the body) or"
            " “parameter” (of the address) says where, “code” and “detail” say what."
        ),
    ),
    ProblemType(
        "conflict",
        409,
        _("Another request changed the same thing at the same moment."),
        _("Nothing was changed. Send the request again."),
    ),
    ProblemType(
        "precondition_failed",
        412,
        _("It has changed since you fetched it."),
        _("Nothing was changed. Fetch it again, and send the request with its new ETag."),
    ),
    ProblemType(
        "idempotency_key_in_use",
        409,
        _("The first request with this Idempotency-Key is still running."),
        _("Wait for as long as “Retry-After” says, then send the same request again."),
    ),
    ProblemType(
        "idempotency_key_reused",
        422,
        _("This Idempotency-Key was used for a different request."),
        _("Use a new key for each new request; a key is remembered for 24 hours."),
    ),
    ProblemType(
        "invalid_idempotency_key",
        400,
        _("The Idempotency-Key is not valid."),
        _("Use 1 to 255 visible ASCII characters, such as a UUID."),
    ),
    ProblemType(
        "too_many_requests",
        429,
        _("This API key has sent too many requests."),
        _("Wait for as long as “Retry-After” says. “RateLimit” shows what is left."),
    ),
    ProblemType(
        "internal_error",
        500,
        _("Something went wrong on our side."),
        _("Nothing was changed. Try again later; if it stays, tell the people who run Copydesk."),
    ),
    ProblemType(
        "unavailable",
        503,
        _("The database does not answer at the moment."),
        _("Nothing was changed. Try again after as long as “Retry-After” says."),
    ),
)
