"""A products' filter in words, for pages that act on the products it lets through."""

from dataclasses import fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stores.models import CopyState, Product, Readiness
from stores.selectors import ProductFilter

LABELS: dict[str, Any] = {
    "q": gettext_lazy("Search"),
    "copy_state": gettext_lazy("Text"),
    "product_type": gettext_lazy("Type"),
    "vendor": gettext_lazy("Vendor"),
    "status": gettext_lazy("Status"),
    "tag": gettext_lazy("Tag"),
    "category": gettext_lazy("Category"),
    "readiness": gettext_lazy("Readiness"),
    "attribute": gettext_lazy("Attribute"),
    "price_min": gettext_lazy("Lowest price"),
    "price_max": gettext_lazy("Highest price"),
    "collection": gettext_lazy("Collection"),
}
CHOICES: dict[str, dict[str, Any]] = {
    "copy_state": dict(CopyState.choices),
    "status": dict(Product.Status.choices),
    "readiness": dict(Readiness.choices),
}


def filter_words(chosen: ProductFilter) -> str:
    """What the filter asks for, such as `Vendor: Hearthside · Status: Active`; "" for everything."""
    return " · ".join(_words(chosen))


def _words(chosen: ProductFilter) -> list[str]:
    found = []
    for field in fields(chosen):
        value = getattr(chosen, field.name)
        if field.name == "ids" and value:
            text = ngettext("%(n)s chosen product", "%(n)s chosen products", len(value))
            found.append(text % {"n": len(value)})
        elif value:
            shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            choice = CHOICES.get(field.name, {}).get(value, shown)
            label = LABELS.get(field.name, field.name)
            found.append(_("%(name)s: %(value)s") % {"name": label, "value": choice})
    return found
