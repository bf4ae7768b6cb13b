"""The list of products: what it shows, and what is done with chosen rows."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from stores.forms.filters import FilterForm
from stores.models import Collection, Product
from stores.selectors.catalogue import filter_choices
from stores.selectors.filters import ProductFilter
from stores.selectors.lists import PAGE_SIZE, address_of, product_page, sort_of
from stores.selectors.organising import is_manual, saved_views
from stores.services.collections import take_out
from stores.services.copy import publish_approved
from stores.words.filters import filter_parts
from tenants.actor import user_actor
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page
from web.selection import read_selection

LIST = "stores/product_list.html"
MOST_COLLECTIONS = 200
GO_ON = {
    "generate": "generation:run_create",
    "export": "stores:export_create",
    "edit": "stores:bulk_edit_create",
    "collect": "stores:collection_collect",
}


@require_GET
@roles(EVERYBODY)
def product_list(request: MerchantRequest) -> HttpResponse:
    chosen = ProductFilter.from_query(request.GET)
    sort = sort_of(request.GET, chosen)
    if "attribute_name" in request.GET:  # the form of filters: its answer gets a short address
        return redirect(f"{request.path}?{address_of(_with_attribute(request, chosen), sort)}")
    context: dict[str, Any] = {"filter": chosen, "sort": sort}
    if "filters" in request.GET:
        context["form"] = _filter_form(chosen, sort)
        if request.htmx:
            return fragment_or_page(request, LIST, context, partial="filter-dialog")
    context["page"] = product_page(chosen, sort, request.GET)
    context["chips"] = _chips(chosen, sort)
    context["tabs"] = catalogue_tabs(request, "stores:product_list")
    context["views"] = _views(chosen, sort)
    context["rest"] = address_of(chosen.without("q"), sort)
    context["is_manual"] = is_manual(chosen.collection)
    return fragment_or_page(request, LIST, context, partial="product-table")


@require_POST
@roles(WRITERS)
def product_selected(request: MerchantRequest) -> HttpResponse:
    """Goes on with the ticked rows: `do` is one of GO_ON, publish or uncollect."""
    chosen, do = _chosen(request), request.POST.get("do", "")
    back = reverse("stores:product_list", args=[request.merchant.public_id])
    back = f"{back}?{request.GET.urlencode()}"
    if chosen is None:
        messages.warning(request, _("Tick some products first."))
        return redirect(back)
    if do in ("publish", "uncollect"):
        (_publish if do == "publish" else _uncollect)(request, chosen)
        return redirect(back)
    url = reverse(GO_ON.get(do, GO_ON["generate"]), args=[request.merchant.public_id])
    return redirect(f"{url}?{chosen.query()}")


def catalogue_tabs(request: MerchantRequest, current: str) -> list[dict[str, Any]]:
    """The catalogue's own pages: ways to look at it, and what was done to many products at once."""
    names = {
        "stores:product_list": _("Products"),
        "stores:category_list": _("Categories"),
        "stores:collection_list": _("Collections"),
        "stores:image_list": _("Images"),
        "stores:bulk_edit_list": _("Bulk edits"),
    }
    where = [request.merchant.public_id]
    return [
        {"label": label, "url": reverse(name, args=where), "is_current": name == current}
        for name, label in names.items()
    ]


def _with_attribute(request: MerchantRequest, chosen: ProductFilter) -> ProductFilter:
    name = request.GET["attribute_name"].replace(":", " ").strip()
    value = request.GET.get("attribute_value", "").strip()
    if not name:
        return chosen
    wanted = f"{name}:{value}" if value else name
    return replace(chosen, attribute=tuple(dict.fromkeys([*chosen.attribute, wanted])))


def _filter_form(chosen: ProductFilter, sort: str) -> FilterForm:
    collections = Collection.objects.order_by("name").values_list("public_id", "name")
    return FilterForm(chosen, sort, filter_choices(), list(collections[:MOST_COLLECTIONS]))


def _chips(chosen: ProductFilter, sort: str) -> list[dict[str, str]]:
    """Each part of the filter but the words, and the address without it."""
    return [
        {"text": part.text, "url": f"?{address_of(chosen.without(part.name, part.value), sort)}"}
        for part in filter_parts(chosen)
        if part.name != "q"
    ]


def _views(chosen: ProductFilter, sort: str) -> list[dict[str, Any]]:
    here = address_of(chosen, sort)
    return [{"view": view, "is_current": view.query == here} for view in saved_views()]


def _chosen(request: MerchantRequest) -> ProductFilter | None:
    """The ticked rows, or everything that the page's filter matches; None where nothing is."""
    selection = read_selection(request)
    if selection.is_empty:
        return None
    if selection.is_everything:
        return ProductFilter.from_query(request.GET)
    return ProductFilter(ids=selection.ids[:PAGE_SIZE])


def _uncollect(request: MerchantRequest, chosen: ProductFilter) -> None:
    collection = ProductFilter.from_query(request.GET).collection
    found = Collection.objects.filter(public_id=collection, rule="").first()
    if found is not None:
        products = chosen.apply(Product.objects.all())
        n = take_out(collection=found, products=products, actor=user_actor(request.user))
        text = ngettext("%(n)s product taken out.", "%(n)s products taken out.", n)
        messages.success(request, text % {"n": n})


def _publish(request: MerchantRequest, chosen: ProductFilter) -> None:
    products = chosen.apply(Product.objects.all())
    n = publish_approved(products=products, actor=user_actor(request.user))
    if not n:
        messages.info(request, _("None of these products has an approved text."))
        return
    text = ngettext("%(n)s text published.", "%(n)s texts published.", n)
    messages.success(request, text % {"n": n})
