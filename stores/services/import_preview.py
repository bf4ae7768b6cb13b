"""What an import would do, product by product: the items of its preview."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from stores.catalogue.bulk import BulkTable, Row
from stores.catalogue.known import Known, known_products
from stores.catalogue.merge import merge
from stores.catalogue.merge_skus import OptionsNeeded
from stores.importers.base import ImportOptions, Layout, ParsedProduct, Problem
from stores.importers.stored import pack_product
from stores.models import CatalogueImport, ImportItem
from stores.services.import_warnings import taken_codes
from stores.services.seen import Seen

Action = ImportItem.Action
ITEMS = BulkTable(ImportItem)
MAX_ROWS_SHOWN = 10


@dataclass(slots=True)
class Preview:
    """items: of these products, not stored yet. spoiled: stored items whose handle came again."""

    items: list[Row] = field(default_factory=list)
    spoiled: list[ImportItem] = field(default_factory=list)


def preview_items(
    catalogue_import: CatalogueImport,
    layout: Layout,
    options: ImportOptions,
    products: Sequence[ParsedProduct],
    first_position: int,
    *,
    handles_seen: Seen | None = None,
    apart_from: int | None = None,
) -> Preview:
    """Compare products of the file with those that are here and with each other.

    handles_seen: of the file so far; without it every handle is looked up among the earlier items.
    apart_from: the key of an item that is being read anew.
    """
    known = known_products({product.handle for product in products if product.handle})
    repeated = _perhaps_repeated(products, handles_seen)
    earlier = _earlier(catalogue_import, repeated, apart_from) if repeated else []
    rows = _rows_by_handle(products, earlier, repeated)
    taken = taken_codes(products)
    preview = Preview(spoiled=earlier)
    blank = ITEMS.blank() | {"catalogue_import_id": catalogue_import.pk}
    for position, product in enumerate(products, start=first_position):
        here = known.get(product.handle)
        problems = [*product.problems, *_repeated(product, rows)]
        item = Row({**blank, "position": position})
        _fill(item, product, here, layout, options, problems)
        warnings = [*product.warnings, *taken.of(product)]
        warnings += _in_another_language(product, here, layout, options)
        item.warnings = [warning.to_json() for warning in warnings]
        preview.items.append(item)
    for spoiled in preview.spoiled:
        problem = _handle_repeated(spoiled.first_row, rows[spoiled.handle])
        spoiled.problems = [*spoiled.problems, problem.to_json()]
    return preview


def _perhaps_repeated(products: Iterable[ParsedProduct], seen: Seen | None) -> set[str]:
    handles = (product.handle for product in products if product.handle)
    return {handle for handle in handles if seen is None or seen.add(handle)}


def _earlier(
    catalogue_import: CatalogueImport, handles: set[str], apart_from: int | None
) -> list[ImportItem]:
    items = ImportItem.objects.filter(catalogue_import=catalogue_import, handle__in=handles)
    return list(items.exclude(pk=apart_from).order_by("position").defer("data", "raw"))


def _rows_by_handle(
    products: Sequence[ParsedProduct], earlier: Sequence[ImportItem], repeated: set[str]
) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    places = [(item.handle, item.first_row) for item in earlier]
    places += [(one.handle, one.first_row) for one in products if one.handle in repeated]
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


def _fill(
    item: Row,
    product: ParsedProduct,
    known: Known | None,
    layout: Layout,
    options: ImportOptions,
    problems: list[Problem],
) -> None:
    item.first_row, item.handle = product.first_row, product.handle
    item.title = product.title or (known.product.title if known else "")
    changes: list[dict[str, Any]] = []
    if known is None:
        problems += _problems_of_new(product, layout.narrowed(product))
    elif not problems:
        changes = _changes(product, known, layout, options, problems)
    if problems:
        item.action, item.raw = Action.INVALID.value, product.raw
        item.problems = [problem.to_json() for problem in problems]
    elif known is not None and not changes:
        item.action = Action.UNCHANGED.value
    else:
        item.action = Action.NEW.value if known is None else Action.CHANGED.value
        item.changes, item.data = changes, pack_product(product)


def _in_another_language(
    product: ParsedProduct, known: Known | None, layout: Layout, options: ImportOptions
) -> list[Problem]:
    """A product that is here shows its description in its own language: that of another stays out."""
    if known is None or known.product.locale == options.locale or not product.description:
        return []
    params = {"value": options.locale, "locale": known.product.locale}
    return [Problem(product.first_row, layout.description_column, "language_differs", params)]


def _problems_of_new(product: ParsedProduct, layout: Layout) -> list[Problem]:
    """What keeps a product out that is not here yet."""
    fields, row = layout.fields, product.first_row
    if not product.title and "title" not in fields:
        return [Problem(row, "", "title_missing")]
    if len(product.skus) > 1 and "skus" in fields and "sku.options" not in fields:
        return [Problem(row, "", "options_needed")]
    return []


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
