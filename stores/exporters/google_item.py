"""The items of one product in a Google Merchant feed: one for each SKU, as values by attribute."""

from collections.abc import Iterator
from typing import Any

from stores.catalogue.known import Known
from stores.catalogue.merge import readable_html
from stores.exporters.base import ExportOptions, Report, is_by_ai
from stores.exporters.google_texts import description_text, labelled, title_text
from stores.exporters.google_values import values_of
from stores.exporters.imported import as_spelled, says
from stores.exporters.links import link_of
from stores.html import paragraphs
from stores.importers.attribute_values import write_value
from stores.importers.google_fields import ATTRIBUTES, OPTIONS, STRUCTURED
from stores.importers.google_items import parts_of
from stores.importers.shopify_cells import write_weight
from stores.importers.weights import read_grams
from stores.models import Product, Sku
from stores.money import format_amount, parse_amount

FORMAT = "google_feed"
GROUP = "item_group_id"
MAX_ID = 50
MAX_IMAGES = 10
REQUIRED = {"price": "price_missing", "image_link": "image_missing", "link": "link_missing"}
# Names of options that Google has an attribute for, beside its own.
OTHER_NAMES = {
    **{"colour": "color", "farbe": "color", "couleur": "color", "颜色": "color"},
    **{"größe": "size", "taille": "size", "尺寸": "size", "尺码": "size"},
    **{"材质": "material", "图案": "pattern"},
}
ELEMENTS = {label.casefold(): name for name, label in ATTRIBUTES.items()}
Values = dict[str, list[Any]]


class GoogleItems:
    """Writes one product. cells, spellings: of the feed that it came from, if it came from one."""

    def __init__(self, known: Known, options: ExportOptions) -> None:
        self.known, self.options = known, options
        self.product: Product = known.product
        source = self.product.source if self.product.source.get("format") == FORMAT else {}
        self.is_from_feed = bool(source)
        self.cells: dict[str, str] = source.get("cells", {})
        self.spellings: dict[str, str] = source.get("spellings", {})
        self.urls = {image.pk: image.url for image in known.images}
        live, imported = known.published, known.imported
        # Texts that the feed gave its variants go with the text that it gave the product.
        self.is_untouched = live is not None and imported is not None and live.pk == imported.pk

    def items(self, report: Report) -> Iterator[Values]:
        """The items that have all that Google demands; the report gets the others."""
        if self.product.status != Product.Status.ACTIVE:
            report.leave_out(self.product, "not_active")
            return
        if not self.known.skus:
            report.leave_out(self.product, "price_missing")
        own = self._title() | self._description() | self._texts()
        for sku in self.known.skus:
            values = self._item(sku, own)
            missing = next((code for name, code in REQUIRED.items() if not values.get(name)), "")
            if missing:
                report.leave_out(self.product, missing, sku.code)
            else:
                yield {name: found for name, found in values.items() if found}

    def _item(self, sku: Sku, own: Values) -> Values:
        kept = self._kept(sku)
        values: Values = {"id": [self._id(sku)], GROUP: self._group(sku), **own}
        values |= self._link(sku, kept) | self._images(sku) | self._prices(sku)
        if not self.is_from_feed:
            values["availability"] = ["in_stock"]
        values["gtin"] = [sku.barcode] if sku.barcode else []
        values["shipping_weight"] = self._weight(sku)
        options = self._options(sku)
        values |= options | self._attributes(options)
        return values | kept

    def _title(self) -> Values:
        title = title_text(self.product.title)
        kept = values_of(self.cells.get("structured_title", ""))
        says_it = any(p.get("content") == self.product.title for p in _parts("title", kept))
        return {"structured_title": kept} if says_it else labelled("title", title, by_ai=False)

    def _description(self) -> Values:
        live = self.known.published
        if live is None:
            return {}
        kept = values_of(self.cells.get("structured_description", ""))
        by_ai = is_by_ai(self.known)
        if kept and self.is_untouched:
            own = {} if by_ai else labelled("description", self._plain(live.text), by_ai=False)
            return own | {"structured_description": kept}
        return labelled("description", self._plain(live.text), by_ai=by_ai)

    def _plain(self, html: str) -> str:
        """As the feed wrote it, if that still says the same."""
        raw = self.spellings.get("description")
        if raw is not None and readable_html(paragraphs(raw)) == html:
            return raw
        return description_text(html)

    def _texts(self) -> Values:
        product = self.product
        return {
            "brand": [product.vendor] if product.vendor else [],
            "product_type": [product.product_type] if product.product_type else [],
            "google_product_category": [product.category] if product.category else [],
        }

    def _id(self, sku: Sku) -> str:
        return sku.code if sku.code and len(sku.code) <= MAX_ID else sku.public_id

    def _group(self, sku: Sku) -> list[str]:
        """The feed's own; else the handle, by which an import knows the product again."""
        if GROUP in self.cells:
            return [self.cells[GROUP]]
        handle = self.product.handle
        if len(self.known.skus) == 1 and handle == self._id(sku):
            return []
        return [handle if len(handle) <= MAX_ID else self.product.public_id]

    def _link(self, sku: Sku, kept: Values) -> Values:
        link = link_of(self.options.link_template, self.product, sku)
        return {"link": kept.pop("link", None) or ([link] if link else [])}

    def _images(self, sku: Sku) -> Values:
        own = self.urls.get(sku.image_id, "") if sku.image_id else ""
        first = own or next(iter(self.urls.values()), "")
        more = [url for url in self._shared_images() if url != first][:MAX_IMAGES]
        return {"image_link": [first] if first else [], "additional_image_link": more}

    def _shared_images(self) -> list[str]:
        """The images of the product that are not of one SKU only."""
        of_one = {self.urls.get(sku.image_id, "") for sku in self.known.skus if sku.image_id}
        if self.is_from_feed:
            for sku in self.known.skus:
                of_one |= set(values_of(_cell(sku, "additional_image_link")))
        return [url for url in self.urls.values() if url not in of_one]

    def _prices(self, sku: Sku) -> Values:
        price, before = sku.price_minor, sku.compare_at_price_minor
        if before is None or price is None or before <= price:
            return {"price": self._amount(sku, "price", price)}
        return {
            "price": self._amount(sku, "price", before),
            "sale_price": self._amount(sku, "sale_price", price),
        }

    def _amount(self, sku: Sku, name: str, minor: int | None) -> list[str]:
        if minor is None:
            return []
        canonical = f"{format_amount(minor, sku.currency)} {sku.currency}"
        return [
            as_spelled(
                self._spellings(sku),
                name,
                canonical,
                lambda raw: parse_amount(raw, sku.currency) == minor,
            )
        ]

    def _weight(self, sku: Sku) -> list[str]:
        if sku.weight_grams is None:
            return []
        grams = write_weight(sku.weight_grams)
        spellings = self._spellings(sku)
        return [
            as_spelled(
                spellings, "shipping_weight", f"{grams} g", lambda raw: read_grams(raw) == grams
            )
        ]

    def _spellings(self, sku: Sku) -> dict[str, str]:
        found: dict[str, str] = sku.source.get("spellings", {}) if self.is_from_feed else {}
        return found

    def _options(self, sku: Sku) -> Values:
        found: Values = {}
        for name, value in zip(self.product.option_names, sku.options, strict=False):
            element = _element(name)
            if element in OPTIONS and element not in found:
                found[element] = [value]
            elif name != "id":
                found.setdefault("product_detail", []).append(_detail(name, value))
        return found

    def _attributes(self, options: Values) -> Values:
        sections = self._sections()
        found: Values = {"product_detail": list(options.get("product_detail", []))}
        for one in self.product.attributes:
            name = ELEMENTS.get(one["name"].casefold(), "")
            if name in options:
                continue
            if name and name not in found:
                found[name] = self._spelled_values(name, one)
            else:
                text = self._detail_text(one)
                found["product_detail"].append(
                    _detail(one["name"], text, sections.get(one["name"], ""))
                )
        return found

    def _spelled_values(self, name: str, one: dict[str, Any]) -> list[Any]:
        raw = values_of(self.spellings.get(name, ""))
        is_list = name == "product_highlight" and one.get("type") == "list"
        canonical = list(map(str, one["value"])) if is_list else [_written(one)]
        if is_list:
            return raw if raw == canonical else canonical
        says_it = raw and isinstance(raw[0], str) and says(raw[0], one)
        return raw if says_it else canonical

    def _sections(self) -> dict[str, str]:
        kept = self._kept_details()
        return {part.get("attribute_name", ""): part.get("section_name", "") for part in kept}

    def _detail_text(self, one: dict[str, Any]) -> str:
        for part in self._kept_details():
            raw = part.get("attribute_value", "")
            if part.get("attribute_name") == one["name"] and says(raw, one):
                return raw
        return _written(one)

    def _kept_details(self) -> list[dict[str, str]]:
        return _parts("product_detail", values_of(self.spellings.get("product_detail", "")))

    def _kept(self, sku: Sku) -> Values:
        """What the feed said of this SKU that we do not model, and its own words for the rest."""
        if not self.is_from_feed:
            return {}
        kept = {n: values_of(str(cell)) for n, cell in sku.source.get("cells", {}).items()}
        if self.is_untouched:
            return kept
        texts = {"description", *STRUCTURED}
        return {name: values for name, values in kept.items() if name not in texts}


def _cell(sku: Sku, name: str) -> str:
    return str(sku.source.get("cells", {}).get(name, ""))


def _element(name: str) -> str:
    plain = name.strip().casefold()
    return ELEMENTS.get(plain) or OTHER_NAMES.get(plain, "")


def _parts(name: str, values: list[Any]) -> list[dict[str, str]]:
    full = name if name == "product_detail" else f"structured_{name}"
    return parts_of({full: values}, full)


def _detail(name: str, text: str, section: str = "") -> dict[str, str]:
    parts = {"section_name": section, "attribute_name": name, "attribute_value": text}
    return {name: text for name, text in parts.items() if text}


def _written(one: dict[str, Any]) -> str:
    return write_value(one["value"], one.get("unit"))
