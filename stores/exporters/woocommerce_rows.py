"""The rows of one product in WooCommerce's CSV: its own, then one for each of its variations."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from stores.catalogue.known import Known
from stores.catalogue.merge import readable_html
from stores.exporters.imported import as_spelled, price_as_spelled
from stores.exporters.woocommerce_attributes import Attributes
from stores.exporters.woocommerce_columns import FORMAT, ExportColumns
from stores.formulas import make_safe
from stores.importers.shopify_cells import write_weight
from stores.importers.weights import GRAMS, read_grams
from stores.importers.woocommerce_cells import read_list, write_html, write_list
from stores.importers.woocommerce_columns import HANDLE, MEASURES, Column
from stores.importers.woocommerce_product import STATUSES
from stores.models import Product, Sku

SPELLED_STATUSES = {Product.Status.ACTIVE: "1"}
NOT_PUBLISHED = "-1"


class WooRows:
    """Writes one product. cells, spellings: of the WooCommerce file that it came from, if it did."""

    def __init__(self, known: Known, export: ExportColumns) -> None:
        self.known, self.export = known, export
        self.product: Product = known.product
        source = self.product.source if self.product.source.get("format") == FORMAT else {}
        self.is_from_file = bool(source)
        self.source: dict[str, Any] = source
        self.cells: dict[str, str] = source.get("cells", {})
        self.spellings: dict[str, str] = source.get("spellings", {})
        self.urls = {image.pk: image.url for image in known.images}
        self.is_variable = bool(self.product.option_names)
        self.attributes = Attributes(known, export, self.cells, self.spellings)

    def rows(self) -> Iterator[list[str]]:
        """The cells of each row, safe to open in a spreadsheet."""
        yield [make_safe(self._own(column)) for column in self.export.columns]
        if self.is_variable:
            for sku in self.known.skus:
                yield [make_safe(self._variation(column, sku)) for column in self.export.columns]

    def _own(self, column: Column) -> str:
        if column.part:
            return self.attributes.own(column)
        if column.name in MEASURES:
            return self.attributes.measure(column)
        known = OWN.get(column.name)
        if known is not None:
            return known(self)
        if column.field.startswith("sku."):
            return self._own_sku(column)
        return self.cells.get(column.name, "")

    def _own_sku(self, column: Column) -> str:
        """What is sold without variations; a product with some sells nothing itself."""
        if not self.is_variable and self.known.skus:
            return self._of_sku(column, self.known.skus[0])
        return self.cells.get(column.name, "")

    def _type(self) -> str:
        kept = self.cells.get("Type", "")
        is_fitting = kept.lower().startswith("variable") == self.is_variable
        return kept if kept and is_fitting else "variable" if self.is_variable else "simple"

    def _sku(self) -> str:
        """Variations name their product by it, so one that has none gets its handle."""
        if not self.is_variable:
            return self.known.skus[0].code if self.known.skus else ""
        if "SKU" in self.cells or self.is_from_file:
            return self.cells.get("SKU", "")
        handle = self.product.handle
        is_taken = any(sku.code == handle for sku in self.known.skus)
        return f"{handle}-parent" if is_taken else handle

    def _handle(self) -> str:
        return "" if self._sku() == self.product.handle else self.product.handle

    def _published(self) -> str:
        status = self.product.status
        canonical = SPELLED_STATUSES.get(Product.Status(status), NOT_PUBLISHED)
        return self._spelled(
            "Published", canonical, lambda raw: STATUSES.get(raw.lower()) == status
        )

    def _description(self) -> str:
        text = self.known.published.text if self.known.published else ""
        raw = self.source.get("description")
        return write_html(raw if raw is not None and readable_html(raw) == text else text)

    def _first_listed(self, name: str, value: str) -> str:
        canonical = write_list([value]) if value else ""
        return self._spelled(name, canonical, lambda raw: (read_list(raw) or [""])[0] == value)

    def _tags(self) -> str:
        tags = list(self.product.tags)
        canonical = write_list(tags)
        return self._spelled("Tags", canonical, lambda raw: _unique(read_list(raw)) == tags)

    def _images(self) -> str:
        urls = [image.url for image in self.known.images]
        of_skus = [self._image_of(sku) for sku in self.known.skus] if self.is_variable else []

        def is_same(raw: str) -> bool:
            return _unique([*read_list(raw), *filter(None, of_skus)]) == urls

        return self._spelled("Images", write_list(urls), is_same)

    def _spelled(self, name: str, canonical: str, is_same: Callable[[str], bool]) -> str:
        return as_spelled(self.spellings, name, canonical, is_same)

    def _variation(self, column: Column, sku: Sku) -> str:
        cells = sku.source.get("cells", {}) if self.is_from_file else {}
        if column.part:
            return self.attributes.of_variation(column, sku, cells)
        if column.name == "Images":
            return self._image_cell(sku, cells.get("Images", ""))
        if column.field.startswith("sku."):
            return self._of_sku(column, sku)
        if column.name == "Position":
            return self._position(sku)
        kept = str(cells.get(column.name, ""))
        return kept or self._new_variation(column)

    def _new_variation(self, column: Column) -> str:
        """What a row must have that came from no file."""
        if column.name == "Type":
            return "variation"
        if column.name == "Published":
            return "1"
        if column.name == "Parent":
            return self._sku() or (f"id:{self.cells['ID']}" if "ID" in self.cells else "")
        return ""

    def _position(self, sku: Sku) -> str:
        """As in the file, if those still stand for the order."""
        kept = [str(one.source.get("cells", {}).get("Position", "")) for one in self.known.skus]
        if self.is_from_file and _is_order(kept):
            return kept[self.known.skus.index(sku)]
        return str(self.known.skus.index(sku) + 1)

    def _image_of(self, sku: Sku) -> str:
        return self.urls.get(sku.image_id, "") if sku.image_id else ""

    def _image_cell(self, sku: Sku, kept: str) -> str:
        url = self._image_of(sku)
        return (
            kept
            if kept and (read_list(kept) or [""])[0] == url
            else write_list([url] if url else [])
        )

    def _of_sku(self, column: Column, sku: Sku) -> str:
        spellings = sku.source.get("spellings", {}) if self.is_from_file else {}
        price, before = sku.price_minor, sku.compare_at_price_minor
        is_reduced = price is not None and before is not None and before > price
        if column.name == "Regular price":
            regular = before if is_reduced else price
            return price_as_spelled(spellings, column.name, regular, sku.currency)
        if column.name == "Sale price":
            sale = price if is_reduced else None
            return price_as_spelled(spellings, column.name, sale, sku.currency)
        if column.name == "Weight":
            return _weight(sku, spellings, column.unit or "kg")
        return sku.code if column.name == "SKU" else sku.barcode


OWN: dict[str, Callable[[WooRows], str]] = {
    HANDLE: WooRows._handle,
    "Type": WooRows._type,
    "SKU": WooRows._sku,
    "Name": lambda rows: rows.product.title,
    "Published": WooRows._published,
    "Description": WooRows._description,
    "Brands": lambda rows: rows._first_listed("Brands", rows.product.vendor),
    "Categories": lambda rows: rows._first_listed("Categories", rows.product.category),
    "Tags": WooRows._tags,
    "Images": WooRows._images,
}


def _weight(sku: Sku, spellings: dict[str, str], unit: str) -> str:
    if sku.weight_grams is None:
        return ""
    grams = write_weight(sku.weight_grams)
    factor = GRAMS.get(unit.removesuffix("s"), GRAMS.get(unit, Decimal(1)))
    canonical = write_weight((sku.weight_grams / factor).quantize(Decimal("0.000001")))
    return as_spelled(spellings, "Weight", canonical, lambda raw: read_grams(raw, unit) == grams)


def _is_order(positions: list[str]) -> bool:
    """Whether an import that sorts by these leaves the rows as they are."""
    if not any(text not in ("", "0") for text in positions):
        return True
    numbers = [int(text) if text.isascii() and text.isdigit() else 0 for text in positions]
    return numbers == sorted(numbers)


def _unique(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))
