"""The smallest components: icons, badges, avatars, keys."""

import zlib
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from web.components.attributes import attributes
from web.components.states import STATES, TONES

N_AVATAR_HUES = 8

_HIDDEN = SafeString('aria-hidden="true"')
_DOT = SafeString('<span class="badge-dot" aria-hidden="true"></span>')


def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """Draw a symbol of static/img/icons.svg; without a label it is hidden from readers."""
    return _symbol(name, size, str(label))


def badge(label: object, tone: str = "neutral", icon: str = "", dot: bool = False) -> SafeString:
    """A small label; tone is one of neutral, info, success, warning, danger, accent."""
    return format_html(
        '<span class="badge badge-{}">{}{}{}</span>',
        tone if tone in TONES else "neutral",
        _DOT if dot else "",
        _symbol(icon, 12) if icon else "",
        label,
    )


def state_badge(state: str, label: object = None) -> SafeString:
    """A badge for the state of a row, in the tone and the words fixed in states.py."""
    known = STATES.get(str(state))
    if known is None:
        return badge(label or state, dot=True)
    return badge(label or known.label, tone=known.tone, dot=True)


def avatar(name: object, size: str = "md", kind: str = "person") -> SafeString:
    """The initials of a person or merchant on a colour that stays the same for the name."""
    text = str(name).strip()
    hue = zlib.crc32(text.encode()) % N_AVATAR_HUES
    return format_html(
        '<span class="avatar avatar-{} avatar-{} avatar-hue-{}" aria-hidden="true">{}</span>',
        size,
        kind,
        hue,
        _initials(text),
    )


def kbd(keys: str) -> SafeString:
    """Keyboard keys: `g h` is one after the other, `Ctrl+K` together."""
    marks = format_html_join(" ", "<kbd>{}</kbd>", ((k,) for k in keys.replace("+", " ").split()))
    return format_html('<span class="keys">{}</span>', marks)


def spinner(label: str = "") -> SafeString:
    """A turning ring; the label is for screen readers."""
    text = format_html('<span class="visually-hidden">{}</span>', label) if label else ""
    return format_html('<span class="spinner" role="status">{}</span>', text)


def skeleton(lines: int = 3) -> SafeString:
    """Grey bars in place of text that is still loading."""
    bars = SafeString('<span class="skeleton-line"></span>' * lines)
    return format_html('<div class="skeleton" aria-hidden="true">{}</div>', bars)


def when(moment: datetime | None, fallback: str = "–") -> SafeString:
    """A point in time as people say it ("3 minutes ago"), exact in its tooltip."""
    if moment is None:
        return format_html('<span class="text-faint">{}</span>', fallback)
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(),
        _spelt(local.replace(second=0, microsecond=0, tzinfo=None), get_language()),
        naturaltime(moment),
    )


@lru_cache(maxsize=4_000)
def _spelt(minute: datetime, language: str | None) -> str:
    """A minute in words of the language: half of what a row of a list costs without the memory."""
    return date_format(minute, "DATETIME_FORMAT")


def attrs(**values: Any) -> SafeString:
    """Extra attributes for an element that a template writes itself."""
    return attributes(values)


@lru_cache(maxsize=2_000)
def _symbol(name: str, size: int, label: str = "") -> SafeString:
    meaning = format_html('role="img" aria-label="{}"', label) if label else _HIDDEN
    return format_html(
        '<svg class="icon" width="{}" height="{}" {}><use href="{}#{}"></use></svg>',
        size,
        size,
        meaning,
        static("img/icons.svg"),
        name,
    )


def _initials(text: str) -> str:
    words = text.replace("@", " ").replace(".", " ").split()
    if not words:
        return "?"
    if not words[0][0].isascii():
        return words[0][0]
    return "".join(word[0] for word in words[:2]).upper()
