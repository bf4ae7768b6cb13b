"""Shopify's product CSV, with the classic and with the new headers: a product takes one row or several."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from stores.importers.base import ImportOptions, Layout, ParsedProduct, Sample, UnreadableFile
from stores.importers.csv_rows import Row, csv_rows
from stores.importers.limits import MAX_ROWS_PER_PRODUCT
from stores.importers.shopify_columns import column_of
from stores.importers.shopify_product import ProductRows
from stores.importers.shopify_sheet import Sheet


@dataclass(frozen=True)
class ShopifyCsv:
    name: str = "shopify_csv"
    label = _("Shopify products (CSV)")
    extensions: tuple[str, ...] = (".csv",)

    def recognises(self, sample: Sample) -> float:
        """Sure in the measure in which the columns are Shopify's; a handle and one more at least."""
        columns = [column_of(header) for header in header_of(sample)]
        known = {column.name for column in columns if column.field or column.makes_sku}
        if "Handle" not in known or len(known) < 2:
            return 0.0
        return 0.5 + 0.5 * len(known) / len(columns)

    def read(
        self, stream: BinaryIO, *, file_name: str, options: ImportOptions
    ) -> Iterator[Layout | ParsedProduct]:
        rows = csv_rows(stream)
        header = next(rows, None)
        if header is None:
            raise UnreadableFile("file_empty")
        sheet = Sheet.of(header, file_name, options)
        yield sheet.layout
        group: list[Row] = []
        for group in _groups(sheet, rows):
            yield ProductRows(sheet, group).product()
        if not group:
            raise UnreadableFile("no_products")


IMPORTER = ShopifyCsv()


def header_of(sample: Sample) -> list[str]:
    """The first row of the file, whatever its encoding; empty if it is no CSV."""
    text = sample.head.decode("utf-8-sig", errors="replace")
    try:
        return next((row for row in csv.reader(StringIO(text, newline="")) if any(row)), [])
    except csv.Error:
        return []


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
