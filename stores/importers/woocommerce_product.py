"""A product of a WooCommerce CSV with its variations, read into a ParsedProduct."""

from collections.abc import Sequence
from typing import Any, TypeVar

from stores.formulas import undo
from stores.importers.attribute_values import Value, parse_value
from stores.importers.base import (
    ParsedImage,
    ParsedProduct,
    ParsedSku,
    Problem,
    with_sku_images,
)
from stores.importers.csv_rows import Row
from stores.importers.findings import VALUE_SHOWN, Findings
from stores.importers.limits import MAX_ROWS_PER_PRODUCT
from stores.importers.woocommerce_cells import read_html, read_list, write_list
from stores.importers.woocommerce_columns import HANDLE, MEASURES, attribute_column
from stores.importers.woocommerce_sheet import Sheet

Kept = TypeVar("Kept")
ANY = "Any"
STATUSES = {"1": "active", "yes": "active", "true": "active", "publish": "active"}
STATUSES |= {"0": "draft", "-1": "draft", "no": "draft", "false": "draft", "private": "draft"}
SHIFTED = frozenset(["row_too_short", "row_too_long"])
# Of a variation's row these are modelled; of all its other columns the cells are kept.
OF_SKU = frozenset(["SKU", "GTIN, UPC, EAN, or ISBN", "Regular price", "Sale price", "Weight"])
# Of a product's row these are modelled beside them; a variable one sells nothing itself.
OF_PRODUCT = frozenset(["Name", "Published", "Description", "Categories", "Tags", "Brands"])
OF_PRODUCT |= {"Images", HANDLE, *MEASURES}


class WooProduct(Findings):
    """Reads one product. rows: its own, then those of its variations."""

    def __init__(self, sheet: Sheet, rows: Sequence[Row]) -> None:
        super().__init__(sheet.options, sheet.file_name)
        self.sheet = sheet
        self.rows = [self._checked(row) for row in rows[: MAX_ROWS_PER_PRODUCT + 1]]
        self.row, self.variations = self.rows[0], self.rows[1:]
        self.is_variable = bool(self.variations) or sheet.kind_of(self.row) == "variable"
        self.spellings: dict[str, str] = {}

    def product(self) -> ParsedProduct:
        """The product, with its problems."""
        number = self.row[0]
        if len(self.rows) > MAX_ROWS_PER_PRODUCT:
            self.problem(number, "", "too_many_rows", limit=MAX_ROWS_PER_PRODUCT)
            self.variations = self.variations[:1]
        title = self._text("Name", "title")
        if not title and "Name" in self.sheet.index:
            self.problem(number, self.sheet.header_of("Name"), "title_missing")
        names = self._option_names()
        skus = self._skus(names)
        lacks_skus = self.is_variable and not self.variations
        if lacks_skus:
            self.warn(number, self.sheet.header_of("Type"), "variations_missing")
        images = self._images()
        return ParsedProduct(
            handle=self._handle(title),
            first_row=number,
            n_rows=len(self.rows),
            title=title,
            vendor=self._first_listed("Brands", "vendor"),
            category=self._first_listed("Categories", "category"),
            tags=self._tags(),
            status=self._status(),
            description=self._description(),
            attributes=self._attributes(names),
            option_names=names,
            skus=skus,
            images=with_sku_images(images, [sku.image_url for sku in skus]),
            cells=self._cells(self.row, OF_PRODUCT if self.is_variable else OF_PRODUCT | OF_SKU),
            spellings=self.spellings,
            lacks_skus=lacks_skus,
            problems=self._telling_problems(),
            warnings=tuple(self.warnings),
        )

    def cell(self, row: Row, name: str) -> str:
        """A cell by the English name of its column."""
        return self.sheet.cell(row, name)

    def _checked(self, row: Row) -> Row:
        number, cells = row
        headers = self.sheet.layout.columns
        if len(cells) < self.sheet.width or any(cells[len(headers) :]):
            code = "row_too_short" if len(cells) < self.sheet.width else "row_too_long"
            self.problem(number, "", code, found=len(cells), expected=len(headers))
        pairs = zip(headers, cells, strict=False)
        return number, [self.text(number, header, cell) for header, cell in pairs]

    def _telling_problems(self) -> tuple[Problem, ...]:
        shifted = [problem for problem in self.problems if problem.code in SHIFTED]
        return tuple(sorted(shifted or self.problems, key=lambda problem: problem.row))

    def _text(self, name: str, limit: str) -> str:
        header = self.sheet.header_of(name)
        return self.text(self.row[0], header, self.cell(self.row, name), limit)

    def _description(self) -> str:
        header = self.sheet.header_of("Description")
        html = read_html(self.cell(self.row, "Description"))
        return self.text(self.row[0], header, html, "description")

    def _handle(self, title: str) -> str:
        """What the file knows the product by: its SKU, which a shop has only once."""
        own, sku = self.cell(self.row, HANDLE), self.cell(self.row, "SKU")
        number = self.cell(self.row, "ID")
        made = own or sku
        if not made and title:
            made = self.handle(self.row[0], self.sheet.header_of("Name"), f"{title} {number}")
        if not made:
            self.problem(self.row[0], self.sheet.header_of("SKU"), "handle_missing")
        return self.text(self.row[0], self.sheet.header_of("SKU"), made, "handle")

    def _first_listed(self, name: str, limit: str) -> str:
        listed = read_list(self.cell(self.row, name))
        text = self.text(self.row[0], self.sheet.header_of(name), (listed or [""])[0], limit)
        return self._kept(name, text, write_list([text]) if text else "")

    def _tags(self) -> tuple[str, ...]:
        listed = read_list(self.cell(self.row, "Tags"))
        tags = self.tags(self.row[0], self.sheet.header_of("Tags"), listed)
        return self._kept("Tags", tags, write_list(tags))

    def _status(self) -> str:
        text = self.cell(self.row, "Published").lower()
        status = STATUSES.get(text or "1")
        if status is None:
            value = text[:VALUE_SHOWN]
            self.problem(
                self.row[0], self.sheet.header_of("Published"), "published_unknown", value=value
            )
        return self._kept("Published", status or "active", "1" if status == "active" else "-1")

    def _images(self) -> tuple[ParsedImage, ...]:
        urls = read_list(self.cell(self.row, "Images"))
        if urls:
            # Pictures of variations are the product's too: an export has to know its own.
            self.spellings["Images"] = self.cell(self.row, "Images")
        return self.images(self.row[0], self.sheet.header_of("Images"), urls)

    def _kept(self, name: str, value: Kept, canonical: str) -> Kept:
        """Remember how the file writes a value where we would write it in another way."""
        text = self.cell(self.row, name)
        if text and text != canonical:
            self.spellings[name] = text
        return value

    def _named(self, row: Row) -> dict[str, tuple[int, str]]:
        """The attributes of a row by name: number and text."""
        found: dict[str, tuple[int, str]] = {}
        for n in self.sheet.attributes:
            name = self.cell(row, attribute_column(n, "name"))
            if name:
                found.setdefault(name, (n, self.cell(row, attribute_column(n, "value"))))
        return found

    def _option_names(self) -> tuple[str, ...]:
        """The attributes that some variation has a value of, in the order of the product's own."""
        used = {
            name for row in self.variations for name, (_, text) in self._named(row).items() if text
        }
        own = [name for name in self._named(self.row) if name in used]
        names = [*own, *sorted(used - set(own))]
        header = self.sheet.header_of(attribute_column(1, "name"))
        return tuple(self.text(self.row[0], header, name, "option") for name in names)

    def _skus(self, names: tuple[str, ...]) -> tuple[ParsedSku, ...]:
        if not self.variations:
            return (self._sku(self.row, (), {}),)
        rows = sorted(self.variations, key=self._position) if self._has_positions() else None
        skus = []
        first_row_of: dict[tuple[str, ...], int] = {}
        for row in rows or self.variations:
            named = self._named(row)
            options = tuple(self._option(row, named, name) for name in names)
            first_row = first_row_of.setdefault(options, row[0])
            if first_row != row[0]:
                shown = " / ".join(options)[:VALUE_SHOWN]
                self.problem(row[0], "", "options_repeated", options=shown, first_row=first_row)
            skus.append(self._sku(row, options, self._cells(row, OF_SKU)))
        return tuple(skus)

    def _has_positions(self) -> bool:
        return any(self.cell(row, "Position") not in ("", "0") for row in self.variations)

    def _position(self, row: Row) -> int:
        text = self.cell(row, "Position")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def _option(self, row: Row, named: dict[str, tuple[int, str]], name: str) -> str:
        n, text = named.get(name, (1, ""))
        header = self.sheet.header_of(attribute_column(n, "value"))
        listed = read_list(text)
        return self.text(row[0], header, ", ".join(listed) or ANY, "option")

    def _sku(self, row: Row, options: tuple[str, ...], cells: dict[str, str]) -> ParsedSku:
        header, number = self.sheet.header_of, row[0]
        spellings = {
            n: t for n in ("Regular price", "Sale price", "Weight") if (t := self.cell(row, n))
        }
        regular, sale = (
            self.price(number, header(name), self.cell(row, name))
            for name in ("Regular price", "Sale price")
        )
        urls = read_list(self.cell(row, "Images")) if options or self.variations else []
        barcode = self.cell(row, "GTIN, UPC, EAN, or ISBN")
        return ParsedSku(
            options=options,
            code=self.text(number, header("SKU"), self.cell(row, "SKU"), "code"),
            barcode=self.text(number, header("GTIN, UPC, EAN, or ISBN"), barcode, "barcode"),
            price_minor=regular if sale is None else sale,
            compare_at_price_minor=None if sale is None else regular,
            weight_grams=self._weight(row),
            image_url=self.url(number, header("Images"), urls[0]) if urls else "",
            cells=cells,
            spellings=spellings,
        )

    def _weight(self, row: Row) -> str | None:
        i = self.sheet.index.get("Weight")
        unit = dict(self.sheet.columns)[i].unit if i is not None else ""
        header = self.sheet.header_of("Weight")
        return self.grams(row[0], header, self.cell(row, "Weight"), unit or "kg")

    def _attributes(self, options: Sequence[str]) -> tuple[dict[str, Any], ...]:
        number = self.row[0]
        found = []
        for name, (n, text) in self._named(self.row).items():
            if text:
                self.spellings[attribute_column(n, "value")] = text
            if name not in options and text:
                header = self.sheet.header_of(attribute_column(n, "value"))
                text = self.text(number, header, text, "attributes")
                name = self.text(number, header, name, "option")
                listed = read_list(text)
                value = Value(listed, "list") if len(listed) > 1 else parse_value("".join(listed))
                found.append(self.attribute(number, header, name, value))
        return (*found, *self._measures())

    def _measures(self) -> list[dict[str, Any]]:
        found = []
        for i, column in self.sheet.columns:
            text = self.cell(self.row, column.name)
            if column.name in MEASURES and text:
                self.spellings[column.name] = text
                header = self.sheet.layout.columns[i]
                value = parse_value(f"{text} {column.unit}" if column.unit else text)
                found.append(self.attribute(self.row[0], header, column.name, value))
        return found

    def _cells(self, row: Row, modelled: frozenset[str]) -> dict[str, str]:
        """Every cell of a row that is not modelled; those of attributes' values are."""
        kept: dict[str, str] = {}
        for i, column in self.sheet.columns:
            text = undo(row[1][i].strip()) if i < len(row[1]) else ""
            if text and column.name not in modelled and column.part != "value":
                limit = "description"
                kept[column.name] = self.text(row[0], self.sheet.layout.columns[i], text, limit)
        return kept
