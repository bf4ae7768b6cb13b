"""The page behind the link in an invitation's mail."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.pending import forget_invitation, remember_invitation
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.services import accept_invitation, open_invitation
from web.htmx import fragment_or_page

PAGE = "accounts/invitation.html"


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = open_invitation(token)
    if found is None:
        forget_invitation(request)
        return fragment_or_page(request, PAGE, {"invitation": None}, status=404)
    if request.method == "POST" and request.user.is_authenticated:
        return _accept(request, token)
    if not request.user.is_authenticated:
        remember_invitation(request, token)
    is_other = request.user.is_authenticated and request.user.email.lower() != found.email
    return fragment_or_page(request, PAGE, {"invitation": found, "is_for_another": is_other})


def _accept(request: HttpRequest, token: str) -> HttpResponse:
    try:
        merchant = accept_invitation(token=token, user=request.user, actor=user_actor(request.user))
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("dashboard_start:start")
    finally:
        forget_invitation(request)
    messages.success(request, _("Welcome to %(shop)s.") % {"shop": merchant.name})
    return redirect("dashboard:home", merchant=merchant.public_id)


@require_http_methods(["POST"])
def switch_person(request: HttpRequest, token: str) -> HttpResponse:
    """Sign out, so that the person whom the invitation is for can sign in."""
    logout(request)
    remember_invitation(request, token)
    return redirect("accounts_start:invitation", token=token)
