"""Changes of products in words: what was changed, from what to what, and why not."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from stores.models import Product
from stores.templatetags.shop import language_name

FIELDS = {
    "title": gettext_lazy("Title"),
    "handle": gettext_lazy("Handle"),
    "locale": gettext_lazy("Language"),
    "vendor": gettext_lazy("Vendor"),
    "product_type": gettext_lazy("Type"),
    "category": gettext_lazy("Category"),
    "tags": gettext_lazy("Tags"),
    "status": gettext_lazy("Status"),
    "description": gettext_lazy("Description"),
    "attribute": gettext_lazy("Attribute"),
    "option_names": gettext_lazy("Options"),
    "image": gettext_lazy("Image"),
    "alt_text": gettext_lazy("Alternative text"),
    "image_position": gettext_lazy("Position of an image"),
    "sku": gettext_lazy("SKU"),
    "sku_options": gettext_lazy("Options of a SKU"),
    "sku_position": gettext_lazy("Position of a SKU"),
    "code": gettext_lazy("SKU"),
    "barcode": gettext_lazy("Barcode"),
    "price": gettext_lazy("Price"),
    "price_minor": gettext_lazy("Price"),
    "compare_at_price": gettext_lazy("Price before"),
    "compare_at_price_minor": gettext_lazy("Price before"),
    "currency": gettext_lazy("Currency"),
    "weight_grams": gettext_lazy("Weight in grams"),
    "image_url": gettext_lazy("Image of a SKU"),
    "cell": gettext_lazy("Other column"),
}
PROBLEMS = {
    "title_missing": gettext_noop("The title would be empty."),
    "text_too_long": gettext_noop("A text would be longer than there is room for."),
    "price_negative": gettext_noop("A price would be below zero."),
    "price_too_large": gettext_noop("A price would be too large."),
    "other_currency": gettext_noop("Its prices are in another currency."),
    "changed_since": gettext_noop("Somebody has changed it in the meantime."),
    "worker_died": gettext_noop(
        "The work stopped several times without finishing. Please tell your administrator."
    ),
}
_STATUSES = dict(Product.Status.choices)
_FLAGS = {"true": gettext_noop("yes"), "false": gettext_noop("no")}


def problem_words(code: str) -> str:
    """Why a product was left out, or why the whole came to nothing."""
    return gettext(PROBLEMS[code]) if code in PROBLEMS else code


def field_words(name: str) -> Any:
    """What people call a field of a product."""
    return FIELDS.get(name, name)


def shown_changes(changes: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Changes as catalogue.merged notes them, each with label, details, old and new for a page."""
    for change in changes:
        field = change["field"]
        details = " · ".join(filter(None, map(change.get, ("sku", "name", "image"))))
        sides = {side: _value_words(field, change[side]) for side in ("old", "new")}
        is_text = field == "description"
        yield {**change, **sides, "label": field_words(field), "details": details,
               "is_text": is_text}  # fmt: skip


def change_words(change: Mapping[str, str]) -> str:
    """One change of a bulk edit as a sentence."""
    name = change.get("name")
    field = (
        f"{field_words(change['field'])} “{name}”" if name else str(field_words(change["field"]))
    )
    value = _value_words(change["field"], change.get("value", ""))
    if change["do"] == "adjust":
        return _adjusted(change, field, value)
    if change["field"] == "compare_at_price" and value == "price":
        return gettext("Keep today's price as the price before")
    sentence = gettext(_SENTENCES[change["do"], change.get("place", "")])
    return sentence % {"field": field, "value": value, "find": change.get("find", "")}


_SENTENCES = {
    ("set", ""): gettext_noop("Set %(field)s to “%(value)s”"),
    ("clear", ""): gettext_noop("Empty %(field)s"),
    ("add", ""): gettext_noop("Add “%(value)s” to %(field)s"),
    ("add", "end"): gettext_noop("Add “%(value)s” at the end of %(field)s"),
    ("add", "start"): gettext_noop("Add “%(value)s” at the start of %(field)s"),
    ("remove", ""): gettext_noop("Remove “%(value)s” from %(field)s"),
    ("replace", ""): gettext_noop("In %(field)s replace “%(find)s” by “%(value)s”"),
}
_ROUNDINGS = {
    "whole": gettext_noop("%(sentence)s, rounded to whole amounts"),
    "99": gettext_noop("%(sentence)s, ending in .99"),
}


def _adjusted(change: Mapping[str, str], field: str, value: str) -> str:
    plain = value.strip().removesuffix("%").strip()
    shown = f"{plain}\N{NO-BREAK SPACE}%" if change.get("unit") == "percent" else plain
    is_down = plain.startswith(("-", "−"))
    words = (
        gettext("Lower %(field)s by %(value)s")
        if is_down
        else gettext("Raise %(field)s by %(value)s")
    )
    sentence = words % {"field": field, "value": shown.lstrip("+-−")}
    rounding = change.get("rounding", "")
    return gettext(_ROUNDINGS[rounding]) % {"sentence": sentence} if rounding else sentence


def _value_words(field: str, value: str) -> str:
    if field == "status":
        return str(_STATUSES.get(value, value))
    if field == "attribute" and value in _FLAGS:
        return gettext(_FLAGS[value])
    return language_name(value) if field == "locale" and value else value
