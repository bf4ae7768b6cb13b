"""Who works for a merchant, and what was done: for platform staff."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, FieldTextFilter
from unfold.widgets import UnfoldAdminSelectWidget

from tenants.models import AuditEntry, Invitation, Membership, Role
from tenants.services import change_role, remove_member, withdraw_invitation
from tenants.staff_admin import BY_MERCHANT, BigTableAdmin, StaffModelAdmin
from tenants.staff_commands import Order, StaffCommand


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=UnfoldAdminSelectWidget)


def _change_role(order: Order) -> None:
    change_role(membership=order.subject, role=Role(order.data["role"]), actor=order.actor)


def _remove_member(order: Order) -> None:
    remove_member(membership=order.subject, actor=order.actor)


def _withdraw(order: Order) -> None:
    withdraw_invitation(invitation=order.subject, actor=order.actor)


def _is_open(user: Any, invitation: Invitation) -> bool:
    return invitation.accepted_at is None


@admin.register(Membership)
class MembershipAdmin(StaffModelAdmin):
    fields = ("public_id", "merchant", "user", "role", "created_at")
    list_display = ("user", "merchant", "role", "created_at")
    list_filter = (BY_MERCHANT, ("role", ChoicesDropdownFilter))
    list_select_related = ("merchant", "user")
    search_fields = ("user__email__istartswith", "merchant__name__istartswith")
    commands = (
        StaffCommand(
            "role",
            _("Change role"),
            _change_role,
            _("Role changed."),
            form=RoleForm,
            initial=lambda membership: {"role": membership.role},
            icon="manage_accounts",
        ),
        StaffCommand(
            "remove",
            _("Remove from the shop"),
            _remove_member,
            _("Member removed."),
            text=_("This person can no longer open the shop. Texts and audit entries stay."),
            button=_("Remove"),
            icon="person_remove",
            is_dangerous=True,
            leads_to_list=True,
        ),
    )


@admin.register(Invitation)
class InvitationAdmin(StaffModelAdmin):
    fields = (
        "public_id", "merchant", "email", "role", "invited_by",
        "created_at", "expires_at", "accepted_at",
    )  # fmt: skip
    list_display = ("email", "merchant", "role", "expires_at", "accepted_at")
    list_filter = (BY_MERCHANT, ("accepted_at", admin.EmptyFieldListFilter))
    list_select_related = ("merchant",)
    search_fields = ("email__istartswith",)
    commands = (
        StaffCommand(
            "withdraw",
            _("Withdraw"),
            _withdraw,
            _("Invitation withdrawn."),
            text=_("The link in the mail will no longer work."),
            may=_is_open,
            button=_("Withdraw"),
            icon="unsubscribe",
            is_dangerous=True,
            leads_to_list=True,
        ),
    )


@admin.register(AuditEntry)
class AuditEntryAdmin(BigTableAdmin):
    fields = (
        "public_id", "at", "merchant", "actor_kind", "actor", "action", "target", "details",
    )  # fmt: skip
    list_display = ("at", "merchant", "actor_kind", "actor", "action", "target")
    list_filter = (
        BY_MERCHANT,
        ("actor_kind", ChoicesDropdownFilter),
        ("actor", FieldTextFilter),
        ("action", FieldTextFilter),
    )
    list_select_related = ("merchant",)
    search_fields = ("actor__istartswith", "action__istartswith")
    search_help_text = _("The beginning of an e-mail address or of an action, or a public id.")
    date_hierarchy = "at"

    def _public_id_field(self, term: str) -> str:
        return "public_id" if term.startswith("aud_") else "target"
