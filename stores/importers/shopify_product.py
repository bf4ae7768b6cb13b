"""The rows of one product of a Shopify CSV, read into a ParsedProduct."""

from itertools import zip_longest
from typing import Any

from django.utils.text import slugify

from stores.importers.attribute_values import parse_value, write_value
from stores.importers.base import ParsedImage, ParsedProduct, with_sku_images
from stores.importers.limits import MAX_ROWS_PER_PRODUCT, MAX_TAGS
from stores.importers.row_reader import RowReader
from stores.importers.shopify_cells import (
    BadCell,
    read_flag,
    read_position,
    read_status,
    read_tags,
    read_url,
    write_tags,
)
from stores.importers.shopify_columns import attribute_name
from stores.importers.shopify_skus import SkuRows

Pairs = list[tuple[int | None, int | None]]
PLAIN = {"vendor": "Vendor", "category": "Product Category", "product_type": "Type"}


class ProductRows(RowReader):
    """Reads one product. cells, spellings: as in ParsedProduct."""

    def product(self) -> ParsedProduct:
        """The product, with its problems."""
        self.cells: dict[str, str] = {}
        self.spellings: dict[str, str] = {}
        if len(self.rows) > MAX_ROWS_PER_PRODUCT:
            self.problem(self.rows[0][0], "", "too_many_rows", limit=MAX_ROWS_PER_PRODUCT)
            self.rows = self.rows[:1]
        self._keep_unmodelled()
        images, image_of_row = self._images()
        skus = SkuRows(self)
        images = with_sku_images(images, [sku.image_url for sku in skus.skus])
        pairs = [pair for pair in zip(skus.sku_of_row, image_of_row, strict=True) if any_of(pair)]
        return ParsedProduct(
            first_row=self.rows[0][0],
            n_rows=len(self.rows),
            **self._texts(),
            status=self._status(),
            tags=self._tags(),
            attributes=self._attributes(),
            option_names=skus.option_names,
            skus=skus.skus,
            images=images,
            cells=self.cells,
            spellings=self.spellings,
            image_cells=self._loose_cells(skus.sku_of_row, image_of_row, images),
            rows=() if _is_usual(pairs, len(skus.skus), len(images)) else tuple(pairs),
            problems=self.telling_problems(),
            raw=self.rows,
        )

    def _texts(self) -> dict[str, Any]:
        row, title = self.first("Title")
        if not title and "Title" in self.sheet.index:
            self.problem(row, "Title", "title_missing")
        row, handle = self.first("Handle")
        handle = handle or slugify(title)
        if not handle:
            self.problem(row, "Handle", "handle_missing")
        texts = {name: self._limited_first(column, name) for name, column in PLAIN.items()}
        return texts | {
            "handle": self.limited(row, "Handle", handle, "handle"),
            "title": self.limited(row, "Title", title, "title"),
            "description": self._limited_first("Body (HTML)", "description"),
        }

    def _limited_first(self, column: str, field: str) -> str:
        row, text = self.first(column)
        return self.limited(row, column, text, field)

    def _status(self) -> str:
        column = "Status" if "Status" in self.sheet.index else "Published"
        row, text = self.first(column)
        try:
            if column == "Status" and text:
                return self._kept(column, text, read_status(text))
            if text:
                return "active" if read_flag(text) else "draft"
        except BadCell as bad:
            self.problem(row, column, bad.code, value=text[:60])
        return "active"

    def _tags(self) -> tuple[str, ...]:
        row, text = self.first("Tags")
        tags = read_tags(text)
        if len(tags) > MAX_TAGS:
            self.problem(row, "Tags", "too_many_tags", found=len(tags), limit=MAX_TAGS)
        self._kept("Tags", text, write_tags(tags))
        return tuple(self.limited(row, "Tags", tag, "tag") for tag in tags[:MAX_TAGS])

    def _attributes(self) -> tuple[dict[str, Any], ...]:
        columns = (c.name for _, c in self.sheet.product_columns if c.field == "attributes")
        found = ((column, *self.first(column)) for column in columns)
        return tuple(self._attribute(*one) for one in found if one[2])

    def _attribute(self, column: str, row: int, text: str) -> dict[str, Any]:
        value = parse_value(self.limited(row, column, text, "attributes"))
        self._kept(column, text, write_value(value.value, value.unit))
        origin = {"file": self.sheet.file_name, "row": row, "column": column}
        return {"name": attribute_name(column), **value._asdict(), "origin": origin}

    def _images(self) -> tuple[tuple[ParsedImage, ...], list[int | None]]:
        found: dict[str, ParsedImage] = {}
        urls = [self._image(number, cells, found) for number, cells in self.rows]
        images = sorted(found.values(), key=lambda image: image.position)
        place = {image.url: n for n, image in enumerate(images)}
        return tuple(images), [place[url] if url else None for url in urls]

    def _image(self, row: int, cells: list[str], found: dict[str, ParsedImage]) -> str:
        text = self.cell(cells, "Image Src")
        if not text:
            return ""
        url = self.url(row, "Image Src", text)
        if url and url not in found:
            alt_text = self.cell(cells, "Image Alt Text")
            found[url] = ParsedImage(
                url,
                self.limited(row, "Image Alt Text", alt_text, "alt_text"),
                self._position(row, self.cell(cells, "Image Position"), len(found) + 1),
            )
        return url

    def url(self, row: int, column: str, text: str) -> str:
        """The address, or "" with a problem."""
        try:
            return read_url(self.limited(row, column, text, "url"))
        except BadCell as bad:
            self.problem(row, column, bad.code, value=text[:60])
            return ""

    def _position(self, row: int, text: str, default: int) -> int:
        try:
            return read_position(text) if text else default
        except BadCell as bad:
            self.problem(row, "Image Position", bad.code, value=text[:60])
            return default

    def _keep_unmodelled(self) -> None:
        for _, column in self.sheet.product_columns:
            if column.name in self.sheet.layout.cell_names:
                text = self.first(column.name)[1]
                if text:
                    self.cells[column.name] = text

    def _kept(self, column: str, text: str, canonical: str) -> str:
        """Remember how the file writes a value where we would write it in another way."""
        if text != canonical:
            self.spellings[column] = text
        return canonical

    def _loose_cells(
        self,
        skus: list[int | None],
        image_of_row: list[int | None],
        images: tuple[ParsedImage, ...],
    ) -> dict[str, dict[str, str]]:
        """Cells of no SKU: they stay with the image of their row, or with the product."""
        kept: dict[str, dict[str, str]] = {}
        for (_, cells), sku, image in zip(self.rows, skus, image_of_row, strict=True):
            loose = {c.name: t for i, c in self.sheet.loose_columns if (t := cells[i])}
            if sku is None and image is not None and loose:
                kept[images[image].url] = loose
            elif sku is None:
                self.cells = loose | self.cells
        return kept


def any_of(pair: tuple[int | None, int | None]) -> bool:
    """Whether a row carries a SKU or an image."""
    return pair != (None, None)


def _is_usual(pairs: Pairs, n_skus: int, n_images: int) -> bool:
    return pairs == list(zip_longest(range(n_skus), range(n_images)))
