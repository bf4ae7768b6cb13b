"""The side navigation of the staff's site."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

_GROUPS = (
    (
        _("Shops"),
        (
            (_("Merchants"), "storefront", "tenants_merchant"),
            (_("Memberships"), "badge", "tenants_membership"),
            (_("Invitations"), "mail", "tenants_invitation"),
            (_("Users"), "group", "accounts_user"),
            (_("API keys"), "key", "api_apikey"),
        ),
    ),
    (
        _("Catalogue"),
        (
            (_("Products"), "inventory_2", "stores_product"),
            (_("Texts"), "article", "stores_copyversion"),
            (_("Imports"), "upload_file", "stores_catalogueimport"),
        ),
    ),
    (
        _("Generation"),
        (
            (_("Runs"), "bolt", "generation_generationrun"),
            (_("Requests"), "list_alt", "generation_generationrequest"),
            (_("Candidates"), "notes", "generation_candidate"),
            (_("Queue"), "format_list_numbered", "generation_queueturn"),
            (_("Workers"), "memory", "generation_inferenceworker"),
            (_("Models"), "neurology", "generation_platformmodel"),
            (_("Merchants' own models"), "dns", "generation_merchantendpoint"),
        ),
    ),
    (
        _("Accountability"),
        ((_("Audit log"), "policy", "tenants_auditentry"),),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of pages, in the form that unfold wants."""
    start = {"title": _("Start"), "icon": "dashboard", "link": reverse("admin:index")}
    return [
        {"items": [start]},
        *({"title": title, "items": [_item(*item) for item in items]} for title, items in _GROUPS),
    ]


def _item(title: Any, icon: str, page: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse(f"admin:{page}_changelist")}
