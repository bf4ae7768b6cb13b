"""The SKUs among the rows of one product of a Shopify CSV."""

import re
from typing import TYPE_CHECKING

from stores.importers.base import ParsedSku
from stores.importers.shopify_cells import BadCell, read_weight
from stores.money import NotAnAmount, format_amount, parse_amount

if TYPE_CHECKING:
    from stores.importers.shopify_product import ProductRows

DEFAULT_OPTION, DEFAULT_VALUE = "Title", "Default Title"
_USUAL_PRICE = re.compile(r"(?:0|[1-9][0-9]{0,8})\.[0-9]{2}")
PRICES = ("Variant Price", "Variant Compare At Price")


class SkuRows:
    """option_names: of the product. sku_of_row: for each row the number of its SKU, or None."""

    def __init__(self, reader: "ProductRows") -> None:
        self.reader = reader
        self.numbers = [n for n in (1, 2, 3) if reader.first(f"Option{n} Name")[1]]
        names = (reader.first(f"Option{n} Name") for n in self.numbers)
        self.option_names = tuple(
            reader.limited(row, f"Option{n} Name", name, "option")
            for n, (row, name) in zip(self.numbers, names, strict=True)
        )
        self.first_row_of: dict[tuple[str, ...], int] = {}
        self.sku_of_row = self._find()
        rows = [row for row, n in zip(reader.rows, self.sku_of_row, strict=True) if n is not None]
        self.is_default = self._is_default([cells for _, cells in rows])
        self.skus = tuple(self._sku(number, cells) for number, cells in rows)
        if self.is_default:
            self.option_names = ()

    def _find(self) -> list[int | None]:
        marks = self.reader.sheet.marks
        has_sku = [any(cells[i] for i in marks) for _, cells in self.reader.rows]
        if marks and not any(has_sku):
            has_sku[0] = True
        counted = iter(range(len(has_sku)))
        return [next(counted) if has else None for has in has_sku]

    def _is_default(self, rows: list[list[str]]) -> bool:
        """Whether this is how Shopify writes a product without options."""
        if self.option_names != (DEFAULT_OPTION,) or len(rows) != 1:
            return False
        return self.reader.cell(rows[0], f"Option{self.numbers[0]} Value") in ("", DEFAULT_VALUE)

    def _sku(self, row: int, cells: list[str]) -> ParsedSku:
        reader = self.reader
        kept = {c.name: t for i, c in reader.sheet.loose_columns if (t := cells[i])}
        code, barcode = reader.cell(cells, "Variant SKU"), reader.cell(cells, "Variant Barcode")
        spellings: dict[str, str] = {}
        price, before = (self._price(row, cells, column, spellings) for column in PRICES)
        image = reader.cell(cells, "Variant Image")
        return ParsedSku(
            options=self._options(row, cells),
            code=reader.limited(row, "Variant SKU", code, "code"),
            barcode=reader.limited(row, "Variant Barcode", barcode, "barcode"),
            price_minor=price,
            compare_at_price_minor=before,
            weight_grams=self._weight(row, cells, spellings),
            image_url=reader.url(row, "Variant Image", image) if image else "",
            cells=kept,
            spellings=spellings,
        )

    def _options(self, row: int, cells: list[str]) -> tuple[str, ...]:
        if self.is_default:
            return ()
        options = tuple(self._option(row, cells, n) for n in self.numbers)
        for n in (1, 2, 3):
            if n not in self.numbers and self.reader.cell(cells, f"Option{n} Value"):
                self.reader.problem(row, f"Option{n} Name", "option_name_missing")
        first_row = self.first_row_of.setdefault(options, row)
        if first_row != row:
            shown = " / ".join(options)[:60]
            self.reader.problem(row, "", "options_repeated", options=shown, first_row=first_row)
        return options

    def _option(self, row: int, cells: list[str], n: int) -> str:
        column = f"Option{n} Value"
        value = self.reader.cell(cells, column)
        if not value:
            name = self.option_names[self.numbers.index(n)][:60]
            self.reader.problem(row, column, "option_value_missing", option=name)
        return self.reader.limited(row, column, value, "option")

    def _price(
        self, row: int, cells: list[str], column: str, spellings: dict[str, str]
    ) -> int | None:
        text = self.reader.cell(cells, column)
        sheet, options = self.reader.sheet, self.reader.sheet.options
        currency = options.currency
        if sheet.has_usual_prices and _USUAL_PRICE.fullmatch(text):
            return int(text.replace(".", ""))
        try:
            price = parse_amount(text, currency, options.decimal_mark)
        except NotAnAmount as bad:
            self.reader.problem(row, column, bad.code, **bad.params)
            return None
        if text != format_amount(price, currency):
            spellings[column] = text
        return price

    def _weight(self, row: int, cells: list[str], spellings: dict[str, str]) -> str | None:
        text = self.reader.cell(cells, "Variant Grams")
        try:
            weight = read_weight(text)
        except BadCell as bad:
            self.reader.problem(row, "Variant Grams", bad.code, value=text[:60])
            return None
        if text != (weight or ""):
            spellings["Variant Grams"] = text
        return weight
