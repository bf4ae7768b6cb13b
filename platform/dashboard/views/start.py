"""The way from the front door to a desk."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from accounts.pending import pending_token
from tenants.selectors import desks_of


@require_GET
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """To a waiting invitation, to the shop that was open last, to the only one, or to founding one."""
    if token := pending_token(request):
        return redirect("accounts_start:invitation", token=token)
    desks = desks_of(request.user.pk or 0)
    if not desks:
        return redirect("accounts_start:merchant_create")
    last = request.session.get("last_merchant")
    merchant = next((d.merchant for d in desks if d.merchant.public_id == last), desks[0].merchant)
    return redirect("dashboard:home", merchant=merchant.public_id)
