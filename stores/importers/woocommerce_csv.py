"""WooCommerce's product CSV: a variation names its product, and stands anywhere before or after it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from stores.importers.base import ImportOptions, Layout, ParsedProduct, Problem, UnreadableFile
from stores.importers.csv_rows import Row
from stores.importers.limits import MAX_ROWS_PER_PRODUCT
from stores.importers.rereading import fresh, with_rows
from stores.importers.source import Source
from stores.importers.spill import Spill
from stores.importers.woocommerce_columns import column_of
from stores.importers.woocommerce_product import WooProduct
from stores.importers.woocommerce_sheet import Sheet

TELLING = frozenset(
    ["Published", "Is featured?", "Visibility in catalog", "Short description", "In stock?"]
    + ["Tax status", "Tax class", "Backorders allowed?", "Sold individually?", "Regular price"]
    + ["Sale price", "Parent", "Grouped products", "Upsells", "Cross-sells", "Shipping class"]
)
LEAST_TELLING = 3


@dataclass(frozen=True)
class WooCommerceCsv:
    name: str = "woocommerce_csv"
    label = _("WooCommerce products (CSV)")
    extensions: tuple[str, ...] = (".csv",)

    def recognises(self, source: Source) -> float:
        """Sure in the measure in which the columns are WooCommerce's, in any of its languages."""
        if source.kind != "table":
            return 0.0
        columns = [column_of(header) for header in source.table().header if header.strip()]
        names = {column.name for column in columns}
        if not {"Name", "SKU"} & names or len(names & TELLING) < LEAST_TELLING:
            return 0.0
        known = sum(bool(column.name in TELLING or column.field) for column in columns)
        return 0.6 + 0.4 * known / len(columns)

    def read(self, source: Source, options: ImportOptions) -> Iterator[Layout | ParsedProduct]:
        table = source.table()
        sheet = Sheet.of(table.header, table.header_row, source.name, options)
        yield sheet.layout
        with Spill() as variations:
            is_empty = True
            for row in table.rows():
                is_empty = False
                if sheet.kind_of(row) == "variation":
                    variations.put(sheet.cell(row, "Parent"), row)
            if is_empty:
                raise UnreadableFile("no_products")
            yield from _products(sheet, fresh(source).table().rows(), variations)

    def reread(
        self, layout: Layout, raw: Any, options: ImportOptions, file_name: str
    ) -> ParsedProduct:
        sheet = Sheet.of(layout.columns, 1, file_name, options)
        return _product(sheet, [(number, list(cells)) for number, cells in raw])


IMPORTER = WooCommerceCsv()


def _products(sheet: Sheet, rows: Iterable[Row], variations: Spill) -> Iterator[ParsedProduct]:
    for row in rows:
        if sheet.kind_of(row) != "variation":
            yield _product(sheet, [row, *_variations_of(sheet, row, variations)])
    # Nobody has asked for these: their product is not in the file.
    for parent in variations.left():
        orphans = _taken(variations, parent)
        yield _product(sheet, orphans)


def _variations_of(sheet: Sheet, row: Row, variations: Spill) -> list[Row]:
    """Those that name the product by its SKU or as `id:` with its number."""
    number, sku = sheet.cell(row, "ID"), sheet.cell(row, "SKU")
    names = [name for name in (f"id:{number}" if number else "", sku, number) if name]
    return sorted(row for name in dict.fromkeys(names) for row in _taken(variations, name))


def _taken(variations: Spill, name: str) -> list[Row]:
    return [(n, cells) for n, cells in variations.take(name, MAX_ROWS_PER_PRODUCT + 1)]


def _product(sheet: Sheet, rows: list[Row]) -> ParsedProduct:
    product = WooProduct(sheet, rows).product()
    if sheet.kind_of(rows[0]) == "variation":
        product = _without_parent(sheet, rows[0], product)
    return with_rows(product, rows)


def _without_parent(sheet: Sheet, row: Row, product: ParsedProduct) -> ParsedProduct:
    parent = sheet.cell(row, "Parent")
    code = "parent_not_found" if parent else "parent_missing"
    column = sheet.header_of("Parent")
    problem = Problem(row[0], column, code, {"value": parent[:60]})
    return replace(product, problems=(problem,), warnings=())
