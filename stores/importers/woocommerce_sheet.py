"""The header of a WooCommerce CSV: which column stands where, and what the file can say."""

from dataclasses import dataclass

from stores.formulas import undo
from stores.importers.base import ImportOptions, Layout, UnreadableFile
from stores.importers.column_names import storable
from stores.importers.csv_rows import Row
from stores.importers.woocommerce_columns import Column, attribute_column, column_of


@dataclass(frozen=True, slots=True)
class Sheet:
    """index: where a column stands, by its English name. columns: the same the other way round.

    attributes: the numbers of those that have a name and values. width: cells that a row must have.
    """

    layout: Layout
    index: dict[str, int]
    columns: tuple[tuple[int, Column], ...]
    attributes: tuple[int, ...]
    width: int
    file_name: str
    options: ImportOptions

    @classmethod
    def of(
        cls, header: tuple[str, ...], row: int, file_name: str, options: ImportOptions
    ) -> "Sheet":
        """Raises UnreadableFile for a column that occurs twice."""
        names = [storable(cell).strip() for cell in header]
        columns = _told_apart(row, names)
        index = {column.name: i for i, column in columns}
        numbers = {column.n for _, column in columns if column.part == "name"}
        return cls(
            layout=Layout(
                tuple(names),
                _fields(columns),
                frozenset(index),
                names[index["Description"]] if "Description" in index else "",
            ),
            index=index,
            columns=columns,
            attributes=tuple(n for n in sorted(numbers) if attribute_column(n, "value") in index),
            width=1 + max(index.values(), default=-1),
            file_name=file_name,
            options=options,
        )

    def cell(self, row: Row, name: str) -> str:
        """A cell of a row by the English name of its column, "" where there is none."""
        i = self.index.get(name)
        return undo(row[1][i].strip()) if i is not None and i < len(row[1]) else ""

    def header_of(self, name: str) -> str:
        """What the file itself calls a column."""
        return self.layout.columns[self.index[name]] if name in self.index else name

    def kind_of(self, row: Row) -> str:
        """variation, variable, or single for all that stands for itself."""
        words = [word.strip() for word in self.cell(row, "Type").lower().split(",")]
        if any(word.endswith("variation") for word in words):
            return "variation"
        return "variable" if any(word.startswith("variable") for word in words) else "single"


def _told_apart(row: int, names: list[str]) -> tuple[tuple[int, Column], ...]:
    """The columns; of the same name only where Chinese shops call cross-sells like upsells."""
    found: list[tuple[int, Column]] = []
    seen: set[str] = set()
    for i, name in enumerate(names):
        if not name:
            continue
        column = column_of(name)
        if column.name == "Upsells" and "Upsells" in seen:
            column = column_of("Cross-sells")
        if column.name in seen:
            raise UnreadableFile("column_twice", row=row, column=name)
        seen.add(column.name)
        found.append((i, column))
    return tuple(found)


def _fields(columns: tuple[tuple[int, Column], ...]) -> frozenset[str]:
    named = {column.field for _, column in columns if column.field}
    fields = named | {"handle", "skus", "sku.options"}
    if named & {"sku.price_minor", "sku.compare_at_price_minor"}:
        fields |= {"sku.price_minor", "sku.compare_at_price_minor"}
    if "images" in named:
        fields.add("sku.image_url")
    return frozenset(fields)
