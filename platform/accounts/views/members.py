"""Who works for a shop: for its owners."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import InvitationForm, RoleForm
from accounts.mail import send_invitation
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.models import Invitation, Membership, Role
from tenants.permissions import EVERYBODY, OWNERS, roles
from tenants.requests import MerchantRequest
from tenants.services import change_role, invite, remove_member, withdraw_invitation
from web.htmx import fragment_or_page

PAGE = "accounts/member_list.html"


def _page(request: MerchantRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "members": Membership.objects.select_related("user").order_by("user__email"),
        "invitations": Invitation.objects.filter(accepted_at=None).order_by("email"),
        "form": form,
        "role_choices": Role.choices,
        "is_owner": request.role == Role.OWNER,
    }
    return fragment_or_page(request, PAGE, context, status=status)


def _back(request: MerchantRequest) -> HttpResponse:
    return redirect("accounts:member_list", merchant=request.merchant.public_id)


@require_GET
@roles(EVERYBODY)
def member_list(request: MerchantRequest) -> HttpResponse:
    return _page(request, InvitationForm())


@require_POST
@roles(OWNERS)
def invitation_create(request: MerchantRequest) -> HttpResponse:
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    actor = user_actor(request.user)
    email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
    try:
        invitation, token = invite(email=email, role=role, actor=actor)
    except DomainError as error:
        form.add_error("email", str(error.message))
        return _page(request, form, status=422)
    sender, merchant = request.user.get_full_name(), request.merchant
    transaction.on_commit(
        lambda: send_invitation(
            invitation=invitation, merchant=merchant, token=token, sender=sender
        ),
        robust=True,  # inviting again sends a new link
    )
    messages.success(request, _("Invitation sent to %(email)s.") % {"email": invitation.email})
    return _back(request)


@require_POST
@roles(OWNERS)
def invitation_withdraw(request: MerchantRequest, invitation: str) -> HttpResponse:
    found = get_object_or_404(Invitation.objects, public_id=invitation, accepted_at=None)
    withdraw_invitation(invitation=found, actor=user_actor(request.user))
    messages.success(request, _("Invitation withdrawn."))
    return _back(request)


@require_POST
@roles(OWNERS)
def member_role(request: MerchantRequest, member: str) -> HttpResponse:
    membership = get_object_or_404(Membership.objects, public_id=member)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This role does not exist."))
        return _back(request)
    try:
        role = Role(form.cleaned_data["role"])
        change_role(membership=membership, role=role, actor=user_actor(request.user))
        messages.success(request, _("Role changed."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return _back(request)


@require_POST
@roles(OWNERS)
def member_remove(request: MerchantRequest, member: str) -> HttpResponse:
    membership = get_object_or_404(Membership.objects, public_id=member)
    is_self = membership.user_id == request.user.pk
    try:
        remove_member(membership=membership, actor=user_actor(request.user))
        messages.success(request, _("Member removed."))
    except DomainError as error:
        messages.error(request, str(error.message))
        return _back(request)
    return redirect("dashboard_start:start") if is_self else _back(request)
