"""Partners' keys of all merchants, without their secrets: for platform staff."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from api.models import ApiKey
from api.services import revoke_api_key
from tenants.staff_admin import BY_MERCHANT, StaffModelAdmin
from tenants.staff_commands import Order, StaffCommand


def _revoke(order: Order) -> None:
    revoke_api_key(key=order.subject, actor=order.actor)


def _is_valid(user: Any, key: ApiKey) -> bool:
    return key.revoked_at is None


@admin.register(ApiKey)
class ApiKeyAdmin(StaffModelAdmin):
    fields = (
        "public_id", "merchant", "name", "prefix", "scopes", "created_by",
        "created_at", "expires_at", "last_used_at", "revoked_at",
    )  # fmt: skip
    list_display = ("name", "merchant", "prefix", "created_at", "last_used_at", "revoked_at")
    list_filter = (BY_MERCHANT, ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("merchant",)
    search_fields = ("prefix__startswith", "name__istartswith")
    search_help_text = _("A public id, or the beginning of a key's prefix or name.")
    commands = (
        StaffCommand(
            "revoke",
            _("Revoke"),
            _revoke,
            _("The key is revoked."),
            text=_("Every later request with this key is refused. This cannot be undone."),
            may=_is_valid,
            button=_("Revoke"),
            icon="key_off",
            is_dangerous=True,
        ),
    )
