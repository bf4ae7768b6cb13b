"""The catalogue's pages: the list, what is done with chosen rows."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from stores.models import CopyState, Product
from stores.selectors import (
    ProductFilter,
    filter_choices,
    with_list_columns,
)
from stores.services.copy import publish_approved
from tenants.actor import user_actor
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page
from web.selection import read_selection

LIST = "stores/product_list.html"
PAGE_SIZE = 50
SORTED_BY = ("title", "product_type", "vendor", "min_price_minor", "updated_at")


@require_GET
@roles(EVERYBODY)
def product_list(request: MerchantRequest) -> HttpResponse:
    wanted = ProductFilter.from_query(request.GET)
    products = with_list_columns(wanted.apply(Product.objects.all()))
    page = Paginator(products.order_by(*_order(request)), PAGE_SIZE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "filter": wanted,
        "choices": _choices(),
    }
    return fragment_or_page(request, LIST, context, partial="product-table")


@require_POST
@roles(WRITERS)
def product_selected(request: MerchantRequest) -> HttpResponse:
    """Goes on with the ticked rows: `do` is generate, publish or export."""
    chosen, do = _chosen(request), request.POST.get("do")
    back = reverse("stores:product_list", args=[request.merchant.public_id])
    if chosen is None:
        messages.warning(request, _("Tick some products first."))
        return redirect(f"{back}?{request.GET.urlencode()}")
    if do == "publish":
        _publish(request, chosen)
        return redirect(f"{back}?{request.GET.urlencode()}")
    name = "stores:export" if do == "export" else "generation:run_create"
    url = reverse(name, args=[request.merchant.public_id])
    return redirect(f"{url}?{chosen.query()}")


def _order(request: MerchantRequest) -> tuple[str, str]:
    sort = request.GET.get("sort", "title")
    return (sort, "pk") if sort.removeprefix("-") in SORTED_BY else ("title", "pk")


def _choices() -> dict[str, list[tuple[str, Any]]]:
    anything, found = ("", _("All")), filter_choices()
    return {
        "copy_state": [anything, *CopyState.choices],
        "status": [anything, *Product.Status.choices],
        "product_type": [anything, *((value, value) for value in found.product_types)],
        "vendor": [anything, *((value, value) for value in found.vendors)],
        "tag": [anything, *((value, value) for value in found.tags)],
    }


def _chosen(request: MerchantRequest) -> ProductFilter | None:
    """The ticked rows, or everything that the page's filter matches; None where nothing is."""
    selection = read_selection(request)
    if selection.is_empty:
        return None
    if selection.is_everything:
        return ProductFilter.from_query(request.GET)
    return ProductFilter(ids=selection.ids[:PAGE_SIZE])


def _publish(request: MerchantRequest, chosen: ProductFilter) -> None:
    products = chosen.apply(Product.objects.all())
    n = publish_approved(products=products, actor=user_actor(request.user))
    if not n:
        messages.info(request, _("None of these products has an approved text."))
        return
    text = ngettext("%(n)s text published.", "%(n)s texts published.", n)
    messages.success(request, text % {"n": n})
