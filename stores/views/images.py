"""What was found out about the images of all products, so that somebody can put them right."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from stores.models import ProductImage
from stores.views.product import IMAGE_TONES
from stores.views.products import catalogue_tabs
from tenants.permissions import EVERYBODY, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page
from web.paging import Order, count_of, keyset_page

LIST = "stores/image_list.html"
PER_PAGE = 25
State = ProductImage.State
SHOWN = (State.MISSING, State.NO_IMAGE, State.UNREACHABLE, State.SMALL, State.UNCHECKED)


@require_GET
@roles(EVERYBODY)
def image_list(request: MerchantRequest) -> HttpResponse:
    counts = {state: count_of(ProductImage.objects.filter(state=state)) for state in SHOWN}
    there = [state for state in SHOWN if counts[state].n]
    wanted = request.GET.get("state", "")
    shown = wanted if wanted in SHOWN else next(iter(there), State.MISSING)
    images = ProductImage.objects.filter(state=shown).select_related("product")
    total = counts[State(shown)]
    page = keyset_page(images, Order(fields=("pk",)), request.GET, PER_PAGE, lambda: total)
    context: dict[str, Any] = {
        "page": page,
        "tone": IMAGE_TONES.get(State(shown), "neutral"),
        "tabs": catalogue_tabs(request, "stores:image_list"),
        "states": _states(request, shown, counts),
        "checks_images": settings.CHECK_IMAGES,
    }
    return fragment_or_page(request, LIST, context, partial="images")


def _states(request: MerchantRequest, shown: str, counts: dict[State, Any]) -> list[dict[str, Any]]:
    url = reverse("stores:image_list", args=[request.merchant.public_id])
    return [
        {
            "label": state.label,
            "url": f"{url}?state={state.value}",
            "count": str(counts[state]),
            "is_current": state == shown,
        }
        for state in SHOWN
    ]
