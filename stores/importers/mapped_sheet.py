"""The columns of a table that a person has assigned, and what the file can say by them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stores.formulas import undo
from stores.importers.base import ImportOptions, Layout, UnreadableFile
from stores.importers.column_names import label_of, storable, unit_of
from stores.importers.csv_rows import Row
from stores.importers.mapped_fields import FIELDS, WEIGHTS

FIELDS_OF: dict[str, set[str]] = {
    **{name: {name} for name in ("title", "description", "vendor", "product_type", "category")},
    "handle": {"handle"},
    "group": {"handle", "skus", "sku.options"},
    "tags": {"tags"},
    "status": {"status"},
    "sku": {"skus", "sku.code"},
    "barcode": {"skus", "sku.barcode"},
    "price": {"skus", "sku.price_minor"},
    "sale_price": {"skus", "sku.price_minor", "sku.compare_at_price_minor"},
    "compare_at_price": {"skus", "sku.compare_at_price_minor"},
    **{name: {"skus", "sku.weight_grams"} for name in WEIGHTS},
    "image": {"images"},
    "option": {"skus", "sku.options"},
    "option_name": {"skus", "sku.options"},
    "option_value": {"skus", "sku.options"},
    "attribute": {"attributes"},
}
OF_SKUS = frozenset(
    ["sku", "barcode", "price", "sale_price", "compare_at_price", "option", "option_value"]
    + [*WEIGHTS]
)


@dataclass(frozen=True, slots=True)
class MappedSheet:
    """places: where the columns of each field stand. width: cells that a row must have.

    labels: of attributes, by header; a label that two would have is the header itself.
    """

    layout: Layout
    places: dict[str, tuple[int, ...]]
    labels: dict[str, str]
    width: int
    file_name: str
    options: ImportOptions

    @classmethod
    def of(
        cls,
        header: Sequence[str],
        mapping: Mapping[str, str],
        file_name: str,
        options: ImportOptions,
    ) -> "MappedSheet":
        """Raises UnreadableFile where the mapping gives products no name, or one field to two columns."""
        names = [storable(cell).strip() for cell in header]
        places: dict[str, tuple[int, ...]] = {}
        for i, name in enumerate(names):
            field = mapping.get(name, mapping.get(header[i], "cell")) if name else "ignore"
            if field not in FIELDS:
                raise UnreadableFile("mapping_unknown_field", field=str(field)[:60], column=name)
            places[field] = (*places.get(field, ()), i)
        _refuse(places, names)
        return cls(
            layout=_layout(names, places),
            places=places,
            labels=_labels([names[i] for i in places.get("attribute", ())]),
            width=1 + max((i for i, name in enumerate(names) if name), default=-1),
            file_name=file_name,
            options=options,
        )

    def header(self, field: str) -> str:
        """What the file calls the first column of a field."""
        places = self.places.get(field, ())
        return self.layout.columns[places[0]] if places else ""

    def weights(self, row: Row) -> list[tuple[str, str, str]]:
        """Header, text and unit of every weight of a row."""
        said = self.cell(row, "weight_unit")
        return [
            (header, text, said or unit_of(header) or unit)
            for field, unit in WEIGHTS.items()
            for header, text in self.cells(row, field)
        ]

    def cell(self, row: Row, field: str) -> str:
        """What stands in the first column of a field."""
        return next((text for _, text in self.cells(row, field)), "")

    def cells(self, row: Row, field: str) -> list[tuple[str, str]]:
        """Header and text of every column of a field that the row has something in."""
        found = []
        for i in self.places.get(field, ()):
            text = undo(row[1][i].strip()) if i < len(row[1]) else ""
            if text:
                found.append((self.layout.columns[i], text))
        return found

    def has(self, field: str) -> bool:
        return field in self.places


def _refuse(places: Mapping[str, tuple[int, ...]], names: Sequence[str]) -> None:
    for field, found in places.items():
        if len(found) > 1 and not FIELDS[field].is_repeatable:
            columns = ", ".join(names[i] for i in found)
            raise UnreadableFile("mapping_field_twice", field=FIELDS[field].label, columns=columns)
    if not {"title", "handle", "sku"} & places.keys():
        raise UnreadableFile("mapping_without_title")


def _labels(headers: Sequence[str]) -> dict[str, str]:
    counts = Counter(map(label_of, headers))
    return {name: label_of(name) if counts[label_of(name)] == 1 else name for name in headers}


def _layout(names: Sequence[str], places: Mapping[str, tuple[int, ...]]) -> Layout:
    fields = set().union(*(FIELDS_OF.get(field, set()) for field in places)) | {"handle"}
    if "image" in places and "sku.options" in fields:
        fields.add("sku.image_url")
    kept = [*places.get("cell", ()), *places.get("attribute", ())]
    described = places.get("description", ())
    return Layout(
        tuple(names),
        frozenset(fields),
        frozenset(names[i] for i in kept),
        names[described[0]] if described else "",
    )
