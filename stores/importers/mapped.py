"""Tables of no format that we know, read by what a person says that their columns mean."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from stores.importers.base import ImportOptions, Layout, ParsedProduct, UnreadableFile
from stores.importers.csv_rows import Row
from stores.importers.limits import MAX_ROWS_PER_PRODUCT
from stores.importers.mapped_fields import FIELDS, Field
from stores.importers.mapped_guess import Guess, guess_mapping
from stores.importers.mapped_product import MappedProduct
from stores.importers.mapped_sheet import MappedSheet
from stores.importers.records import columns_of, record_rows, records
from stores.importers.rereading import fresh, with_rows
from stores.importers.source import Source
from stores.importers.spill import gathered

__all__ = ["FIELDS", "IMPORTER", "Field", "Guess", "guess_mapping"]


@dataclass(frozen=True)
class Mapped:
    name: str = "mapped"
    label = _("Other tables, with columns assigned")
    extensions: tuple[str, ...] = (".csv", ".tsv", ".txt", ".xlsx", ".json", ".xml")

    def recognises(self, source: Source) -> float:
        """Never by itself: a person has to say what the columns are, or to leave it to our guess."""
        return 0.0

    def read(self, source: Source, options: ImportOptions) -> Iterator[Layout | ParsedProduct]:
        table = source.table()
        mapping = options.mapping
        if mapping is None:
            guesses = guess_mapping(table.header, [cells for _, cells in table.sample])
            mapping = {name: guess.field for name, guess in guesses.items()}
        header = _whole_header(source, table.header)
        sheet = MappedSheet.of(header, mapping, source.name, options)
        yield sheet.layout
        rows = None
        for rows in gathered(_reading(source, header), _keys(sheet), MAX_ROWS_PER_PRODUCT):
            yield with_rows(MappedProduct(sheet, rows).product(), rows)
        if rows is None:
            raise UnreadableFile("no_products")

    def reread(
        self, layout: Layout, raw: Any, options: ImportOptions, file_name: str
    ) -> ParsedProduct:
        rows = [(number, list(cells)) for number, cells in raw]
        mapping = options.mapping
        if mapping is None:
            guesses = guess_mapping(layout.columns, [cells for _, cells in rows])
            mapping = {name: guess.field for name, guess in guesses.items()}
        sheet = MappedSheet.of(layout.columns, mapping, file_name, options)
        return with_rows(MappedProduct(sheet, rows).product(), rows)


IMPORTER = Mapped()


def _whole_header(source: Source, header: Sequence[str]) -> tuple[str, ...]:
    """A list of objects may name something further down that none of the first ones has."""
    if source.kind == "table":
        return tuple(header)
    return tuple(dict.fromkeys([*header, *columns_of(records(source))]))


def _reading(source: Source, header: Sequence[str]) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        if source.kind == "table":
            return fresh(source).table().rows()
        found = record_rows(fresh(source), header)
        next(found)
        return found

    return rows


def _keys(sheet: MappedSheet) -> Callable[[Row], str]:
    """What tells that rows belong together; rows without name and title belong to those above."""
    field = next((name for name in ("group", "handle") if sheet.has(name)), "")
    last = ""

    def key_of(row: Row) -> str:
        nonlocal last
        if not field:
            return ""
        key = sheet.cell(row, field)
        if not key and field == "group":
            # The product of the variants that name it: by its SKU.
            key = sheet.cell(row, "sku")
        if key or (sheet.has("title") and sheet.cell(row, "title")):
            last = key
        return last

    return key_of
