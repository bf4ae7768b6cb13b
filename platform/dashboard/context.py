"""What every page of the dashboard shows around its content."""

from collections.abc import Iterator
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from stores.models import CopyVersion
from tenants.models import Role
from tenants.requests import MerchantRequest

MOST_SHOWN = 99


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The side navigation and the shops of the signed-in person; nothing outside a merchant."""
    if not hasattr(request, "merchant"):
        return {"is_demo": settings.COPYDESK_DEMO}
    page = cast(MerchantRequest, request)
    return {
        "navigation": SimpleLazyObject(lambda: list(_items(page))),
        "memberships": page.desks,
        "is_demo": settings.COPYDESK_DEMO,
        "can_write": page.role in {Role.OWNER, Role.EDITOR},
    }


def _items(request: MerchantRequest) -> Iterator[dict[str, Any]]:
    public_id = request.merchant.public_id
    places = [
        (_("Home"), "dashboard:home", "home", "g h"),
        (_("Products"), "stores:product_list", "box", "g p"),
        (_("Imports"), "stores:import_list", "upload", "g i"),
        (_("Exports"), "stores:export_list", "download", "g x"),
        (_("Runs"), "generation:run_list", "bolt", "g u"),
        (_("Review"), "generation:review", "review", "g v"),
        (_("Models"), "generation:model_list", "chip", "g m"),
        (_("API keys"), "api:key_list", "key", "g k"),
        (_("Members"), "accounts:member_list", "users", "g b"),
        (_("Settings"), "accounts:merchant_settings", "settings", "g s"),
    ]
    home = reverse("dashboard:home", args=[public_id])
    for label, name, icon, shortcut in places:
        if name == "api:key_list" and request.role != Role.OWNER:
            continue
        url = reverse(name, args=[public_id])
        yield {
            "label": label,
            "url": url,
            "icon": icon,
            "shortcut": shortcut,
            "badge": _drafts_waiting() if name == "generation:review" else "",
            "is_current": request.path == url if url == home else _is_within(request.path, url),
            "starts_group": name in {"generation:model_list"},
        }
    if settings.COPYDESK_DEMO:
        url = reverse("dashboard_start:outbox")
        yield {"label": _("Outbox"), "url": url, "icon": "mail", "is_current": request.path == url}


def _is_within(path: str, url: str) -> bool:
    # Settings is the parent of the key and member pages, which have entries of their own.
    return path == url if url.endswith("/settings/") else path.startswith(url)


def _drafts_waiting() -> str:
    with transaction.atomic():
        drafts = CopyVersion.objects.filter(state=CopyVersion.State.DRAFT)
        n_drafts = drafts[: MOST_SHOWN + 1].count()
    if n_drafts > MOST_SHOWN:
        return f"{MOST_SHOWN}+"
    return str(n_drafts or "")
