"""The header of a Shopify CSV: which column stands where, and what the file can say."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from stores.formulas import undo
from stores.importers.base import ImportOptions, Layout, UnreadableFile
from stores.importers.csv_rows import Row
from stores.importers.shopify_columns import Column, column_of
from stores.money import minor_digits

Indexed = tuple[tuple[int, Column], ...]


@dataclass(frozen=True)
class Sheet:
    """index: where a column stands, by its classic name. width: cells that every row must have.

    of_product: the cells of a row that speak of the product as a whole. product_columns,
    loose_columns: of the product as a whole, and those that belong to the SKU of
    their row without being modelled. marks: columns that tell that a row carries a SKU.
    """

    layout: Layout
    index: dict[str, int]
    product_columns: Indexed
    loose_columns: Indexed
    marks: tuple[int, ...]
    of_product: Callable[[list[str]], tuple[str, ...]]
    width: int
    file_name: str
    options: ImportOptions

    @cached_property
    def has_usual_prices(self) -> bool:
        """Whether 12.50 is a price that can be read in one way only."""
        return self.options.decimal_mark != "," and minor_digits(self.options.currency) == 2

    @classmethod
    def of(cls, header: Row, file_name: str, options: ImportOptions) -> "Sheet":
        """Raises UnreadableFile for a column that occurs twice or a missing handle column."""
        names = [cell.replace("\0", "").strip() for cell in header[1]]
        columns = tuple((i, column_of(name)) for i, name in enumerate(names) if name)
        _refuse_repeated(header[0], columns)
        index = {column.name: i for i, column in columns}
        if "Handle" not in index:
            raise UnreadableFile("column_missing", row=header[0], column="Handle")
        body = names[index["Body (HTML)"]] if "Body (HTML)" in index else ""
        return cls(
            layout=Layout(tuple(names), _fields(columns), _cell_names(columns), body),
            index=index,
            product_columns=tuple((i, c) for i, c in columns if c.level == "product"),
            loose_columns=tuple((i, c) for i, c in columns if c.level == "sku" and not c.field),
            marks=tuple(i for i, c in columns if c.makes_sku),
            of_product=_getter([i for i, c in columns if c.level == "product"]),
            width=1 + max(index.values()),
            file_name=file_name,
            options=options,
        )

    def blank_but_handle(self, lead: tuple[str, ...]) -> tuple[str, ...]:
        """What `of_product` gives for a row that only repeats the handle of the first one."""
        place = [c.name for _, c in self.product_columns].index("Handle")
        return ("",) * place + (lead[place],) + ("",) * (len(lead) - place - 1)

    def handle_of(self, row: Row) -> str:
        """What tells that rows belong together."""
        cells, i = row[1], self.index["Handle"]
        return undo(cells[i].strip()) if i < len(cells) else ""


def _getter(places: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    if len(places) == 1:  # itemgetter of a single place gives no tuple
        return lambda cells: (cells[places[0]],)
    getter: Callable[[list[str]], tuple[str, ...]] = itemgetter(*places)
    return getter


def _refuse_repeated(row: int, columns: Indexed) -> None:
    seen: set[str] = set()
    for _, column in columns:
        if column.name in seen:
            raise UnreadableFile("column_twice", row=row, column=column.name)
        seen.add(column.name)


def _cell_names(columns: Indexed) -> frozenset[str]:
    return frozenset(column.name for _, column in columns if not column.field)


def _fields(columns: Indexed) -> frozenset[str]:
    return frozenset(field for _, column in columns for field in _fields_of(column))


def _fields_of(column: Column) -> set[str]:
    if column.field.startswith("option_name"):
        return {"option_names"}
    if column.field.startswith("option_value"):
        return {"skus", "sku.options"}
    if column.makes_sku:
        return {"skus", f"sku.{column.field}"} if column.field else {"skus"}
    if column.level == "image":
        return {"images"}
    if column.name == "Published":
        return {"status"}
    return {column.field} if column.level == "product" and column.field else set()
