"""Saved views, collections and categories."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stores.forms.organising import CollectForm, CollectionForm
from stores.models import Collection, Product, SavedView
from stores.selectors.filters import ProductFilter
from stores.selectors.lists import address_of, sort_of
from stores.selectors.organising import category_tree, collections
from stores.services.collections import (
    create_collection,
    delete_collection,
    delete_view,
    put_in,
    save_view,
    update_collection,
)
from stores.views.products import catalogue_tabs
from stores.words.filters import filter_words
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page
from web.paging import Order, count_of, keyset_page

PER_PAGE = 50
FORM = "stores/collection_form.html"


@require_POST
@roles(WRITERS)
def view_save(request: MerchantRequest) -> HttpResponse:
    """Keep the filter and the sorting of the address."""
    chosen = ProductFilter.from_query(request.GET)
    sort = sort_of(request.GET, chosen)
    query = address_of(chosen, sort)
    try:
        view = save_view(
            name=request.POST.get("name", ""), query=query, actor=user_actor(request.user)
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("View “%(name)s” saved.") % {"name": view.name})
    return redirect(f"{_url(request, 'product_list')}?{query}")


@require_POST
@roles(WRITERS)
def view_delete(request: MerchantRequest, view: str) -> HttpResponse:
    found = get_object_or_404(SavedView.objects, public_id=view)
    delete_view(view=found, actor=user_actor(request.user))
    messages.success(request, _("View deleted."))
    return redirect(_url(request, "product_list"))


@require_GET
@roles(EVERYBODY)
def category_list(request: MerchantRequest) -> HttpResponse:
    categories, is_more = category_tree()
    context = {
        "categories": categories,
        "is_more": is_more,
        "tabs": catalogue_tabs(request, "stores:category_list"),
    }
    return fragment_or_page(request, "stores/category_list.html", context)


@require_GET
@roles(EVERYBODY)
def collection_list(request: MerchantRequest) -> HttpResponse:
    page = keyset_page(
        collections().order_by(), Order(fields=("name", "pk")), request.GET, PER_PAGE
    )
    context = {
        "page": page,
        "rows": [(one, filter_words(ProductFilter.parse(one.rule))) for one in page],
        "tabs": catalogue_tabs(request, "stores:collection_list"),
    }
    return fragment_or_page(request, "stores/collection_list.html", context, partial="collections")


@require_GET
@roles(EVERYBODY)
def collection_detail(request: MerchantRequest, collection: str) -> HttpResponse:
    found = get_object_or_404(Collection.objects, public_id=collection)
    chosen = ProductFilter(collection=found.public_id)
    context = {
        "collection": found,
        "total": count_of(chosen.apply(Product.objects.all())),
        "rule_words": filter_words(ProductFilter.parse(found.rule)),
        "query": chosen.query(),
    }
    return fragment_or_page(request, "stores/collection_detail.html", context)


@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def collection_create(request: MerchantRequest) -> HttpResponse:
    """With the filter of the address as its rule; without one, for people to fill."""
    chosen = ProductFilter.from_query(request.GET)
    form = CollectionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = create_collection(
                **form.cleaned_data, rule=chosen.query(), actor=user_actor(request.user)
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Collection created."))
            return redirect(_url(request, "collection_detail", made.public_id))
    context = {"form": form, "rule_words": filter_words(chosen), "query": chosen.query()}
    return _form(request, form, context)


@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def collection_edit(request: MerchantRequest, collection: str) -> HttpResponse:
    """A rule is changed by the filter in the address."""
    found = get_object_or_404(Collection.objects, public_id=collection)
    given = ProductFilter.from_query(request.GET)
    rule = found.rule if given.is_empty else given.query()
    initial = {"name": found.name, "description": found.description}
    form = CollectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        values = {**form.cleaned_data, **({"rule": rule} if found.rule else {})}
        try:
            update_collection(collection=found, actor=user_actor(request.user), **values)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Collection saved."))
            return redirect(_url(request, "collection_detail", found.public_id))
    words = filter_words(ProductFilter.parse(rule)) if found.rule else ""
    return _form(request, form, {"form": form, "collection": found, "rule_words": words})


@require_POST
@roles(WRITERS)
def collection_delete(request: MerchantRequest, collection: str) -> HttpResponse:
    found = get_object_or_404(Collection.objects, public_id=collection)
    delete_collection(collection=found, actor=user_actor(request.user))
    messages.success(request, _("Collection deleted. Its products are still there."))
    return redirect(_url(request, "collection_list"))


@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def collection_collect(request: MerchantRequest) -> HttpResponse:
    """Put the products of the filter in the address into a collection."""
    chosen = ProductFilter.from_query(request.GET)
    products = chosen.apply(Product.objects.all())
    form = CollectForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actor = user_actor(request.user)
        if public_id := form.cleaned_data["collection"]:
            found = get_object_or_404(Collection.objects, public_id=public_id)
        else:
            found = create_collection(name=form.cleaned_data["name"], actor=actor)
        n = put_in(collection=found, products=products, actor=actor)
        words = ngettext("%(n)s product added.", "%(n)s products added.", n)
        messages.success(request, words % {"n": n})
        return redirect(_url(request, "collection_detail", found.public_id))
    context = {"form": form, "total": count_of(products), "is_everything": chosen.is_empty}
    return _form(request, form, context, template="stores/collect_form.html")


def _form(
    request: MerchantRequest, form: Any, context: dict[str, Any], template: str = FORM
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return fragment_or_page(request, template, context, partial="form", status=status)


def _url(request: MerchantRequest, name: str, *more: str) -> str:
    return reverse(f"stores:{name}", args=[request.merchant.public_id, *more])
