"""A product's values under names, so that a change of many products can be kept, compared and taken back.

Names: a column of Product; `attribute:Material` for all values of that name; `price:sku_…` and
`compare_at_price:sku_…` for the prices of one SKU.
"""

from collections.abc import Mapping
from typing import Any, Final

from stores.catalogue.known import Known
from stores.catalogue.merge import set_attributes
from stores.catalogue.merge_skus import label
from stores.catalogue.merged import Merged
from stores.importers.base import ParsedProduct
from stores.models import Sku
from stores.money import format_amount

COLUMNS = ("title", "vendor", "product_type", "category", "tags", "status", "locale")
PRICES = {"price": "price_minor", "compare_at_price": "compare_at_price_minor"}
GONE: Final = object()

Values = dict[str, Any]


class Sheet:
    """A product while changes are worked out. before, after: only what has become different."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._was: Values = {}
        self._is: Values = {}

    def __getitem__(self, name: str) -> Any:
        return self._is[name] if name in self._is else value_of(self.known, name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._was.setdefault(name, value_of(self.known, name))
        self._is[name] = value

    @property
    def before(self) -> Values:
        return {name: self._was[name] for name in self.after}

    @property
    def after(self) -> Values:
        return {n: v for n, v in self._is.items() if not is_same(n, v, self._was[n])}


def value_of(known: Known, name: str) -> Any:
    """What the product has under this name; GONE where its SKU is no more."""
    kind, _, part = name.partition(":")
    if kind == "attribute":
        return [one for one in known.product.attributes if one["name"] == part]
    if kind in PRICES:
        sku = next((sku for sku in known.skus if sku.public_id == part), None)
        return GONE if sku is None else getattr(sku, PRICES[kind])
    value = getattr(known.product, name)
    return list(value) if isinstance(value, list) else value


def stands(known: Known, values: Mapping[str, Any]) -> bool:
    """Whether the product still has all these values."""
    return all(is_same(name, value_of(known, name), value) for name, value in values.items())


def is_same(name: str, one: Any, other: Any) -> bool:
    """Whether two values say the same; where an attribute comes from is none of it."""
    if name.startswith("attribute:"):
        return [_said(attribute) for attribute in one] == [_said(attribute) for attribute in other]
    return bool(one == other)


def merged_with(known: Known, values: Mapping[str, Any]) -> Merged:
    """The product with these values, ready to be written."""
    merged = Merged(known, ParsedProduct(handle=known.product.handle, first_row=0))
    for name in COLUMNS:
        if name in values:
            merged.note(name, getattr(known.product, name), values[name])
            setattr(known.product, name, values[name])
    attributes = {n.partition(":")[2]: v for n, v in values.items() if n.startswith("attribute:")}
    if attributes:
        set_attributes(merged, _replaced(known.product.attributes, attributes))
    _set_prices(merged, values)
    return merged


def _said(attribute: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return attribute["value"], attribute.get("type", "text"), attribute.get("unit")


def _replaced(
    attributes: list[dict[str, Any]], new: Mapping[str, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Each name keeps its place; new ones come last."""
    found: list[dict[str, Any]] = []
    waiting = dict(new)
    for one in attributes:
        name = one["name"]
        found += waiting.pop(name, []) if name in new else [one]
    return [*found, *(one for rest in waiting.values() for one in rest)]


def _set_prices(merged: Merged, values: Mapping[str, Any]) -> None:
    names = [(sku, f"{kind}:{sku.public_id}", kind) for sku in merged.known.skus for kind in PRICES]
    here = [(sku, name, kind) for sku, name, kind in names if name in values]
    for sku, name, kind in here:
        _set_price(merged, sku, PRICES[kind], values[name])
    if here:
        urls: dict[int | None, str] = {image.pk: image.url for image in merged.known.images}
        merged.skus = [(sku, urls.get(sku.image_id, "")) for sku in merged.known.skus]


def _set_price(merged: Merged, sku: Sku, column: str, value: int | None) -> None:
    old = format_amount(getattr(sku, column), sku.currency)
    merged.note(column, old, format_amount(value, sku.currency), sku=label(sku.options))
    setattr(sku, column, value)
