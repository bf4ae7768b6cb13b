"""What the prompt of a product may know: read when the request is served, kept with its text."""

from collections.abc import Iterable, Mapping
from typing import Any

from generation.prompts import ProductFacts
from stores.models import Product, Sku

_DEFAULT_OPTION = "Title"


def facts_of(product: Product, skus: Iterable[Sku]) -> ProductFacts:
    """The product's facts. The price stays out: a description outlives it."""
    return ProductFacts(
        title=product.title,
        vendor=product.vendor,
        product_type=product.product_type or product.category,
        options=_options(product.option_names, skus),
        attributes=tuple(_attribute(entry) for entry in product.attributes),
        tags=tuple(product.tags),
        locale=product.locale,
    )


def _options(names: list[str], skus: Iterable[Sku]) -> tuple[tuple[str, str], ...]:
    values: dict[str, dict[str, None]] = {name: {} for name in names if name != _DEFAULT_OPTION}
    for sku in skus:
        for name, value in zip(names, sku.options, strict=False):
            if name in values and value:
                values[name][value] = None
    return tuple((name, ", ".join(found)) for name, found in values.items() if found)


def _attribute(entry: Mapping[str, Any]) -> tuple[str, str]:
    value = entry.get("value")
    text = ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)
    unit = entry.get("unit") or ""
    return str(entry.get("name", "")), f"{text} {unit}".strip() if text else ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
