"""People, and the shops that they run: for platform staff."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from accounts.adapter import MAX_EMAIL_CHARACTERS
from accounts.mail import send_invitation
from accounts.models import User
from accounts.services import set_active, set_staff
from tenants.models import Merchant
from tenants.services import change_merchant, open_merchant
from tenants.staff_admin import StaffModelAdmin
from tenants.staff_commands import Order, StaffCommand


class MerchantForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=UnfoldAdminTextInputWidget)
    queue_weight = forms.IntegerField(
        label=_("Share of the queue"),
        min_value=1,
        max_value=100,
        help_text=_("A shop with share 2 is served twice as often as one with share 1."),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    is_active = forms.BooleanField(
        label=_("Active"),
        required=False,
        help_text=_("Nobody can open a shop that is not active, and nothing is written for it."),
        widget=UnfoldBooleanSwitchWidget,
    )


class NewMerchantForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=UnfoldAdminTextInputWidget)
    owner_email = forms.EmailField(
        label=_("Owner's e-mail"),
        max_length=MAX_EMAIL_CHARACTERS,
        help_text=_("Gets an invitation by mail, valid for seven days."),
        widget=UnfoldAdminEmailInputWidget,
    )
    locale = forms.RegexField(
        r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
        label=_("Language of the shop"),
        max_length=16,
        initial="en",
        widget=UnfoldAdminTextInputWidget,
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency"),
        initial="EUR",
        widget=UnfoldAdminTextInputWidget,
    )


def _merchant_fields(merchant: Merchant) -> dict[str, Any]:
    return {name: getattr(merchant, name) for name in MerchantForm.base_fields}


def _change_merchant(order: Order) -> None:
    before = _merchant_fields(order.subject)
    changed = {name: value for name, value in order.data.items() if value != before[name]}
    if changed:
        change_merchant(merchant=order.subject, actor=order.actor, **changed)


def _open_merchant(order: Order) -> str:
    merchant, invitation, token = open_merchant(actor=order.actor, **order.data)
    transaction.on_commit(
        lambda: send_invitation(
            invitation=invitation, merchant=merchant, token=token, sender="Copydesk"
        ),
        robust=True,
    )
    return gettext("%(shop)s is open; %(email)s has been invited.") % {
        "shop": merchant.name,
        "email": invitation.email,
    }


@admin.register(Merchant)
class MerchantAdmin(StaffModelAdmin):
    fields = (
        "public_id", "name", "locale", "time_zone", "currency", "brand_facts",
        "queue_weight", "is_active", "created_at",
    )  # fmt: skip
    list_display = ("name", "locale", "currency", "queue_weight", "is_active", "created_at")
    list_filter = ("is_active",)
    search_fields = ("name",)
    search_help_text = _("A name or a public id.")
    adding = StaffCommand(
        "open",
        _("Open a shop"),
        _open_merchant,
        "",
        form=NewMerchantForm,
        button=_("Open and invite"),
    )
    commands = (
        StaffCommand(
            "change",
            _("Change"),
            _change_merchant,
            _("Saved."),
            form=MerchantForm,
            initial=_merchant_fields,
        ),
    )


def _lock(order: Order) -> None:
    set_active(user=order.subject, is_active=False, actor=order.actor)


def _unlock(order: Order) -> None:
    set_active(user=order.subject, is_active=True, actor=order.actor)


def _make_staff(order: Order) -> None:
    set_staff(user=order.subject, is_staff=True, actor=order.actor)


def _end_staff(order: Order) -> None:
    set_staff(user=order.subject, is_staff=False, actor=order.actor)


def _is_ordinary(user: Any, person: User) -> bool:
    """Members of staff are changed by superusers only, and nobody changes themselves."""
    return person.pk != user.pk and (user.is_superuser or not person.is_staff)


@admin.register(User)
class UserAdmin(StaffModelAdmin):
    fields = (
        "public_id", "email", "name", "language", "is_active", "is_staff", "is_superuser",
        "date_joined", "last_login",
    )  # fmt: skip
    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    search_help_text = _("A name, an e-mail address or a public id.")
    date_hierarchy = "date_joined"
    commands = (
        StaffCommand(
            "lock",
            _("Lock"),
            _lock,
            _("The account is locked."),
            text=_("This person is signed out everywhere and cannot sign in again."),
            may=lambda user, person: person.is_active and _is_ordinary(user, person),
            button=_("Lock"),
            icon="lock",
            is_dangerous=True,
        ),
        StaffCommand(
            "unlock",
            _("Unlock"),
            _unlock,
            _("The account is open again."),
            may=lambda user, person: not person.is_active and _is_ordinary(user, person),
            button=_("Unlock"),
            icon="lock_open",
        ),
        StaffCommand(
            "make-staff",
            _("Make platform staff"),
            _make_staff,
            _("This person now belongs to the platform's staff."),
            text=_("Platform staff see the data of every shop. Every look is written down."),
            may=lambda user, person: user.is_superuser and not person.is_staff,
            button=_("Make platform staff"),
            icon="shield_person",
            is_dangerous=True,
        ),
        StaffCommand(
            "end-staff",
            _("Remove from platform staff"),
            _end_staff,
            _("This person no longer belongs to the platform's staff."),
            may=lambda user, person: user.is_superuser and person.is_staff and person.pk != user.pk,
            button=_("Remove"),
            icon="remove_moderator",
            is_dangerous=True,
        ),
    )
