"""The rows of one product of an assigned table, read into a ParsedProduct."""

import re
from collections.abc import Sequence
from typing import Any

from stores.importers.attribute_values import Value, parse_value
from stores.importers.base import ParsedImage, ParsedProduct, ParsedSku, Problem, with_sku_images
from stores.importers.csv_rows import Row
from stores.importers.findings import VALUE_SHOWN, Findings
from stores.importers.limits import MAX_ROWS_PER_PRODUCT
from stores.importers.mapped_fields import STATUSES
from stores.importers.mapped_sheet import OF_SKUS, MappedSheet

SHIFTED = frozenset(["row_too_short", "row_too_long"])
_LIST = re.compile(r"\s*[\n;|]\s*")
_TAGS = re.compile(r"\s*[\n;|,，、]\s*")
_URLS = re.compile(r"[\s,;|]+(?=https?://)", re.IGNORECASE)


class MappedProduct(Findings):
    """Reads the rows of one product: of what it has once, the first row that says something counts."""

    def __init__(self, sheet: MappedSheet, rows: Sequence[Row]) -> None:
        super().__init__(sheet.options, sheet.file_name)
        self.sheet = sheet
        self.rows = [self._checked(row) for row in rows[: MAX_ROWS_PER_PRODUCT + 1]]
        self.first_row = rows[0][0]

    def product(self) -> ParsedProduct:
        """The product, with its problems."""
        if len(self.rows) > MAX_ROWS_PER_PRODUCT:
            self.problem(self.first_row, "", "too_many_rows", limit=MAX_ROWS_PER_PRODUCT)
            self.rows = self.rows[:1]
        texts: dict[str, Any] = {
            name: self._text(name, name)
            for name in ("title", "description", "vendor", "product_type")
        }
        if not texts["title"] and self.sheet.has("title"):
            self.problem(self.first_row, self.sheet.header("title"), "title_missing")
        names, skus, sku_rows = self._skus()
        images = with_sku_images(self._images(), [sku.image_url for sku in skus])
        return ParsedProduct(
            handle=self._handle(texts["title"]),
            first_row=self.first_row,
            n_rows=len(self.rows),
            **texts,
            category=self._category(),
            tags=self._tags(),
            status=self._status(),
            attributes=self._attributes(),
            option_names=names,
            skus=skus,
            images=images,
            cells=self._loose_cells(sku_rows),
            problems=self._telling_problems(),
            warnings=tuple(self.warnings),
        )

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

    def _first(self, field: str) -> tuple[int, str]:
        """The first text of a field, with its row; others are pointed out."""
        found = (self.first_row, "")
        for row in self.rows:
            text = self.sheet.cell(row, field)
            if text and not found[1]:
                found = (row[0], text)
            elif text and text != found[1]:
                shown = {"value": text[:VALUE_SHOWN], "first": found[1][:VALUE_SHOWN]}
                header = self.sheet.header(field)
                self.warn(row[0], header, "first_value_counts", **shown, first_row=found[0])
                break
        return found

    def _text(self, field: str, limit: str) -> str:
        row, text = self._first(field)
        return self.text(row, self.sheet.header(field), text, limit)

    def _handle(self, title: str) -> str:
        """The file's own; else what its products are known by: their group, SKU, or title."""
        row, own = self._first("handle")
        if own:
            return self.text(row, self.sheet.header("handle"), own, "handle")
        column = next((f for f in ("group", "sku", "title") if self.sheet.has(f)), "")
        named = [self.sheet.cell(self.rows[0], field) for field in ("group", "sku")]
        return self.handle(row, self.sheet.header(column), *named, title)

    def _category(self) -> str:
        row, text = self._first("category")
        # Lines are levels; what other marks separate are several categories, the first of them counts.
        path = " > ".join(line.strip() for line in text.split("\n") if line.strip())
        first = re.split(r"\s*[;|]\s*", path)[0]
        return self.text(row, self.sheet.header("category"), first, "category")

    def _tags(self) -> tuple[str, ...]:
        found = [
            (row[0], tag)
            for row in self.rows
            for _, text in self.sheet.cells(row, "tags")
            for tag in _TAGS.split(text)
        ]
        number = found[0][0] if found else self.first_row
        return self.tags(number, self.sheet.header("tags"), [tag for _, tag in found])

    def _status(self) -> str:
        row, text = self._first("status")
        status = STATUSES.get(text.lower() or "active")
        if status is None:
            header = self.sheet.header("status")
            self.problem(row, header, "status_unknown", value=text[:VALUE_SHOWN])
        return status or "active"

    def _attributes(self) -> tuple[dict[str, Any], ...]:
        found: dict[str, dict[str, Any]] = {}
        labels = self.sheet.labels
        for number, cells in self.rows:
            for header, text in self.sheet.cells((number, cells), "attribute"):
                if header not in found:
                    text = self.text(number, header, text, "attributes")
                    name = self.text(number, header, labels[header], "option")
                    found[header] = self.attribute(number, header, name, _value(text))
        return tuple(found.values())

    def _images(self) -> tuple[ParsedImage, ...]:
        found: dict[str, int] = {}
        for row in self.rows:
            for url in self._urls(row):
                found.setdefault(url, row[0])
        alt_text = self._text("image_alt", "alt_text")
        return self.images(self.first_row, self.sheet.header("image"), found, alt_text)

    def _urls(self, row: Row) -> list[str]:
        """The complete addresses in the image columns of a row; others are pointed out."""
        urls = []
        for header, text in self.sheet.cells(row, "image"):
            for url in _URLS.split(text):
                url = url.strip(" ,;|\n")
                if url.lower().startswith(("http://", "https://")):
                    urls.append(url)
                elif url:
                    self.warn(row[0], header, "image_relative", value=url[:VALUE_SHOWN])
        return urls

    def _skus(self) -> tuple[tuple[str, ...], tuple[ParsedSku, ...], list[Row]]:
        """Names of options, SKUs, and the rows that these stand in."""
        rows = [row for row in self.rows if any(self.sheet.cell(row, f) for f in OF_SKUS)]
        options = {row[0]: self._options_of(row) for row in rows}
        names = tuple(dict.fromkeys(n for found in options.values() for n in found))
        if names:
            # A row without any option is that of the product as a whole.
            rows = [row for row in rows if options[row[0]]]
        rows = rows or self.rows[:1]
        if not names and len(rows) > 1:
            names, options = self._by_code(rows)
        several = len(rows) > 1
        values = [self._values(row, names, options.get(row[0], {})) for row in rows]
        self._refuse_repeated(rows, values)
        limited = tuple(self.text(self.first_row, name, name, "option") for name in names)
        skus = [self._sku(row, own, several) for row, own in zip(rows, values, strict=True)]
        return limited, tuple(skus), rows

    def _options_of(self, row: Row) -> dict[str, str]:
        found = dict(self.sheet.cells(row, "option"))
        names = [self._listed(name) for name in self._names_of_options()]
        texts = [self._listed(text) for _, text in self.sheet.cells(row, "option_value")]
        pairs = zip(sum(names, []), sum(texts, []), strict=False)
        return found | {name: text for name, text in pairs if name and text}

    def _names_of_options(self) -> list[str]:
        """They may stand in the first row of the product only."""
        for row in self.rows:
            found = [text for _, text in self.sheet.cells(row, "option_name")]
            if found:
                return found
        return []

    def _listed(self, text: str) -> list[str]:
        is_single = len(self.sheet.places.get("option_name", ())) == 1
        return re.split(r"\s*[|;]\s*", text) if is_single else [text]

    def _by_code(self, rows: Sequence[Row]) -> tuple[tuple[str, ...], dict[int, dict[str, str]]]:
        """Rows that no option tells apart are told apart by their SKUs."""
        header = self.sheet.header("sku")
        codes = {row[0]: self.sheet.cell(row, "sku") for row in rows}
        if not header or not all(codes.values()):
            return (), {}
        self.warn(rows[1][0], header, "options_by_sku")
        return (header,), {number: {header: code} for number, code in codes.items()}

    def _values(self, row: Row, names: Sequence[str], own: dict[str, str]) -> tuple[str, ...]:
        for name in names:
            if not own.get(name):
                self.problem(row[0], name, "option_value_missing", option=name[:VALUE_SHOWN])
        return tuple(self.text(row[0], name, own.get(name, ""), "option") for name in names)

    def _refuse_repeated(self, rows: Sequence[Row], values: Sequence[tuple[str, ...]]) -> None:
        first_row_of: dict[tuple[str, ...], int] = {}
        for row, own in zip(rows, values, strict=True):
            first = first_row_of.setdefault(own, row[0])
            if first != row[0]:
                shown = " / ".join(own)[:VALUE_SHOWN]
                self.problem(row[0], "", "options_repeated", options=shown, first_row=first)

    def _sku(self, row: Row, options: tuple[str, ...], several: bool) -> ParsedSku:
        code, barcode = self.sheet.cell(row, "sku"), self.sheet.cell(row, "barcode")
        price, sale, before = self._prices(row)
        urls = self._urls(row) if several else []
        return ParsedSku(
            options=options,
            code=self.text(row[0], self.sheet.header("sku"), code, "code"),
            barcode=self.text(row[0], self.sheet.header("barcode"), barcode, "barcode"),
            price_minor=price if sale is None else sale,
            compare_at_price_minor=before if sale is None or before is not None else price,
            weight_grams=self._weight(row),
            image_url=self.url(row[0], self.sheet.header("image"), urls[0]) if urls else "",
            cells=self._cells(row, several),
        )

    def _prices(self, row: Row) -> list[int | None]:
        """Price, reduced price and price before; none of them where the currency is another one."""
        currency = self.sheet.cell(row, "currency")
        if currency and currency.upper() != self.options.currency:
            header, shown = self.sheet.header("currency"), currency[:VALUE_SHOWN]
            expected = self.options.currency
            self.problem(row[0], header, "price_in_other_currency", value=shown, currency=expected)
            return [None, None, None]
        fields = ("price", "sale_price", "compare_at_price")
        return [self.price(row[0], self.sheet.header(f), self.sheet.cell(row, f)) for f in fields]

    def _weight(self, row: Row) -> str | None:
        for header, text, unit in self.sheet.weights(row):
            return self.grams(row[0], header, text, unit)
        return None

    def _cells(self, row: Row, several: bool) -> dict[str, str]:
        found = dict(self.sheet.cells(row, "cell"))
        if several and row is not self.rows[0]:
            # A variant's own facts: the product has those of its first row.
            found |= dict(self.sheet.cells(row, "attribute"))
        return {name: self.text(row[0], name, text, "description") for name, text in found.items()}

    def _loose_cells(self, sku_rows: Sequence[Row]) -> dict[str, str]:
        """Cells of rows that carry no SKU stay with the product."""
        kept: dict[str, str] = {}
        for row in self.rows:
            if not any(row is one for one in sku_rows):
                kept = dict(self.sheet.cells(row, "cell")) | kept
        return kept


def _value(text: str) -> Value:
    lines = [part for part in _LIST.split(text) if part]
    return Value(lines, "list") if len(lines) > 1 and text[:1] not in "[{" else parse_value(text)
