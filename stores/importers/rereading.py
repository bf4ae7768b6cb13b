"""Files read twice, and products kept as they stood in the file until a person has corrected them."""

from collections.abc import Sequence
from dataclasses import replace

from stores.importers.base import ParsedProduct
from stores.importers.column_names import storable
from stores.importers.csv_rows import Row
from stores.importers.limits import MAX_ROWS_PER_PRODUCT
from stores.importers.source import Source


def fresh(source: Source) -> Source:
    """The same file from its beginning; the one before is no longer to be read from."""
    return Source(source.stream, source.name, source.options)


def with_rows(product: ParsedProduct, rows: Sequence[Row]) -> ParsedProduct:
    """The product with its rows, so that a person can correct them if they have to.

    What is wrong may show only later: a handle that comes again, or a code that is taken.
    """
    if len(rows) > MAX_ROWS_PER_PRODUCT:
        return product
    raw = [(number, [storable(cell) for cell in cells]) for number, cells in rows]
    return replace(product, raw=raw)


def with_text(product: ParsedProduct, text: str) -> ParsedProduct:
    """The same for a product that is no row of a table."""
    return replace(product, raw=storable(text))
