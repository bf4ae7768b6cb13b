"""The columns of a table that a person has assigned, and what the file can say by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stores.formulas import undo
from stores.importers.base import ImportOptions, Layout, UnreadableFile
from stores.importers.column_names import unit_of
from stores.importers.csv_rows import Row
from stores.importers.mapped_fields import FIELDS

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
    "weight": {"skus", "sku.weight_grams"},
    "image": {"images"},
    "option": {"skus", "sku.options"},
    "option_name": {"skus", "sku.options"},
    "option_value": {"skus", "sku.options"},
    "attribute": {"attributes"},
}
OF_SKUS = frozenset(
    ["sku", "barcode", "price", "sale_price", "compare_at_price", "weight", "option"]
    + ["option_value"]
)


@dataclass(frozen=True, slots=True)
class MappedSheet:
    """places: where the columns of each field stand. width: cells that a row must have."""

    layout: Layout
    places: dict[str, tuple[int, ...]]
    width: int
    weight_unit: str
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
        names = [cell.replace("\0", "").strip() for cell in header]
        places: dict[str, tuple[int, ...]] = {}
        for i, name in enumerate(names):
            field = mapping.get(name, mapping.get(header[i], "cell")) if name else "ignore"
            if field not in FIELDS:
                raise UnreadableFile("mapping_unknown_field", field=str(field)[:60], column=name)
            places[field] = (*places.get(field, ()), i)
        _refuse(places, names)
        weights = places.get("weight", ())
        return cls(
            layout=_layout(names, places),
            places=places,
            width=1 + max((i for i, name in enumerate(names) if name), default=-1),
            weight_unit=unit_of(names[weights[0]]) if weights else "",
            file_name=file_name,
            options=options,
        )

    def header(self, field: str) -> str:
        """What the file calls the first column of a field."""
        places = self.places.get(field, ())
        return self.layout.columns[places[0]] if places else ""

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
