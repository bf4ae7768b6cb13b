"""The SKUs of a product from outside laid over those that are here; options tell which is which."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from stores.catalogue.merged import Merged, filled, merged_cells
from stores.importers.base import ImportOptions, Layout, ParsedSku
from stores.models import Sku
from stores.money import format_amount

TEXTS = ("code", "barcode")
PRICES = ("price_minor", "compare_at_price_minor")


class OptionsNeeded(Exception):
    """The file names SKUs without options, but the product has several."""


class SkuMerge:
    """Merges one product's SKUs. urls: of the images that are here, by key."""

    def __init__(self, merged: Merged, layout: Layout, options: ImportOptions) -> None:
        self.merged, self.layout, self.options = merged, layout, options
        self.urls: dict[int | None, str] = {image.pk: image.url for image in merged.known.images}
        self.has_options = "sku.options" in layout.fields

    def run(self) -> None:
        """Raises OptionsNeeded."""
        merged = self.merged
        here = {tuple(sku.options): sku for sku in merged.known.skus}
        if not self.has_options and max(len(here), len(merged.parsed.skus)) > 1:
            raise OptionsNeeded
        for position, parsed in enumerate(merged.parsed.skus, start=1):
            key = parsed.options if self.has_options else next(iter(here), ())
            merged.skus.append(self._merged(here.pop(key, None), parsed, position))
        merged.gone_skus = list(here.values())
        for sku in merged.gone_skus:
            merged.note("sku", label(sku.options), None)

    def _merged(self, sku: Sku | None, parsed: ParsedSku, position: int) -> tuple[Sku, str]:
        wanted = self._wanted(parsed)
        url = self._url(sku, parsed)
        if sku is None:
            sku = Sku(options=list(parsed.options), currency=self.options.currency)
            self.merged.note("sku", None, label(parsed.options))
            cells = parsed.cells
        else:
            cells = merged_cells(sku.source.get("cells", {}), parsed.cells, self.layout)
            wanted = {name: new for name, new in wanted.items() if name not in parsed.left_out}
            self._note_changes(sku, url, wanted, cells, position)
        for name, value in wanted.items():
            setattr(sku, name, value)
        sku.position = position
        spellings = sku.source.get("spellings", {}) | parsed.spellings
        sku.source = filled({"cells": cells, "spellings": spellings})
        return sku, url

    def _url(self, sku: Sku | None, parsed: ParsedSku) -> str:
        """Of its picture as it will be."""
        is_named = "sku.image_url" in self.layout.fields and "image_url" not in parsed.left_out
        if is_named:
            return parsed.image_url
        return self.urls.get(sku.image_id, "") if sku else ""

    def _wanted(self, parsed: ParsedSku) -> dict[str, Any]:
        fields = self.layout.fields
        wanted = {name: getattr(parsed, name) for name in _names(fields)}
        if "sku.weight_grams" in fields:
            grams = parsed.weight_grams
            wanted["weight_grams"] = None if grams is None else Decimal(grams)
        if "sku.price_minor" in fields:
            wanted["currency"] = self.options.currency
        return wanted

    def _note_changes(
        self,
        sku: Sku,
        url: str,
        wanted: dict[str, Any],
        cells: dict[str, str],
        position: int,
    ) -> None:
        note, name_of_sku = self.merged.note, label(sku.options)
        for name, new in wanted.items():
            old = getattr(sku, name)
            if old != new:
                note(name, self._shown(name, old), self._shown(name, new), sku=name_of_sku)
        before = self.urls.get(sku.image_id, "")
        if before != url:
            note("image_url", before, url, sku=name_of_sku)
        if sku.position != position:
            note("sku_position", sku.position, position, sku=name_of_sku)
        self.merged.note_cells(sku.source.get("cells", {}), cells, sku=name_of_sku)

    def _shown(self, name: str, value: Any) -> str:
        if name in PRICES:
            return format_amount(value, self.options.currency)
        return "" if value is None else str(value)


def label(options: Iterable[str]) -> str:
    """What a SKU is called on a page: its options."""
    return " / ".join(options)


@lru_cache(maxsize=64)
def _names(fields: frozenset[str]) -> tuple[str, ...]:
    """Which texts and prices of a SKU the file speaks of."""
    return tuple(name for name in (*TEXTS, *PRICES) if f"sku.{name}" in fields)
