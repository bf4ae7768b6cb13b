"""Products of an import that a person has to look at: what is wrong, and reading them once more."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from stores.importers.base import (
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    ImportOptions,
    Layout,
    ParsedProduct,
)
from stores.importers.column_names import storable
from stores.importers.problems import message_of
from stores.importers.registry import all_importers
from stores.importers.stored import as_read, unpack_layout, unpack_options, unpack_product
from stores.models import CatalogueImport, ImportItem
from stores.services.import_preview import preview_items
from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError

State = CatalogueImport.State
Action = ImportItem.Action
CORRECTABLE = (State.PREVIEWED, State.FINISHED)
READ_ANEW = ("handle", "title", "action", "data", "changes", "problems", "warnings", "raw")
CHUNK = 500


class ErrorRow(NamedTuple):
    """A line of the error report. row, column: in the file. is_warning: it was imported all the same."""

    row: int
    column: str
    handle: str
    title: str
    message: str
    is_warning: bool


def error_rows(catalogue_import: CatalogueImport) -> Iterator[ErrorRow]:
    """What is wrong with the file, in its order and in the language of the moment, as a stream.

    Each chunk is read in a transaction of its own; the scope has to last as long as the stream.
    """
    position = -1
    while True:
        with transaction.atomic():
            spoken_of = Q(action=Action.INVALID) | ~Q(warnings=[])
            items = catalogue_import.items.filter(spoken_of, position__gt=position)
            found = list(items.order_by("position").defer("data", "changes", "raw")[:CHUNK])
        for item in found:
            position = item.position
            yield from _lines(item)
        if len(found) < CHUNK:
            return


def correct_item(*, item: ImportItem, raw: Any, actor: Actor) -> ImportItem:
    """Read an invalid product once more, as a person has corrected it; the item as it is then.

    raw: as ImportItem.raw. It may be invalid still. Where it gives up a handle that another product
    of the file has too, that one is no longer in doubt.
    Raises DomainError import_not_correctable, item_not_correctable or raw_not_understood.
    """
    found = CatalogueImport.objects.select_for_update().get(pk=item.catalogue_import_id)
    if found.state not in CORRECTABLE:
        message = _("This import cannot be corrected at the moment.")
        raise DomainError("import_not_correctable", message)
    item = found.items.select_for_update().get(pk=item.pk)
    if item.action != Action.INVALID or item.raw is None:
        message = _("This product cannot be corrected here. Correct the file and upload it again.")
        raise DomainError("item_not_correctable", message)
    layout = unpack_layout(found.columns)
    options = as_read(unpack_options(found.options), found.reading)
    importer = all_importers()[found.format]
    parsed = importer.reread(layout, _checked(raw, item.raw), options, found.file_name)
    left = item.handle
    _read_anew(found, item, parsed, layout, options)
    if left != item.handle:
        _clear_doubt(found, left, layout, options)
    record("import.item_corrected", actor=actor, target=found.public_id, row=item.first_row)
    return item


def _checked(raw: Any, before: Any) -> Any:
    """What a person has sent, in the shape of what was kept: a text, or rows as [number, cells]."""
    if isinstance(before, str) and isinstance(raw, str):
        return storable(raw)
    if isinstance(before, list) and isinstance(raw, list) and len(raw) == len(before):
        pairs = list(zip(raw, before, strict=True))
        if all(_is_row(row, old) for row, old in pairs):
            return [(old[0], [storable(cell) for cell in row[1]]) for row, old in pairs]
    message = _("The corrected product is not in the shape in which it was given out.")
    raise DomainError("raw_not_understood", message, status=422)


def _is_row(row: Any, before: Any) -> bool:
    if not isinstance(row, list | tuple) or len(row) != 2 or row[0] != before[0]:
        return False
    cells = row[1]
    is_narrow = isinstance(cells, list) and len(cells) <= MAX_COLUMNS
    return is_narrow and all(
        isinstance(cell, str) and len(cell) <= MAX_CELL_CHARACTERS for cell in cells
    )


def _read_anew(
    found: CatalogueImport,
    item: ImportItem,
    parsed: ParsedProduct,
    layout: Layout,
    options: ImportOptions,
) -> None:
    """Compare with what is here and with the rest of the file, and keep what comes of it."""
    preview = preview_items(found, layout, options, [parsed], item.position, apart_from=item.pk)
    before, fresh = ImportItem.Action(item.action), preview.items[0]
    for name in READ_ANEW:
        setattr(item, name, getattr(fresh, name))
    item.save(update_fields=READ_ANEW)
    if before != item.action:
        changed = {
            f"n_{before}": F(f"n_{before}") - 1,
            f"n_{item.action}": F(f"n_{item.action}") + 1,
        }
        CatalogueImport.objects.filter(pk=found.pk).update(**changed)


def _clear_doubt(
    found: CatalogueImport, handle: str, layout: Layout, options: ImportOptions
) -> None:
    """The one product that still has this handle is read from what was kept of it."""
    same = list(found.items.filter(handle=handle, action=Action.INVALID)[:2])
    if len(same) != 1 or not same[0].data:
        return
    if {problem["code"] for problem in same[0].problems} == {"handle_repeated"}:
        _read_anew(found, same[0], unpack_product(same[0].data), layout, options)


def _lines(item: ImportItem) -> Iterator[ErrorRow]:
    for problems, is_warning in ((item.problems, False), (item.warnings, True)):
        for one in problems:
            text = message_of(one["code"], {"row": one["row"], **one["params"]})
            yield ErrorRow(
                one["row"], one["column"], item.handle, item.title, text, is_warning=is_warning
            )
