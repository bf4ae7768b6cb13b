"""The items of one product of a Google Merchant feed, read into a ParsedProduct."""

from collections.abc import Mapping, Sequence
from typing import Any

from stores.html import paragraphs
from stores.importers.attribute_values import Value, parse_value
from stores.importers.base import ImportOptions, ParsedProduct, ParsedSku, with_sku_images
from stores.importers.findings import Findings
from stores.importers.google_fields import (
    AI_SOURCE,
    ATTRIBUTES,
    IMAGES,
    OPTIONS,
    STRUCTURED,
    TEXTS,
    is_modelled,
)
from stores.importers.google_items import Item, Values, cell_of, parts_of, text_of
from stores.importers.limits import MAX_ROWS_PER_PRODUCT

ID = "id"
GROUP = "item_group_id"


class GoogleProduct(Findings):
    """Reads the items that share a group; an item without one is a product of its own."""

    def __init__(
        self,
        items: Sequence[Item],
        options: ImportOptions,
        file_name: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """headers: what a table calls the attributes, where that is not their name."""
        super().__init__(options, file_name)
        self.headers = headers or {}
        self.items = list(items)
        self.first_row, self.first = items[0]
        self.spellings: dict[str, str] = {}

    def problem(self, row: int, column: str, code: str, **params: Any) -> None:
        super().problem(row, self.headers.get(column, column), code, **params)

    def attribute(self, row: int, column: str, name: str, value: Value) -> dict[str, Any]:
        return super().attribute(row, self.headers.get(column, column), name, value)

    def product(self) -> ParsedProduct:
        """The product, with its problems."""
        if len(self.items) > MAX_ROWS_PER_PRODUCT:
            self.problem(self.first_row, "", "too_many_rows", limit=MAX_ROWS_PER_PRODUCT)
            self.items = self.items[:1]
        texts: dict[str, Any] = self._texts()
        names, options = self._options()
        skus = tuple(
            self._sku(item, values, names) for item, values in zip(self.items, options, strict=True)
        )
        urls = [url for _, values in self.items for name in IMAGES for url in values.get(name, ())]
        images = self.images(self.first_row, IMAGES[0], map(str, urls))
        group = text_of(self.first, GROUP)
        return ParsedProduct(
            handle=self._handle(),
            first_row=self.first_row,
            n_rows=len(self.items),
            **texts,
            attributes=self._attributes(names),
            option_names=tuple(ATTRIBUTES.get(name, name) for name in names),
            skus=skus,
            images=with_sku_images(images, [sku.image_url for sku in skus]),
            cells=self._cells() | ({GROUP: group} if group else {}),
            spellings=self.spellings,
            problems=tuple(self.problems),
            warnings=tuple(self.warnings),
            is_ai_written=self._is_by_model(),
            is_plain="description" in self.spellings,
        )

    def _handle(self) -> str:
        own = text_of(self.first, GROUP) or text_of(self.first, ID)
        if not own:
            self.problem(self.first_row, ID, "id_missing")
        return self.text(self.first_row, GROUP if GROUP in self.first else ID, own, "handle")

    def _texts(self) -> dict[str, str]:
        found = {}
        for name, field in TEXTS.items():
            text = text_of(self.first, name) or self._structured(name)
            found[field] = self.text(self.first_row, name, text, field)
        if not found["title"]:
            self.problem(self.first_row, "title", "title_missing")
        plain = found["description"]
        # A feed has plain text; what a shop shows of it are paragraphs.
        found["description"] = plain if "<" in plain and ">" in plain else paragraphs(plain)
        if plain != found["description"]:
            self.spellings["description"] = plain
        return found

    def _structured(self, name: str) -> str:
        parts = parts_of(self.first, f"structured_{name}")
        return next((part["content"] for part in parts if part.get("content")), "")

    def _is_by_model(self) -> bool:
        if text_of(self.first, "description"):
            return False
        parts = parts_of(self.first, "structured_description")
        # Without a word about its source Google takes such a text for a model's.
        return any(part.get("digital_source_type", AI_SOURCE) == AI_SOURCE for part in parts)

    def _cells(self) -> dict[str, str]:
        return {name: cell_of(self.first[name]) for name in STRUCTURED if name in self.first}

    def _options(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """The attributes that tell the items apart, with their values; their ids if none do."""
        if len(self.items) == 1:
            return (), [()]
        texts = {n: [text_of(values, n) for _, values in self.items] for n in OPTIONS}
        names = tuple(name for name, found in texts.items() if len(set(found)) > 1)
        options = list(zip(*(texts[name] for name in names), strict=True)) if names else []
        if len(set(options)) == len(self.items) and all(all(values) for values in options):
            return names, [self._limited(n, names, values) for n, values in enumerate(options)]
        self.warn(self.first_row, GROUP, "options_by_id")
        ids = [(text_of(values, ID),) for _, values in self.items]
        for (row, _), own in zip(self.items, ids, strict=True):
            if ids.count(own) > 1:
                self.problem(row, ID, "id_repeated", value=own[0][:60])
        return (ID,), [self._limited(n, (ID,), own) for n, own in enumerate(ids)]

    def _limited(self, n: int, names: Sequence[str], values: Sequence[str]) -> tuple[str, ...]:
        row = self.items[n][0]
        pairs = zip(names, values, strict=True)
        return tuple(self.text(row, name, value, "option") for name, value in pairs)

    def _sku(self, item: Item, options: tuple[str, ...], option_names: Sequence[str]) -> ParsedSku:
        row, values = item
        spellings: dict[str, str] = {}
        prices = {n: self._price(row, values, n, spellings) for n in ("price", "sale_price")}
        price, sale = prices["price"], prices["sale_price"]
        image = text_of(values, IMAGES[0])
        return ParsedSku(
            options=options,
            code=self.text(row, ID, text_of(values, ID), "code"),
            barcode=self.text(row, "gtin", text_of(values, "gtin"), "barcode"),
            price_minor=price if sale is None else sale,
            compare_at_price_minor=None if sale is None else price,
            weight_grams=self.grams(row, "shipping_weight", text_of(values, "shipping_weight")),
            # A single item shows the product's first picture anyway.
            image_url=self.url(row, IMAGES[0], image) if len(self.items) > 1 else "",
            cells=self._sku_cells(row, values, option_names),
            spellings=spellings | _as_is(values, ("shipping_weight",)),
        )

    def _price(self, row: int, values: Values, name: str, spellings: dict[str, str]) -> int | None:
        text = text_of(values, name)
        if text:
            spellings[name] = text
        return self.price(row, name, text)

    def _sku_cells(self, row: int, values: Values, option_names: Sequence[str]) -> dict[str, str]:
        """What we do not model, and what a variant says in other words than the product."""
        kept = {}
        for name, found in values.items():
            own = name in (*TEXTS, *STRUCTURED, *ATTRIBUTES, IMAGES[1], "product_detail")
            differs = own and values is not self.first and found != self.first.get(name)
            is_other = not own and not is_modelled(name) and name != GROUP
            if (differs or is_other) and name not in option_names:
                kept[name] = self.text(row, name, cell_of(found), "description")
        return kept

    def _attributes(self, options: Sequence[str]) -> tuple[dict[str, Any], ...]:
        found = [
            self._attribute(name, values)
            for name, values in self.first.items()
            if name in ATTRIBUTES and name not in options
        ]
        return tuple(found + self._details())

    def _attribute(self, name: str, values: Sequence[Any]) -> dict[str, Any]:
        texts = [self.text(self.first_row, name, str(v), "attributes") for v in values if v]
        self.spellings[name] = cell_of(values)
        value = Value(texts, "list") if name == "product_highlight" else parse_value(texts[0])
        return self.attribute(self.first_row, name, ATTRIBUTES[name], value)

    def _details(self) -> list[dict[str, Any]]:
        if "product_detail" in self.first:
            self.spellings["product_detail"] = cell_of(self.first["product_detail"])
        found = []
        for part in parts_of(self.first, "product_detail"):
            name, text = part.get("attribute_name", ""), part.get("attribute_value", "")
            if name and text:
                text = self.text(self.first_row, "product_detail", text, "attributes")
                name = self.text(self.first_row, "product_detail", name, "option")
                value = parse_value(text)
                found.append(self.attribute(self.first_row, "product_detail", name, value))
        return found


def _as_is(values: Values, names: Sequence[str]) -> dict[str, str]:
    return {name: text for name in names if (text := text_of(values, name))}
