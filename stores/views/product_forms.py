"""A product made, changed and deleted by hand."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stores.forms.product_page import ProductForms, with_row
from stores.importers.attribute_values import UNITS
from stores.models import CopyVersion, Product
from stores.services.products import create_product, delete_product, update_product
from stores.words.changes import shown_changes
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page

FORM, DELETE = "stores/product_form.html", "stores/product_delete.html"
SHOWN_REVISIONS = 5


@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def product_create(request: MerchantRequest) -> HttpResponse:
    if request.method == "GET":
        return _form(request, ProductForms(None, None, request.merchant.currency))
    if "add_row" in request.POST:
        data, currency = with_row(request.POST), request.merchant.currency
        return _form(request, ProductForms(None, data, currency, is_draft=True))
    forms = ProductForms(None, request.POST, request.merchant.currency)
    if not forms.is_valid():
        return _form(request, forms, status=422)
    try:
        with transaction.atomic():
            made = create_product(actor=user_actor(request.user), **forms.values())
    except DomainError as error:
        forms.explain(error)
        return _form(request, forms, status=422)
    messages.success(request, _("The product was added."))
    return redirect("stores:product_detail", request.merchant.public_id, made.public_id)


@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def product_edit(request: MerchantRequest, product: str) -> HttpResponse:
    """Saved over somebody else's change, the form says so and keeps what was typed."""
    products = Product.objects.all()
    if request.method == "POST":
        products = products.select_for_update(no_key=True)
    found = get_object_or_404(products, public_id=product)
    currency = request.merchant.currency
    if request.method == "GET":
        return _form(request, ProductForms(found, None, currency))
    if "add_row" in request.POST:
        data = with_row(request.POST)
        return _form(request, ProductForms(found, data, currency, is_draft=True))
    forms = ProductForms(found, request.POST, currency)
    overtaken = _overtaken_by(request, found)
    if not forms.is_valid() or overtaken:
        return _form(request, forms, status=422, overtaken=overtaken)
    changes = forms.changes()
    try:
        with transaction.atomic():
            if changes:
                update_product(product=found, actor=user_actor(request.user), **changes)
    except DomainError as error:
        forms.explain(error)
        return _form(request, forms, status=422)
    messages.success(request, _("Saved.") if changes else _("Nothing was changed."))
    return redirect("stores:product_detail", request.merchant.public_id, found.public_id)


@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def product_delete(request: MerchantRequest, product: str) -> HttpResponse:
    found = get_object_or_404(Product.objects, public_id=product)
    if request.method == "POST":
        delete_product(product=found, actor=user_actor(request.user))
        messages.success(request, _("“%(title)s” was deleted.") % {"title": found.title})
        return redirect("stores:product_list", request.merchant.public_id)
    texts = CopyVersion.objects.filter(slot__product=found)
    context = {"product": found, "n_skus": found.skus.count(), "n_texts": texts.count()}
    return fragment_or_page(request, DELETE, context)


def _overtaken_by(request: MerchantRequest, product: Product) -> list[dict[str, Any]]:
    """Changes that others have made since the form was opened, the newest first."""
    seen = request.POST.get("revision", "")
    found = []
    for revision in product.revisions.order_by("-pk")[:SHOWN_REVISIONS]:
        if revision.public_id == seen:
            break
        found.append({"revision": revision, "changes": list(shown_changes(revision.changes))})
    return found


def _latest(product: Product | None) -> str:
    last = product.revisions.order_by("-pk").first() if product else None
    return last.public_id if last else ""


def _form(
    request: MerchantRequest,
    forms: ProductForms,
    status: int = 200,
    overtaken: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    typed = request.POST.get("revision", "") if request.method == "POST" else None
    is_told = typed is None or bool(overtaken)
    context = {
        "product": forms.product,
        "forms": forms,
        "overtaken": overtaken,
        "revision": _latest(forms.product) if is_told else typed,
        "added": request.POST.get("add_row", ""),
        "units": sorted(UNITS, key=str.lower),
    }
    return fragment_or_page(request, FORM, context, partial="product-form", status=status)
