"""`{% load shop %}`: texts and amounts of the catalogue in pages."""

from typing import Any

from django.template import Library
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

from stores.html import sanitise, to_text
from stores.money import minor_digits

register = Library()


@register.filter
def shop_html(html: str) -> SafeString:
    """The HTML of a text, sanitised here once more: the only door for markup that is not ours."""
    return mark_safe(sanitise(html))  # noqa: S308 (it has just been sanitised)


@register.filter
def shop_text(html: str) -> str:
    """The HTML of a text as plain text."""
    return to_text(html)


@register.filter
def money(minor: int | None, currency: str | None) -> str:
    """An amount in the smallest unit as people of the page's language write it, with its currency."""
    if minor is None:
        return "–"
    digits = minor_digits(currency or "")
    amount = number_format(minor / 10**digits, decimal_pos=digits, force_grouping=True)
    return f"{amount}\N{NO-BREAK SPACE}{currency}" if currency else str(amount)


@register.simple_tag
def price_range(low: int | None, high: int | None, currency: str | None) -> str:
    """One price, or the lowest and the highest."""
    if low is None or low == high:
        return money(low, currency)
    digits = minor_digits(currency or "")
    first = number_format(low / 10**digits, decimal_pos=digits, force_grouping=True)
    return f"{first} – {money(high, currency)}"


@register.filter
def attribute_value(attribute: dict[str, Any]) -> str:
    """A typed value with its unit."""
    value, unit = attribute.get("value"), attribute.get("unit") or ""
    if isinstance(value, bool):
        return "✓" if value else "–"
    shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{shown}\N{NO-BREAK SPACE}{unit}" if unit else shown
