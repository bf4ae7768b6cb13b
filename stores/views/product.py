"""One product's pages: what it is, its texts, its form."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from stores.forms.products import (
    MAX_ATTRIBUTES,
    AttributeForms,
    ProductForm,
    attributes_initial,
    product_initial,
    read_attributes,
)
from stores.models import Product
from stores.selectors import copy_history
from stores.services.products import update_product
from stores.templatetags.shop import language_name
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page

DETAIL, FORM = (f"stores/product_{page}.html" for page in ("detail", "form"))


@require_GET
@roles(EVERYBODY)
def product_detail(request: MerchantRequest, product: str) -> HttpResponse:
    found = get_object_or_404(
        Product.objects.prefetch_related("images", "skus__image"), public_id=product
    )
    context = {
        "product": found,
        "skus": found.skus.all(),
        "slots": _slots(found),
        "facts": _facts(found),
    }
    return fragment_or_page(request, DETAIL, context)


@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def product_edit(request: MerchantRequest, product: str) -> HttpResponse:
    found = get_object_or_404(Product, public_id=product)
    if request.method == "GET":
        form = ProductForm(initial=product_initial(found))
        rows = AttributeForms(initial=attributes_initial(found), prefix="attributes")
        return _form(request, found, form, rows)
    if "add_row" in request.POST:
        return _form(request, found, ProductForm(request.POST), _one_more(request))
    form = ProductForm(request.POST)
    rows = AttributeForms(request.POST, prefix="attributes")
    if not (form.is_valid() and rows.is_valid()):
        return _form(request, found, form, rows, status=422)
    attributes = read_attributes(rows, found.attributes)
    values = form.cleaned_data | {"attributes": attributes}
    try:
        update_product(product=found, actor=user_actor(request.user), **values)
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _form(request, found, form, rows, status=422)
    messages.success(request, _("Saved."))
    return redirect("stores:product_detail", request.merchant.public_id, found.public_id)


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


def _one_more(request: MerchantRequest) -> Any:
    data = request.POST.copy()
    total = data.get("attributes-TOTAL_FORMS", "0")
    is_count = total.isascii() and total.isdigit() and len(total) <= len(str(MAX_ATTRIBUTES))
    data["attributes-TOTAL_FORMS"] = str(int(total) + 1 if is_count else 1)
    return AttributeForms(data, prefix="attributes")


def _form(
    request: MerchantRequest, product: Product, form: ProductForm, rows: Any, status: int = 200
) -> HttpResponse:
    context = {"product": product, "form": form, "rows": rows}
    return fragment_or_page(request, FORM, context, partial="product-form", status=status)
