"""An invitation that waits in the session while its reader signs in or signs up."""

from django.http import HttpRequest

from tenants.services import OpenInvitation, open_invitation

_KEY = "invitation"


def remember_invitation(request: HttpRequest, token: str) -> None:
    """Keep the token until the person has signed in."""
    request.session[_KEY] = token


def forget_invitation(request: HttpRequest) -> None:
    """The invitation is accepted, or worthless."""
    request.session.pop(_KEY, None)


def pending_token(request: HttpRequest) -> str:
    """The kept token, or an empty string."""
    return str(request.session.get(_KEY, ""))


def pending_invitation(request: HttpRequest) -> OpenInvitation | None:
    """The kept invitation, if it can still be accepted."""
    token = pending_token(request)
    return open_invitation(token) if token else None
