"""The rows of one product in Shopify's CSV: its own cells where it came from a file, ours over them."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import zip_longest
from typing import Any

from stores.catalogue.known import Known
from stores.catalogue.merge import readable_html
from stores.exporters.imported import as_spelled, price_as_spelled, says
from stores.exporters.shopify_columns import ExportColumns
from stores.formulas import make_html_safe, make_safe
from stores.importers.attribute_values import write_value
from stores.importers.shopify_cells import (
    BadCell,
    read_flag,
    read_status,
    read_tags,
    read_weight,
    write_tags,
    write_weight,
)
from stores.importers.shopify_columns import Column, attribute_name
from stores.importers.shopify_skus import DEFAULT_OPTION, DEFAULT_VALUE
from stores.models import Product, ProductImage, Sku

BODY = "Body (HTML)"
Pair = tuple[int | None, int | None]


class ProductExport:
    """Writes one product's rows in the given columns."""

    def __init__(self, known: Known, export: ExportColumns) -> None:
        self.known, self.export = known, export
        self.product: Product = known.product
        self.source: dict[str, Any] = known.product.source
        self.spellings: dict[str, str] = self.source.get("spellings", {})
        self.urls = {image.pk: image.url for image in known.images}
        self.attributes = self._attribute_texts()

    def rows(self) -> Iterator[list[str]]:
        """The cells of each row, safe to open in a spreadsheet."""
        for n, pair in enumerate(self._pairs()):
            row = (self._cell(column, n == 0, pair) for column in self.export.columns)
            yield [
                make_html_safe(cell) if column.name == BODY else make_safe(cell)
                for column, cell in zip(self.export.columns, row, strict=True)
            ]

    def _pairs(self) -> list[Pair]:
        """SKU and image of each row: as in the file if there are still as many of them."""
        n_skus, n_images = len(self.known.skus), len(self.known.images)
        kept = [(sku, image) for sku, image in self.source.get("rows", [])]
        skus = {sku for sku, _ in kept if sku is not None}
        images = {image for _, image in kept if image is not None}
        shown_by_skus = {n for n, i in enumerate(self.known.images) if self._is_of_sku(i)}
        if kept and skus == set(range(n_skus)) and images | shown_by_skus == set(range(n_images)):
            return kept
        return list(zip_longest(range(n_skus), range(n_images))) or [(None, None)]

    def _is_of_sku(self, image: ProductImage) -> bool:
        return any(sku.image_id == image.pk for sku in self.known.skus)

    def _cell(self, column: Column, is_first: bool, pair: Pair) -> str:
        sku = None if pair[0] is None else self.known.skus[pair[0]]
        image = None if pair[1] is None else self.known.images[pair[1]]
        if column.name == "Handle":
            return self.product.handle
        if column.level == "product":
            return self._product_cell(column) if is_first else ""
        if column.level == "image":
            return "" if image is None else str(getattr(image, column.field))
        if sku is not None:
            return self._sku_cell(column, sku)
        if image is not None:
            cells = self.source.get("image_cells", {}).get(image.url, {})
            return str(cells.get(column.name, ""))
        return str(self.source.get("cells", {}).get(column.name, "")) if is_first else ""

    def _product_cell(self, column: Column) -> str:
        if column.name == BODY:
            return self._description()
        if column.name == "Published":
            return self._published()
        if column.field == "attributes":
            return self.attributes.get(column.name, "")
        if column.field == "tags":
            tags = tuple(self.product.tags)
            return self._spelled(column.name, write_tags(tags), lambda raw: read_tags(raw) == tags)
        if column.field == "status":
            status = self.product.status
            return self._spelled(column.name, status, lambda raw: read_status(raw) == status)
        if column.field.startswith("option_name"):
            return self._option_name(int(column.field[-1]))
        if column.field:
            return str(getattr(self.product, column.field))
        return str(self.source.get("cells", {}).get(column.name, ""))

    def _spelled(self, name: str, canonical: str, is_same: Callable[[str], bool]) -> str:
        return as_spelled(self.spellings, name, canonical, is_same)

    def _description(self) -> str:
        text = self.known.published.text if self.known.published else ""
        raw = self.source.get("description")
        return raw if raw is not None and readable_html(raw) == text else text

    def _published(self) -> str:
        cell = str(self.source.get("cells", {}).get("Published", ""))
        imports = self.source.get("imports", [])
        if not imports or self.export.with_status & set(imports):
            return cell
        is_active = self.product.status == Product.Status.ACTIVE
        try:
            says_active = read_flag(cell) if cell else True
        except BadCell:
            says_active = not is_active
        return cell if says_active == is_active else str(is_active).lower()

    def _option_name(self, n: int) -> str:
        names = self.product.option_names
        if not names and self.known.skus and n == 1:
            return DEFAULT_OPTION
        return names[n - 1] if n <= len(names) else ""

    def _attribute_texts(self) -> dict[str, str]:
        """The cells of the attributes' columns: by where each came from, else by its name."""
        columns = [c.name for c in self.export.columns if c.field == "attributes"]
        by_name: dict[str, str] = {}
        for column in columns:
            by_name.setdefault(attribute_name(column), column)
        texts: dict[str, str] = {}
        for one in self.product.attributes:
            origin = (one.get("origin") or {}).get("column")
            column = origin if origin in columns else by_name.get(one["name"], "")
            canonical = write_value(one["value"], one.get("unit"))
            text = self._spelled(column, canonical, partial(says, attribute=one))
            texts[column] = f"{texts[column]}; {text}" if column in texts else text
        return texts

    def _sku_cell(self, column: Column, sku: Sku) -> str:
        if column.field.startswith("option_value"):
            return self._option_value(sku, int(column.field[-1]))
        if column.field in ("price_minor", "compare_at_price_minor"):
            spellings = sku.source.get("spellings", {})
            price = getattr(sku, column.field)
            return price_as_spelled(spellings, column.name, price, sku.currency)
        if column.field == "weight_grams":
            weight = write_weight(sku.weight_grams)
            spellings = sku.source.get("spellings", {})
            canonical = _unmistakable(weight)
            return as_spelled(spellings, column.name, canonical, partial(_weighs, weight))
        if column.field == "image_url":
            return self.urls.get(sku.image_id, "") if sku.image_id else ""
        if column.field:
            return str(getattr(sku, column.field))
        return str(sku.source.get("cells", {}).get(column.name, ""))

    def _option_value(self, sku: Sku, n: int) -> str:
        if not self.product.option_names:
            return DEFAULT_VALUE if n == 1 else ""
        return sku.options[n - 1] if n <= len(sku.options) else ""


def _unmistakable(number: str) -> str:
    """The number so that nobody takes its point for one between thousands."""
    return f"{number}0" if number[-4:-3] == "." else number


def _weighs(weight: str, raw: str) -> bool:
    return read_weight(raw) == (weight or None)
