"""Correcting a product of a file in the browser: its cells, with what is wrong under them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stores.models import CatalogueImport, ImportItem
from stores.services.import_corrections import correct_item
from stores.views.import_rows import in_words
from stores.views.imports import import_url
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import client_redirect, fragment_or_page

TEMPLATE = "stores/import_item.html"
# Django refuses forms of more than 1000 fields; the cells that are not shown stay as they are.
MAX_CELLS = 800
LONG_CELL = 60
Row = Sequence[Any]


@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def import_item_correct(
    request: MerchantRequest, catalogue_import: str, position: int
) -> HttpResponse:
    found = get_object_or_404(CatalogueImport.objects, public_id=catalogue_import)
    item = get_object_or_404(found.items.defer("data"), position=position)
    if item.action != ImportItem.Action.INVALID:
        return client_redirect(request, import_url(request, found))
    if request.method == "GET":
        return _page(request, found, item)
    raw = _posted(request, item.raw, len(found.columns.get("header", [])))
    try:
        item = correct_item(item=item, raw=raw, actor=user_actor(request.user))
    except DomainError as error:
        messages.error(request, str(error.message))
        return client_redirect(request, import_url(request, found))
    if item.action == ImportItem.Action.INVALID:
        return _page(request, found, item, status=422)
    messages.success(request, _("%(title)s is right now.") % {"title": item.title or item.handle})
    return client_redirect(request, _next_url(request, found, item))


def _next_url(request: MerchantRequest, found: CatalogueImport, item: ImportItem) -> str:
    """The next product to correct where the person asked for it, else the list of them."""
    list_url = f"{import_url(request, found)}?show=invalid"
    if "next" not in request.POST:
        return list_url
    invalid = found.items.filter(action=ImportItem.Action.INVALID, raw__isnull=False)
    following = invalid.filter(position__gt=item.position).order_by("position").first()
    other = following or invalid.order_by("position").first()
    if other is None:
        return list_url
    places = [request.merchant.public_id, found.public_id, other.position]
    return reverse("stores:import_item_correct", args=places)


def _page(
    request: MerchantRequest, found: CatalogueImport, item: ImportItem, status: int = 200
) -> HttpResponse:
    problems = in_words(item.problems)
    context = {"import": found, "item": item, "is_text": isinstance(item.raw, str)}
    if isinstance(item.raw, list):
        columns = _columns(item.raw, found.columns.get("header", []), problems)
        named = {column["name"] for column in columns if column["has_problem"]}
        context |= {
            "numbers": [number for number, _cells in item.raw],
            "wrong": [column for column in columns if column["has_problem"]],
            "others": [column for column in columns if not column["has_problem"]],
            "problems": [p for p in problems if p["column"] not in named],
        }
    else:
        context |= {"problems": problems, "has_raw": item.raw is not None}
    return fragment_or_page(request, TEMPLATE, context, status=status)


def _columns(
    raw: Sequence[Row], header: Sequence[str], problems: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The columns of a product's rows, each with a cell a row; those with a problem come first."""
    n_columns = max([len(header), *(len(cells) for _number, cells in raw)])
    columns = []
    for index in range(n_columns):
        name = header[index] if index < len(header) else ""
        cells = [_cell(row, n, index, name, problems) for n, row in enumerate(raw)]
        wrong = any(cell["messages"] for cell in cells)
        columns.append({"name": name, "cells": cells, "has_problem": wrong or not name})
    columns.sort(key=lambda column: not column["has_problem"])
    return columns[: max(1, MAX_CELLS // max(1, len(raw)))]


def _cell(
    row: Row, n: int, index: int, name: str, problems: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    number, cells = row
    value = cells[index].replace("\0", "") if index < len(cells) else ""
    here = [p for p in problems if p["row"] == number and p["column"] == name and name]
    return {
        "name": _field(n, index),
        "row": number,
        "value": value,
        "is_long": len(value) > LONG_CELL or "\n" in value,
        "messages": [problem["message"] for problem in here],
    }


def _field(n: int, index: int) -> str:
    return f"cell-{n}-{index}"


def _posted(request: MerchantRequest, raw: Any, n_columns: int) -> Any:
    """The product as it was sent; cells that the form did not show are kept."""
    if not isinstance(raw, list):
        return request.POST.get("text", "").replace("\r\n", "\n")
    return [
        (number, _posted_cells(request, n, cells, n_columns))
        for n, (number, cells) in enumerate(raw)
    ]


def _posted_cells(
    request: MerchantRequest, n: int, cells: Sequence[str], n_columns: int
) -> list[str]:
    """A row's cells, as many as the header has and more only where more are filled."""
    width = max(len(cells), n_columns)
    kept = [*cells, *[""] * (width - len(cells))]
    found = [_unless_same(request.POST.get(_field(n, i)), cell) for i, cell in enumerate(kept)]
    while len(found) > n_columns and not found[-1]:
        found.pop()
    return found


def _unless_same(sent: str | None, kept: str) -> str:
    """What was sent, or the cell as it was where only a browser's line ends are different."""
    if sent is None:
        return kept
    text = sent.replace("\r\n", "\n")
    return kept if text == kept.replace("\r\n", "\n") else text
