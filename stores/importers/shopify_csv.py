"""Shopify's product CSV, with the classic and with the new headers: a product takes one row or several."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from stores.importers.base import ImportOptions, Layout, ParsedProduct, UnreadableFile
from stores.importers.csv_rows import Row
from stores.importers.limits import MAX_ROWS_PER_PRODUCT
from stores.importers.shopify_columns import column_of
from stores.importers.shopify_product import ProductRows
from stores.importers.shopify_sheet import Sheet
from stores.importers.source import Source


@dataclass(frozen=True)
class ShopifyCsv:
    name: str = "shopify_csv"
    label = _("Shopify products (CSV)")
    extensions: tuple[str, ...] = (".csv",)

    def recognises(self, source: Source) -> float:
        """Sure in the measure in which the columns are Shopify's; a handle and one more at least."""
        if source.kind != "table":
            return 0.0
        columns = [column_of(header) for header in source.table().header]
        known = {column.name for column in columns if column.field or column.makes_sku}
        if "Handle" not in known or len(known) < 2:
            return 0.0
        return 0.5 + 0.5 * len(known) / len(columns)

    def read(self, source: Source, options: ImportOptions) -> Iterator[Layout | ParsedProduct]:
        table = source.table()
        sheet = Sheet.of((table.header_row, list(table.header)), source.name, options)
        yield sheet.layout
        group: list[Row] = []
        for group in _groups(sheet, table.rows()):
            yield _product(sheet, group)
        if not group:
            raise UnreadableFile("no_products")

    def reread(
        self, layout: Layout, raw: Any, options: ImportOptions, file_name: str
    ) -> ParsedProduct:
        sheet = Sheet.of((1, list(layout.columns)), file_name, options)
        return _product(sheet, [(number, list(cells)) for number, cells in raw])


IMPORTER = ShopifyCsv()


def _product(sheet: Sheet, group: list[Row]) -> ParsedProduct:
    """One with problems of its own keeps its rows as they stand in the file, not as they are read."""
    product = ProductRows(sheet, group).product()
    if not product.problems:
        return product
    if len(group) > MAX_ROWS_PER_PRODUCT:
        return replace(product, raw=None)
    # JSON in the database has no NUL.
    raw = [(number, [cell.replace("\0", "") for cell in cells]) for number, cells in group]
    return replace(product, raw=raw)


def _groups(sheet: Sheet, rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Rows that stand together under one handle. A row without one is a product of its own."""
    group: list[Row] = []
    handle = ""
    for row in rows:
        own = sheet.handle_of(row)
        if group and (not own or own != handle):
            yield group
            group = []
        handle = own
        # One row too many is kept, so that the product is reported; more would only fill memory.
        if len(group) <= MAX_ROWS_PER_PRODUCT:
            group.append(row)
    if group:
        yield group
