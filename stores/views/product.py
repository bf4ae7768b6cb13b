"""One product's pages: what it is, its texts, its history."""

from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.models import Product, ProductImage, ProductRevision
from stores.selectors.catalogue import copy_history
from stores.services.image_checks import request_image_check
from stores.templatetags.shop import language_name
from stores.words.changes import shown_changes
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page
from web.paging import Order, keyset_page

DETAIL, HISTORY = "stores/product_detail.html", "stores/product_history.html"
PER_PAGE = 25
LATEST = Order(fields=("pk",), is_descending=True)
IMAGE_TONES = {
    ProductImage.State.OK: "success",
    ProductImage.State.SMALL: "warning",
    ProductImage.State.MISSING: "danger",
    ProductImage.State.NO_IMAGE: "danger",
    ProductImage.State.UNREACHABLE: "warning",
}
ORIGINS = {
    ProductRevision.Kind.IMPORT: "stores:import_detail",
    ProductRevision.Kind.BULK_EDIT: "stores:bulk_edit_detail",
    ProductRevision.Kind.UNDO: "stores:bulk_edit_detail",
}


@require_GET
@roles(EVERYBODY)
def product_detail(request: MerchantRequest, product: str) -> HttpResponse:
    found = get_object_or_404(
        Product.objects.prefetch_related("images", "skus__image"), public_id=product
    )
    context = {
        "product": found,
        "tabs": _tabs(request, found, "stores:product_detail"),
        "skus": [(sku, zip_longest(found.option_names, sku.options)) for sku in found.skus.all()],
        "slots": _slots(found),
        "facts": _facts(found),
        "images": [
            (image, IMAGE_TONES.get(image.state, "neutral")) for image in found.images.all()
        ],
        "checks_images": settings.CHECK_IMAGES,
    }
    return fragment_or_page(request, DETAIL, context)


@require_GET
@roles(EVERYBODY)
def product_history(request: MerchantRequest, product: str) -> HttpResponse:
    found = get_object_or_404(Product.objects, public_id=product)
    page = keyset_page(found.revisions.all(), LATEST, request.GET, PER_PAGE)
    context = {
        "product": found,
        "tabs": _tabs(request, found, "stores:product_history"),
        "page": page,
        "rows": [_revision(request, revision) for revision in page],
    }
    return fragment_or_page(request, HISTORY, context, partial="history")


@require_POST
@roles(WRITERS)
def product_check_images(request: MerchantRequest, product: str) -> HttpResponse:
    found = get_object_or_404(Product.objects, public_id=product)
    try:
        request_image_check(product=found, actor=user_actor(request.user))
        messages.info(
            request, _("The images are being looked at. Load the page again in a moment.")
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("stores:product_detail", request.merchant.public_id, found.public_id)


def _tabs(request: MerchantRequest, product: Product, current: str) -> list[dict[str, Any]]:
    names = {"stores:product_detail": _("Product"), "stores:product_history": _("History")}
    ids = [request.merchant.public_id, product.public_id]
    return [
        {"label": label, "url": reverse(name, args=ids), "is_current": name == current}
        for name, label in names.items()
    ]


def _revision(request: MerchantRequest, revision: ProductRevision) -> dict[str, Any]:
    name = ORIGINS.get(ProductRevision.Kind(revision.kind)) if revision.origin else None
    url = reverse(name, args=[request.merchant.public_id, revision.origin]) if name else ""
    changes = list(shown_changes(revision.changes))
    return {"revision": revision, "url": url, "changes": changes}


def _slots(product: Product) -> list[dict[str, Any]]:
    """Each language's texts: the one in the shop, those that wait, and all of them."""
    slots: dict[str, dict[str, Any]] = {product.locale: _slot(product.locale)}
    for version in copy_history(product):
        slot = slots.setdefault(version.slot.locale, _slot(version.slot.locale))
        slot["versions"].append(version)
        if version.state == version.State.PUBLISHED:
            slot["published"] = version
        elif version.state in (version.State.DRAFT, version.State.APPROVED):
            slot["waiting"].append(version)
    return list(slots.values())


def _slot(locale: str) -> dict[str, Any]:
    return {"locale": locale, "published": None, "waiting": [], "versions": []}


def _facts(product: Product) -> list[tuple[Any, Any]]:
    pairs = [
        (_("Type"), product.product_type),
        (_("Vendor"), product.vendor),
        (_("Category"), product.category),
        (_("Tags"), ", ".join(product.tags)),
        (_("Language"), language_name(product.locale)),
        (_("Handle"), product.handle),
    ]
    return [(name, value) for name, value in pairs if value]
