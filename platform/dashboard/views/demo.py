"""What only a demonstration on one's own machine has: the outbox and one-click sign-in."""

import ipaddress

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.outbox import outbox
from dashboard.tickets import redeem
from web.htmx import fragment_or_page


def _refuse_strangers(request: HttpRequest) -> None:
    if not ipaddress.ip_address(request.META["REMOTE_ADDR"]).is_loopback:
        raise Http404


@require_GET
def outbox_page(request: HttpRequest) -> HttpResponse:
    """Every mail that this server would have sent."""
    _refuse_strangers(request)
    return fragment_or_page(request, "dashboard/outbox.html", {"mails": outbox()})


@require_GET
def enter(request: HttpRequest, ticket: str) -> HttpResponse:
    """Sign in with a link that `make up` printed."""
    _refuse_strangers(request)
    email = redeem(ticket)
    user = User.objects.filter(email=email, is_staff=False).first() if email else None
    if user is None:
        return fragment_or_page(request, "dashboard/ticket_used.html", status=410)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("dashboard_start:start")
