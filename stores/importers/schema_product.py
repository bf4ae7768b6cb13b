"""A product of schema.org, read into a ParsedProduct."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from stores.html import paragraphs
from stores.importers.attribute_values import parse_value
from stores.importers.base import ImportOptions, ParsedProduct, ParsedSku, with_sku_images
from stores.importers.findings import VALUE_SHOWN, Findings
from stores.importers.limits import MAX_ROWS_PER_PRODUCT
from stores.importers.schema_pages import as_list, text_of, types_of

Object = Mapping[str, Any]
OPTIONS = ("color", "size", "material", "pattern", "suggestedGender", "suggestedAge")
ATTRIBUTES = {
    "color": "Color",
    "size": "Size",
    "material": "Material",
    "pattern": "Pattern",
    "suggestedGender": "Gender",
    "suggestedAge": "Age group",
    "width": "Width",
    "height": "Height",
    "depth": "Depth",
    "model": "Model",
    "countryOfOrigin": "Country of origin",
    "award": "Award",
    "keywords": "Keywords",
    "energyEfficiencyScaleMax": "Energy efficiency",
}
BARCODES = ("gtin", "gtin13", "gtin12", "gtin14", "gtin8", "isbn")
UNITS = {
    "KGM": "kg", "GRM": "g", "LBR": "lb", "ONZ": "oz", "CMT": "cm", "MMT": "mm", "MTR": "m",
    "INH": "in", "FOT": "ft", "LTR": "l", "MLT": "ml", "CLT": "cl", "CEL": "°C", "WTT": "W",
    "KWT": "kW", "VLT": "V", "HTZ": "Hz", "P1": "%",
}  # fmt: skip
BEFORE = ("ListPrice", "SRP", "MSRP", "StrikethroughPrice", "RegularPrice")
FIELDS = {
    "name": {"title"},
    "description": {"description"},
    "brand": {"vendor"},
    "manufacturer": {"vendor"},
    "category": {"category"},
    "image": {"images", "sku.image_url"},
    "sku": {"sku.code"},
    "mpn": {"sku.code"},
    "productID": {"sku.code"},
    "weight": {"sku.weight_grams"},
    "offers": {"sku.price_minor", "sku.compare_at_price_minor"},
    "hasVariant": {"sku.code", "sku.price_minor"},
    "additionalProperty": {"attributes"},
    **{name: {"attributes"} for name in ATTRIBUTES},
    **{name: {"sku.barcode"} for name in BARCODES},
}
SKIPPED = frozenset(
    ["@context", "@type", "@id", "review", "reviews", "isRelatedTo", "isSimilarTo", "subjectOf"]
    + ["isVariantOf", "variesBy", "inProductGroupWithID", "potentialAction", "mainEntityOfPage"]
)
MAX_CELL = 2_000
_SLUG = re.compile(r"[\w%-]{2,255}")
_PAGES = re.compile(r"\.(?:html?|php|aspx?)$")


class SchemaProduct(Findings):
    """Reads one product. row: its place on the page, from 1. fields: those that the page fills."""

    def __init__(self, given: Object, row: int, options: ImportOptions, file_name: str) -> None:
        super().__init__(options, file_name)
        self.given, self.row = given, row
        self.fields = {"handle", "skus", "sku.options"}
        for name in given:
            self.fields |= FIELDS.get(name, set())

    def product(self) -> ParsedProduct:
        """The product, with its problems."""
        title = self._own("name", "title")
        if not title:
            self.problem(self.row, "name", "title_missing")
        names, skus = self._skus()
        images = self.images(self.row, "image", self._urls(self.given.get("image")))
        return ParsedProduct(
            handle=self._handle(title),
            first_row=self.row,
            title=title,
            vendor=self._own("brand", "vendor") or self._own("manufacturer", "vendor"),
            category=self._category(),
            description=self._description(),
            attributes=self._attributes(names),
            option_names=tuple(self.text(self.row, "name", name, "option") for name in names),
            skus=skus,
            images=with_sku_images(images, [sku.image_url for sku in skus]),
            cells=self._cells(self.given),
            is_plain=True,
            problems=tuple(self.problems),
            warnings=tuple(self.warnings),
        )

    def _own(self, name: str, limit: str) -> str:
        return self.text(self.row, name, text_of(self.given.get(name)), limit)

    def _handle(self, title: str) -> str:
        """As in the address of the page, which is what shops call it; else of the title."""
        path = _address(self.given).partition("//")[2].partition("/")[2]
        path = re.split(r"[?#]", path)[0]
        last = _PAGES.sub("", path.rstrip("/").rsplit("/", 1)[-1])
        last = last if _SLUG.fullmatch(last) and last.lower() != "index" else ""
        codes = [text_of(self.given.get(name)) for name in ("productGroupID", "sku", "productID")]
        return self.handle(self.row, "name", last, title, *codes)

    def _category(self) -> str:
        text = text_of(self.given.get("category"))
        return self.text(self.row, "category", text.replace("/", " > "), "category")

    def _description(self) -> str:
        text = text_of(self.given.get("description"))
        html = text if "<" in text and ">" in text else paragraphs(text)
        return self.text(self.row, "description", html, "description")

    def _urls(self, images: Any) -> list[str]:
        """Complete addresses; others are pointed out."""
        urls = []
        for image in as_list(images):
            url = image if isinstance(image, str) else _image_address(image)
            url = _completed(url.strip(), _address(self.given))
            if url.startswith(("http://", "https://")):
                urls.append(url)
            elif url:
                self.warn(self.row, "image", "image_relative", value=url[:VALUE_SHOWN])
        return urls

    def _attributes(self, options: Sequence[str]) -> tuple[dict[str, Any], ...]:
        found = []
        for name, label in ATTRIBUTES.items():
            text = _measure(self.given.get(name))
            if text and label not in options:
                found.append(self._attribute(name, label, text))
        for one in as_list(self.given.get("additionalProperty")):
            label, text = text_of(one.get("name")) if isinstance(one, dict) else "", _measure(one)
            if label and text and label not in options:
                found.append(self._attribute("additionalProperty", label, text))
        return tuple(found)

    def _attribute(self, column: str, label: str, text: str) -> dict[str, Any]:
        text = self.text(self.row, column, text, "attributes")
        label = self.text(self.row, column, label, "option")
        return self.attribute(self.row, column, label, parse_value(text))

    def _skus(self) -> tuple[tuple[str, ...], tuple[ParsedSku, ...]]:
        """A SKU for each variant; without variants one for each offer that has a SKU of its own."""
        variants = [v for v in as_list(self.given.get("hasVariant")) if isinstance(v, dict)]
        if not variants:
            variants = self._sold_apart()
        if len(variants) > MAX_ROWS_PER_PRODUCT:
            self.problem(self.row, "hasVariant", "too_many_rows", limit=MAX_ROWS_PER_PRODUCT)
            variants = variants[:1]
        if not variants:
            return (), (self._sku(self.given, (), has_image=False),)
        names, options = self._options(variants)
        pairs = zip(variants, options, strict=True)
        return names, tuple(self._sku(one, own, has_image=True) for one, own in pairs)

    def _sold_apart(self) -> list[dict[str, Any]]:
        offers = [one for one in _offers(self.given) if isinstance(one, dict)]
        codes = {text_of(one.get("sku")) for one in offers} - {""}
        if len(offers) < 2 or len(codes) < len(offers):
            return []
        return [
            {"name": text_of(one), "sku": text_of(one.get("sku")), "offers": one} for one in offers
        ]

    def _options(self, variants: Sequence[Object]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """The facts in which variants differ; their names or SKUs where that is not enough."""
        facts = [_facts(one) for one in variants]
        names = [
            name
            for name in dict.fromkeys(n for found in facts for n in found)
            if len({found.get(name, "") for found in facts}) > 1
        ]
        options = [tuple(found.get(name, "") for name in names) for found in facts]
        if not names or len(set(options)) < len(options) or not all(all(own) for own in options):
            names, options = ["Variant"], _told_apart(variants)
        return tuple(names), [
            tuple(self.text(self.row, "hasVariant", text, "option") for text in own)
            for own in options
        ]

    def _sku(self, one: Object, options: tuple[str, ...], *, has_image: bool) -> ParsedSku:
        offer = next((o for o in _offers(one) if isinstance(o, dict)), {})
        code = next(
            (t for n in ("sku", "productID", "mpn") if (t := text_of(one.get(n) or offer.get(n)))),
            "",
        )
        barcode = next((t for n in BARCODES if (t := text_of(one.get(n) or offer.get(n)))), "")
        price, before = self._prices(offer)
        urls = self._urls(one.get("image")) if has_image else []
        return ParsedSku(
            options=options,
            code=self.text(self.row, "sku", code, "code"),
            barcode=self.text(self.row, "gtin", barcode, "barcode"),
            price_minor=price,
            compare_at_price_minor=before,
            weight_grams=self.grams(self.row, "weight", _measure(one.get("weight"))),
            image_url=self.url(self.row, "image", urls[0]) if urls else "",
            cells=self._cells(offer),
        )

    def _prices(self, offer: Object) -> tuple[int | None, int | None]:
        """What it costs, and what it cost before."""
        parts = [one for one in as_list(offer.get("priceSpecification")) if isinstance(one, dict)]
        earlier = [
            one for one in parts if text_of(one.get("priceType")).rsplit("/", 1)[-1] in BEFORE
        ]
        now = next((one for one in parts if one not in earlier), {})
        text = (
            text_of(offer.get("price"))
            or text_of(offer.get("lowPrice"))
            or text_of(now.get("price"))
        )
        currency = text_of(offer.get("priceCurrency")) or text_of(now.get("priceCurrency"))
        if text and currency and currency.upper() != self.options.currency:
            shown, expected = f"{text} {currency}"[:VALUE_SHOWN], self.options.currency
            self.problem(
                self.row, "offers", "price_in_other_currency", value=shown, currency=expected
            )
            return None, None
        before = next((text_of(one.get("price")) for one in earlier), "")
        return self._price(text), self._price(before)

    def _price(self, text: str) -> int | None:
        # schema.org has a point in prices, so that a third decimal is none of a thousand.
        found = re.fullmatch(r"(\d+\.\d\d)0+", text)
        return self.price(self.row, "offers", found[1] if found else text)

    def _cells(self, one: Object) -> dict[str, str]:
        """What we do not model and can keep as a text that is not too long."""
        kept = {}
        for name, value in one.items():
            if name in FIELDS or name in SKIPPED or name in ("price", "priceCurrency", "offers"):
                continue
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if text.strip() and len(text) <= MAX_CELL:
                kept[name[:100]] = self.text(self.row, name[:100], text)
        return kept


def _offers(one: Object) -> list[Any]:
    """The offers, those inside of an AggregateOffer with them."""
    offers = as_list(one.get("offers"))
    inner = [
        part
        for offer in offers
        if isinstance(offer, dict) and "AggregateOffer" in types_of(offer)
        for part in as_list(offer.get("offers"))
        if isinstance(part, dict) and ("price" in part or "priceSpecification" in part)
    ]
    return inner or offers


def _facts(one: Object) -> dict[str, str]:
    """What may tell a variant from the others, by label."""
    facts = {ATTRIBUTES[n]: t for n in OPTIONS if (t := _measure(one.get(n)))}
    for prop in as_list(one.get("additionalProperty")):
        if isinstance(prop, dict) and (label := text_of(prop.get("name"))):
            facts.setdefault(label, _measure(prop))
    return {label: text for label, text in facts.items() if text}


def _told_apart(variants: Sequence[Object]) -> list[tuple[str, ...]]:
    """A text for each that no other has: its name, its SKU, or its number."""
    for name in ("name", "sku", "gtin", "url"):
        texts = [text_of(one.get(name)) for one in variants]
        if all(texts) and len(set(texts)) == len(texts):
            return [(text,) for text in texts]
    return [(str(n),) for n in range(1, len(variants) + 1)]


def _measure(value: Any) -> str:
    """The text of a value with its unit: `2.5 kg` of a QuantitativeValue."""
    one = next(iter(as_list(value)), None)
    if not isinstance(one, dict):
        listed = [text_of(part) for part in as_list(value)]
        return "; ".join(text for text in listed if text)
    number = text_of(one.get("value")) or text_of(one.get("minValue"))
    unit = text_of(one.get("unitText")) or text_of(one.get("unitCode"))
    unit = UNITS.get(unit.upper(), unit)
    if not number:
        return text_of(one)
    return f"{number} {unit}".strip()


def _address(one: Object) -> str:
    url = text_of(one.get("url")) or text_of(one.get("@id"))
    return url if url.startswith(("http://", "https://")) else ""


def _completed(url: str, address: str) -> str:
    """The address of a picture; what cannot be completed stays as it is."""
    try:
        return urljoin(address, url) if url else ""
    except ValueError:
        return url


def _image_address(image: Any) -> str:
    if not isinstance(image, dict):
        return ""
    return (
        text_of(image.get("url")) or text_of(image.get("contentUrl")) or text_of(image.get("@id"))
    )
