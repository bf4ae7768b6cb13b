"""A shop's own settings, and founding another one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import ProfileForm, ShopForm
from tenants.actor import user_actor
from tenants.models import Role
from tenants.permissions import EVERYBODY, roles
from tenants.requests import MerchantRequest
from tenants.services import change_merchant, found_merchant
from web.htmx import fragment_or_page


@require_http_methods(["GET", "POST"])
@roles(EVERYBODY)
def merchant_settings(request: MerchantRequest) -> HttpResponse:
    is_owner = request.role == Role.OWNER
    form = ShopForm(request.POST if request.method == "POST" else None, instance=request.merchant)
    status = 200
    if request.method == "POST":
        if not is_owner:
            return fragment_or_page(request, "403.html", status=403)
        if form.is_valid():
            actor = user_actor(request.user)
            change_merchant(merchant=request.merchant, actor=actor, **form.cleaned_data)
            messages.success(request, _("Settings saved."))
            return redirect("accounts:merchant_settings", merchant=request.merchant.public_id)
        status = 422
        request.merchant.refresh_from_db()
    context = {"form": form, "is_owner": is_owner}
    return fragment_or_page(request, "accounts/merchant_settings.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def merchant_create(request: MerchantRequest) -> HttpResponse:
    form = ShopForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actor = user_actor(request.user)
        merchant = found_merchant(founder=request.user, actor=actor, **form.cleaned_data)
        return redirect("dashboard:home", merchant=merchant.public_id)
    status = 422 if request.method == "POST" else 200
    return fragment_or_page(request, "accounts/merchant_create.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: MerchantRequest) -> HttpResponse:
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Profile saved."))
        return redirect("accounts_start:profile")
    status = 422 if request.method == "POST" else 200
    return fragment_or_page(request, "accounts/profile.html", {"form": form}, status=status)
