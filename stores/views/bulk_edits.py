"""Changing many products at once: put together, previewed, applied, taken back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stores.catalogue.known import with_rows
from stores.catalogue.sheet import GONE, merged_with, value_of
from stores.forms.bulk_edits import GROUPS, ChangeForms, with_change, without_change
from stores.models import BulkEdit, BulkEditItem, Product
from stores.selectors.filters import ProductFilter
from stores.services.bulk_edits import (
    OPEN_STATES,
    UNDONE_FROM,
    cancel_bulk_edit,
    confirm_bulk_edit,
    start_bulk_edit,
    undo_bulk_edit,
)
from stores.views.products import catalogue_tabs
from stores.words.changes import change_words, problem_words, shown_changes
from stores.words.filters import filter_words
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import client_redirect, fragment_or_page
from web.paging import Order, Total, count_of, keyset_page

LIST, FORM, DETAIL = (f"stores/bulk_edit_{page}.html" for page in ("list", "form", "detail"))
PER_PAGE = 25
LATEST = Order(fields=("created_at", "pk"), is_descending=True)
State, ItemState = BulkEdit.State, BulkEditItem.State
UNDER_WAY = frozenset({State.PREPARING, State.APPLYING, State.UNDOING})
TABS = {
    ItemState.WAITING: gettext_lazy("To change"),
    ItemState.APPLIED: gettext_lazy("Changed"),
    ItemState.UNDONE: gettext_lazy("Taken back"),
    ItemState.SKIPPED: gettext_lazy("Left alone"),
    ItemState.INVALID: gettext_lazy("Not possible"),
}


@require_GET
@roles(EVERYBODY)
def bulk_edit_list(request: MerchantRequest) -> HttpResponse:
    edits = BulkEdit.objects.select_related("created_by")
    page = keyset_page(edits, LATEST, request.GET, PER_PAGE)
    context = {
        "page": page,
        "rows": [{"edit": one, "words": _words(one)} for one in page],
        "tabs": catalogue_tabs(request, "stores:bulk_edit_list"),
    }
    return fragment_or_page(request, LIST, context, partial="bulk-edits")


@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def bulk_edit_create(request: MerchantRequest) -> HttpResponse:
    """Of the products that the address' filter lets through."""
    currency = request.merchant.currency
    if request.method == "GET":
        return _form(request, ChangeForms(None, currency))
    if "add" in request.POST:
        return _form(request, ChangeForms(with_change(request.POST), currency, is_draft=True))
    if "without" in request.POST:
        return _form(request, ChangeForms(without_change(request.POST), currency, is_draft=True))
    forms = ChangeForms(request.POST, currency)
    if not forms.is_valid():
        return _form(request, forms, status=422, is_empty=not forms.forms)
    started = start_bulk_edit(
        products=ProductFilter.from_query(request.GET),
        changes=forms.changes(),
        actor=user_actor(request.user),
    )
    return redirect(_url(request, started))


@require_GET
@roles(EVERYBODY)
def bulk_edit_detail(request: MerchantRequest, bulk_edit: str) -> HttpResponse:
    found = get_object_or_404(BulkEdit.objects.select_related("created_by"), public_id=bulk_edit)
    tabs, shown, total = _tabs(request, found)
    items = found.items.filter(state=shown).select_related("product")
    page = keyset_page(items, Order(fields=("pk",)), request.GET, PER_PAGE, lambda: total)
    context = {
        "edit": found,
        "words": _words(found),
        "products": filter_words(_filter(found)),
        "is_under_way": found.state in UNDER_WAY,
        "is_open": found.state in OPEN_STATES,
        "can_undo": found.state in UNDONE_FROM and found.n_applied > found.n_undone,
        "n_left": found.n_applied - found.n_undone,
        "failure": problem_words(found.error_code) if found.error_code else "",
        "tabs": tabs,
        "page": page,
        "rows": _rows(page.rows),
    }
    return fragment_or_page(request, DETAIL, context, partial="bulk-edit")


@require_POST
@roles(WRITERS)
def bulk_edit_confirm(request: MerchantRequest, bulk_edit: str) -> HttpResponse:
    return _act(request, bulk_edit, confirm_bulk_edit)


@require_POST
@roles(WRITERS)
def bulk_edit_undo(request: MerchantRequest, bulk_edit: str) -> HttpResponse:
    return _act(request, bulk_edit, undo_bulk_edit)


@require_POST
@roles(WRITERS)
def bulk_edit_cancel(request: MerchantRequest, bulk_edit: str) -> HttpResponse:
    return _act(request, bulk_edit, cancel_bulk_edit)


def _act(request: MerchantRequest, key: str, service: Callable[..., BulkEdit]) -> HttpResponse:
    found = get_object_or_404(BulkEdit.objects, public_id=key)
    try:
        service(bulk_edit=found, actor=user_actor(request.user))
    except DomainError as error:
        messages.error(request, str(error.message))
    return client_redirect(request, _url(request, found))


def _url(request: MerchantRequest, found: BulkEdit) -> str:
    return reverse("stores:bulk_edit_detail", args=[request.merchant.public_id, found.public_id])


def _words(edit: BulkEdit) -> list[str]:
    return [change_words(change) for change in edit.changes]


def _filter(edit: BulkEdit) -> ProductFilter:
    return ProductFilter.parse(edit.query)


def _form(
    request: MerchantRequest, forms: ChangeForms, status: int = 200, is_empty: bool = False
) -> HttpResponse:
    wanted = ProductFilter.from_query(request.GET)
    context = {
        "forms": forms,
        "groups": [
            (label, [(key, k.label) for key, k in kinds.items()]) for label, kinds in GROUPS
        ],
        "query": wanted.query(),
        "words": filter_words(wanted),
        "total": count_of(wanted.apply(Product.objects.all())),
        "is_empty": is_empty,
    }
    return fragment_or_page(request, FORM, context, partial="bulk-edit-form", status=status)


def _tabs(request: MerchantRequest, found: BulkEdit) -> tuple[list[dict[str, Any]], str, Total]:
    """A tab for each state that products of it are in, the one that is shown, and how many it has."""
    counts = {
        ItemState.WAITING: found.n_changing - found.n_applied - found.n_skipped,
        ItemState.APPLIED: found.n_applied - found.n_undone,
        ItemState.UNDONE: found.n_undone,
        ItemState.SKIPPED: found.n_skipped,
        ItemState.INVALID: found.n_invalid,
    }
    there = [state for state, n in counts.items() if n] or [ItemState.WAITING]
    wanted = request.GET.get("show", "")
    shown = wanted if wanted in there else there[0]
    tabs = [
        {
            "label": TABS[state],
            "url": f"{_url(request, found)}?show={state.value}",
            "count": counts[state],
            "is_current": state == shown,
        }
        for state in there
    ]
    return tabs, shown, Total(counts[ItemState(shown)])


def _rows(items: list[BulkEditItem]) -> list[dict[str, Any]]:
    """Each product with what is, or would be, other about it than before."""
    known = {one.product.pk: one for one in with_rows([i.product for i in items], with_texts=False)}
    rows = []
    for item in items:
        here, title = known[item.product_id], item.product.title
        names = [name for name in item.after if value_of(here, name) is not GONE]
        merged_with(here, {name: item.before[name] for name in names})
        merged = merged_with(here, {name: item.after[name] for name in names})
        rows.append(
            {
                "item": item,
                "product": item.product,
                "title": title,
                "changes": list(shown_changes(merged.changes)),
                "problem": problem_words(item.problem) if item.problem else "",
            }
        )
    return rows
