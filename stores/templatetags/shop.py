"""`{% load shop %}`: texts and amounts of the catalogue in pages."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from django.template import Library
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from stores.html import sanitise, to_text
from stores.models import CopyState
from stores.money import minor_digits
from web.components.basic import badge

register = Library()

BROKEN = frozenset({"missing", "no_image"})

_TONES = {
    CopyState.DRAFT: "warning",
    CopyState.APPROVED: "accent",
    CopyState.PUBLISHED: "success",
    CopyState.HUMAN: "info",
    CopyState.NONE: "neutral",
}
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")


@register.filter
def shop_html(html: str) -> SafeString:
    """The HTML of a text, sanitised here once more: the only door for markup that is not ours."""
    return mark_safe(sanitise(html))  # noqa: S308 (it has just been sanitised)


@register.filter
def shop_text(html: str) -> str:
    """The HTML of a text as plain text."""
    return to_text(html)


@register.filter
def text_size(html: str) -> str:
    """How long a text is: words and characters, only characters where words are not spaced."""
    text = " ".join(to_text(html).split())
    n_characters, n_words = len(text), len(text.split())
    size = ngettext("%(n)s character", "%(n)s characters", n_characters) % {"n": n_characters}
    if 3 * len(_UNSPACED.findall(text)) > n_characters:
        return size
    return ngettext("%(n)s word", "%(n)s words", n_words) % {"n": n_words} + f" · {size}"


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
def file_name(url: str) -> str:
    """The last part of an address, as people know a file; the whole address where it has none."""
    return unquote(urlsplit(url).path.rpartition("/")[2]) or url


@register.inclusion_tag("stores/picture.html")
def product_image(url: str, alt: str = "", size: int = 40, state: str = "") -> dict[str, Any]:
    """A picture of a product, or a placeholder where it is known or turns out to be broken."""
    return {"url": url, "alt": alt, "size": size, "is_broken": state in BROKEN}


@register.filter
def sku_count(n: int) -> str:
    """How many SKUs, in words."""
    return ngettext("%(n)s SKU", "%(n)s SKUs", n) % {"n": n}


@register.simple_tag
def copy_state(state: str) -> SafeString:
    """A badge for what is to be done about a product's description."""
    return badge(CopyState(state).label, tone=_TONES[CopyState(state)], dot=True)


@register.filter
def attribute_value(attribute: dict[str, Any]) -> str:
    """A typed value with its unit."""
    value, unit = attribute.get("value"), attribute.get("unit") or ""
    if isinstance(value, bool):
        return "✓" if value else "–"
    shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{shown}\N{NO-BREAK SPACE}{unit}" if unit else shown


@register.filter
def origin_words(attribute: dict[str, Any]) -> str:
    """Where an attribute comes from: a person, or file, row and column."""
    origin = attribute.get("origin") or {}
    if origin.get("by"):
        return _("entered by %(name)s") % {"name": origin["by"]}
    row = _("row %(row)s") % {"row": origin["row"]} if origin.get("row") else ""
    return ", ".join(str(part) for part in (origin.get("file"), row, origin.get("column")) if part)


@register.filter
def language_name(tag: str) -> str:
    """A language in its own words; the tag itself where Django has no name for it."""
    try:
        return str(get_language_info(tag.lower())["name_local"])
    except KeyError:
        return tag
