"""What an import would do, product by product: the items of its preview."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from stores.catalogue.known import Known, known_products
from stores.catalogue.merge import merge
from stores.catalogue.merge_skus import OptionsNeeded
from stores.importers.base import ImportOptions, Layout, ParsedProduct, Problem
from stores.importers.stored import pack_product
from stores.models import CatalogueImport, ImportItem

Action = ImportItem.Action
MAX_ROWS_SHOWN = 10


@dataclass(slots=True)
class Preview:
    """items: of these products, not stored yet. spoiled: stored items whose handle came again."""

    items: list[ImportItem] = field(default_factory=list)
    spoiled: list[ImportItem] = field(default_factory=list)


def preview_items(
    catalogue_import: CatalogueImport,
    layout: Layout,
    options: ImportOptions,
    products: Sequence[ParsedProduct],
    first_position: int,
    *,
    apart_from: int | None = None,
) -> Preview:
    """Compare products of the file with those that are here and with each other.

    apart_from: the key of an item that is being read anew.
    """
    handles = {product.handle for product in products if product.handle}
    known = known_products(handles)
    earlier = _earlier(catalogue_import, handles, apart_from)
    rows = _rows_by_handle(products, earlier)
    preview = Preview(spoiled=list(earlier))
    for position, product in enumerate(products, start=first_position):
        problems = [*product.problems, *_repeated(product, rows)]
        one = known.get(product.handle)
        item = _item(product, one, layout, options, problems)
        item.catalogue_import, item.position = catalogue_import, position
        preview.items.append(item)
    for item in preview.spoiled:
        problem = _handle_repeated(item.first_row, rows[item.handle])
        item.problems = [*item.problems, problem.to_json()]
    return preview


def _earlier(
    catalogue_import: CatalogueImport, handles: set[str], apart_from: int | None
) -> list[ImportItem]:
    items = ImportItem.objects.filter(catalogue_import=catalogue_import, handle__in=handles)
    return list(items.exclude(pk=apart_from).order_by("position").defer("data"))


def _rows_by_handle(
    products: Sequence[ParsedProduct], earlier: Sequence[ImportItem]
) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    places = [(item.handle, item.first_row) for item in earlier]
    places += [(product.handle, product.first_row) for product in products if product.handle]
    for handle, row in places:
        rows[handle].append(row)
    return rows


def _repeated(product: ParsedProduct, rows: dict[str, list[int]]) -> list[Problem]:
    if len(rows.get(product.handle, ())) < 2:
        return []
    return [_handle_repeated(product.first_row, rows[product.handle])]


def _handle_repeated(row: int, rows: list[int]) -> Problem:
    shown = ", ".join(str(number) for number in rows[:MAX_ROWS_SHOWN])
    return Problem(row, "", "handle_repeated", {"rows": shown})


def _item(
    product: ParsedProduct,
    known: Known | None,
    layout: Layout,
    options: ImportOptions,
    problems: list[Problem],
) -> ImportItem:
    title = product.title or (known.product.title if known else "")
    if known is None and not title and "title" not in layout.narrowed(product).fields:
        problems.append(Problem(product.first_row, "", "title_missing"))
    item = ImportItem(first_row=product.first_row, handle=product.handle, title=title)
    changes = (
        [] if problems or known is None else _changes(product, known, layout, options, problems)
    )
    item.warnings = [warning.to_json() for warning in product.warnings]
    if problems:
        item.action, item.raw = Action.INVALID, product.raw
        item.problems = [problem.to_json() for problem in problems]
    elif known is not None and not changes:
        item.action = Action.UNCHANGED
    else:
        item.action = Action.NEW if known is None else Action.CHANGED
        item.changes, item.data = changes, pack_product(product)
    return item


def _changes(
    product: ParsedProduct,
    known: Known,
    layout: Layout,
    options: ImportOptions,
    problems: list[Problem],
) -> list[dict[str, Any]]:
    try:
        return merge(product, known, layout, options).changes
    except OptionsNeeded:
        problems.append(Problem(product.first_row, "", "options_needed"))
        return []


def has_conflict(changes: Sequence[dict[str, Any]]) -> bool:
    """Whether the description was changed on both sides."""
    return any(change.get("conflict") for change in changes)
