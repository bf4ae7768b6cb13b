"""Attributes and options of one product in the numbered columns of WooCommerce's CSV."""

from typing import Any

from stores.catalogue.known import Known
from stores.exporters.imported import says
from stores.exporters.woocommerce_columns import ExportColumns
from stores.importers.attribute_values import write_value
from stores.importers.woocommerce_cells import read_list, write_list
from stores.importers.woocommerce_columns import MEASURES, Column, attribute_column
from stores.importers.woocommerce_product import ANY
from stores.models import Sku


class Attributes:
    """slots: the number of the columns that each name of this product has.

    A name stays where its file had it; others take the numbers that are left.
    """

    def __init__(
        self,
        known: Known,
        export: ExportColumns,
        cells: dict[str, str],
        spellings: dict[str, str],
    ) -> None:
        self.product, self.skus = known.product, known.skus
        self.cells, self.spellings = cells, spellings
        self.measures = self._measures(export)
        self.attributes: dict[str, dict[str, Any]] = {}
        for one in self.product.attributes:
            if one["name"] not in self.product.option_names and id(one) not in self._measured():
                self._add(one)
        self.slots = self._slots(export)
        self.names = {n: name for name, n in self.slots.items()}

    def _add(self, one: dict[str, Any]) -> None:
        """Two values under one name are a list there."""
        before = self.attributes.get(one["name"])
        if before is not None:
            values = [*_listed(before["value"]), *_listed(one["value"])]
            one = {"name": one["name"], "value": values, "type": "list", "unit": None}
        self.attributes[one["name"]] = one

    def own(self, column: Column) -> str:
        """A cell of the product's own row."""
        name = self.names.get(column.n)
        if name is None:
            return ""
        if column.part == "name":
            return name
        if column.part == "value":
            return self._value(name, self.spellings.get(column.name, ""))
        is_kept = self._kept_name(column.n) == name
        kept = self.cells.get(column.name, "") if is_kept else ""
        if is_kept or column.part == "default":
            return kept
        return "1" if column.part == "visible" else "0"

    def of_variation(self, column: Column, sku: Sku, cells: dict[str, str]) -> str:
        """A cell of a variation's row: only options have values there."""
        name = self.names.get(column.n, "")
        is_option = name in self.product.option_names
        if column.part == "name":
            return name if is_option else str(cells.get(column.name, ""))
        if column.part == "value":
            return self._option(name, sku) if is_option else ""
        return str(cells.get(column.name, ""))

    def measure(self, column: Column) -> str:
        """Length, width or height of the product's own row, without the unit of its column."""
        one = self.measures.get(column.name)
        if one is None:
            return ""
        raw = self.spellings.get(column.name, "")
        if raw and says(f"{raw} {column.unit}" if column.unit else raw, one):
            return raw
        return write_value(one["value"])

    def _measures(self, export: ExportColumns) -> dict[str, dict[str, Any]]:
        """The attributes that stand in columns of their own: they came from there, in that unit."""
        found = {}
        for header, column in zip(export.headers, export.columns, strict=True):
            for one in self.product.attributes:
                is_from = (one.get("origin") or {}).get("column") == header
                is_in_unit = not column.unit or one.get("unit") == column.unit
                if (
                    column.name in MEASURES
                    and one["name"] == column.name
                    and is_from
                    and is_in_unit
                ):
                    found[column.name] = one
        return found

    def _measured(self) -> set[int]:
        return {id(one) for one in self.measures.values()}

    def _slots(self, export: ExportColumns) -> dict[str, int]:
        wanted = [*self.product.option_names, *self.attributes]
        kept = {self._kept_name(n): n for n in reversed(export.slots) if self._kept_name(n)}
        slots = {name: kept[name] for name in wanted if name in kept}
        free = (n for n in export.slots if n not in slots.values())
        slots |= dict(zip((name for name in wanted if name not in slots), free, strict=False))
        # Names that the file gave no value keep their place, where nobody needs it.
        empty = {
            name: n
            for name, n in kept.items()
            if name not in slots and n not in slots.values() and not self._had_value(n)
        }
        return slots | empty

    def _kept_name(self, n: int) -> str:
        return self.cells.get(attribute_column(n, "name"), "")

    def _had_value(self, n: int) -> bool:
        return bool(self.spellings.get(attribute_column(n, "value")))

    def _value(self, name: str, raw: str) -> str:
        if name in self.product.option_names:
            return self._options(name, raw)
        one = self.attributes.get(name)
        if one is None:
            return ""
        listed = read_list(raw)
        is_same = listed == one["value"] if len(listed) > 1 else says("".join(listed), one)
        if raw and is_same:
            return raw
        if isinstance(one["value"], list):
            return write_list(map(str, one["value"]))
        return write_list([write_value(one["value"], one.get("unit"))])

    def _options(self, name: str, raw: str) -> str:
        place = self.product.option_names.index(name)
        used = dict.fromkeys(sku.options[place] for sku in self.skus if sku.options[place] != ANY)
        return raw if raw and set(used) <= set(read_list(raw)) else write_list(used)

    def _option(self, name: str, sku: Sku) -> str:
        value = sku.options[self.product.option_names.index(name)]
        return "" if value == ANY else write_list([value])


def _listed(value: Any) -> list[str]:
    return list(map(str, value)) if isinstance(value, list) else [write_value(value)]
