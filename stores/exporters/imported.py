"""The files that products came from, and how they wrote what an export says again."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet

from stores.importers.attribute_values import parse_value
from stores.importers.shopify_cells import BadCell
from stores.models import CatalogueImport, Product
from stores.money import NotAnAmount, format_amount, parse_amount


def imports_of(products: QuerySet[Product], format: str) -> list[CatalogueImport]:
    """The imports of a format that the products came from, the latest first."""
    lists = products.filter(source__format=format).order_by().values_list("source__imports")
    names = {name for (found,) in lists.distinct() for name in found}
    imports = CatalogueImport.objects.filter(public_id__in=list(names), format=format)
    return list(imports.order_by("-created_at", "-pk"))


def as_spelled(
    spellings: Mapping[str, str], name: str, canonical: str, is_same: Callable[[str], bool]
) -> str:
    """The value as the file wrote it, if that still says the same."""
    raw = spellings.get(name)
    try:
        return raw if raw is not None and is_same(raw) else canonical
    except (BadCell, NotAnAmount):
        return canonical


def price_as_spelled(
    spellings: Mapping[str, str], name: str, minor: int | None, currency: str
) -> str:
    """A price as the file wrote it, else as a plain number."""
    canonical = format_amount(minor, currency)
    return as_spelled(spellings, name, canonical, lambda raw: parse_amount(raw, currency) == minor)


def says(raw: str, attribute: Mapping[str, Any]) -> bool:
    """Whether a cell says what an attribute says."""
    known = (attribute["value"], attribute.get("type", "text"), attribute.get("unit"))
    return parse_value(raw) == known
