"""A products' filter in words, for pages that act on the products it lets through."""

from dataclasses import fields
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stores.models import CatalogueImport, Collection, CopyState, Product, Readiness
from stores.selectors.filters import ProductFilter

LABELS: dict[str, Any] = {
    "q": gettext_lazy("Search"),
    "copy_state": gettext_lazy("Text"),
    "product_type": gettext_lazy("Type"),
    "vendor": gettext_lazy("Vendor"),
    "status": gettext_lazy("Status"),
    "tag": gettext_lazy("Tag"),
    "category": gettext_lazy("Category"),
    "readiness": gettext_lazy("Readiness"),
    "price_min": gettext_lazy("Lowest price"),
    "price_max": gettext_lazy("Highest price"),
    "collection": gettext_lazy("Collection"),
    "brought_by": gettext_lazy("New with the import"),
}
CHOICES: dict[str, dict[str, Any]] = {
    "copy_state": dict(CopyState.choices),
    "status": dict(Product.Status.choices),
    "readiness": dict(Readiness.choices),
}


class Part(NamedTuple):
    """A part of a filter. value: which of several attributes. text: such as `Vendor: Hearthside`."""

    name: str
    value: str
    text: str


def filter_words(chosen: ProductFilter) -> str:
    """What the filter asks for, such as `Vendor: Hearthside · Status: Active`; "" for everything."""
    return " · ".join(part.text for part in filter_parts(chosen))


def filter_parts(chosen: ProductFilter) -> list[Part]:
    """Each part of the filter in words."""
    found = []
    for field in fields(chosen):
        value = getattr(chosen, field.name)
        if field.name == "ids" and value:
            text = ngettext("%(n)s chosen product", "%(n)s chosen products", len(value))
            found.append(Part("ids", "", text % {"n": len(value)}))
        elif field.name == "attribute":
            found += [Part("attribute", one, _attribute_words(one)) for one in value]
        elif value:
            words = _("%(name)s: %(value)s")
            values = {"name": LABELS[field.name], "value": _shown(field.name, value)}
            found.append(Part(field.name, "", words % values))
    return found


def _attribute_words(attribute: str) -> str:
    name, _colon, value = attribute.partition(":")
    if not value.strip():
        return _("Has %(name)s") % {"name": name.strip()}
    return _("%(name)s: %(value)s") % {"name": name.strip(), "value": value.strip()}


def _shown(name: str, value: str) -> str:
    if name == "collection":
        collection = Collection.objects.filter(public_id=value).only("name").first()
        return collection.name if collection else value
    if name == "brought_by":
        found = CatalogueImport.objects.filter(public_id=value).only("file_name").first()
        return found.file_name if found else value
    return str(CHOICES.get(name, {}).get(value, value))
