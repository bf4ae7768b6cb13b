"""What state the shop's texts are in, and what to do next."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dashboard.selectors import checklist_of, latest_imports, latest_runs, next_step
from stores.selectors.catalogue import CatalogueState, catalogue_state
from tenants.models import Merchant
from tenants.permissions import EVERYBODY, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page


@require_GET
@roles(EVERYBODY)
def home(request: MerchantRequest) -> HttpResponse:
    request.session["last_merchant"] = request.merchant.public_id
    state = catalogue_state()
    checklist = checklist_of(request.merchant, state)
    context = {
        "state": state,
        "shares": _shares(state),
        "figures": _figures(request.merchant, state),
        "checklist": None if all(step["is_done"] for step in checklist) else checklist,
        "next": next_step(request.merchant, state),
        "runs": latest_runs(),
        "imports": latest_imports(),
    }
    return fragment_or_page(request, "dashboard/home.html", context)


def _shares(state: CatalogueState) -> list[dict[str, Any]]:
    return [
        {"label": _("Published from AI"), "value": state.n_published, "tone": "success"},
        {"label": _("Published, not from AI"), "value": state.n_human, "tone": "info"},
        {"label": _("Approved, to publish"), "value": state.n_approved, "tone": "accent"},
        {"label": _("Draft to review"), "value": state.n_draft, "tone": "warning"},
        {"label": _("No description"), "value": state.n_none, "tone": "neutral"},
    ]


def _figures(merchant: Merchant, state: CatalogueState) -> list[dict[str, Any]]:
    products = reverse("stores:product_list", args=[merchant.public_id])
    review = reverse("generation:review", args=[merchant.public_id])
    return [
        {"label": _("Products"), "value": state.n_products, "href": products},
        {"label": _("No description"), "value": state.n_none, "href": f"{products}?copy_state=none"},
        {"label": _("Drafts to review"), "value": state.n_drafts_to_review, "href": review},
        {"label": _("To publish"), "value": state.n_texts_to_publish,
         "href": f"{products}?copy_state=approved"},
    ]  # fmt: skip
