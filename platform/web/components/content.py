"""Cards, figures, progress, steps and other ways of showing content."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from web.components.states import TONES
from web.diff import diff_sides


def card(content: str, title: object = "", **options: Any) -> SafeString:
    """A framed section; options: subtitle, actions, footer, flush (no padding), id."""
    context = {"content": content, "title": title, "flush": False}
    return render_to_string("components/card.html", context | options)


def callout(content: str, tone: str = "info", title: object = "", icon: str = "") -> SafeString:
    """A framed notice in the flow of the page."""
    context = {
        "content": content,
        "tone": tone,
        "title": title,
        "icon": icon or CALLOUT_ICONS.get(tone, "info"),
    }
    return render_to_string("components/callout.html", context)


def empty_state(content: str, title: object, text: object = "", art: str = "box") -> SafeString:
    """What stands where nothing is yet; the content is the action that changes it.

    art: box, search, done, run, error or mail.
    """
    context = {
        "content": content,
        "has_action": bool(content.strip()),
        "title": title,
        "text": text,
        "art": art,
    }
    return render_to_string("components/empty_state.html", context)


def progress(
    value: float | None = None, max: float = 100, label: object = "", **options: Any
) -> dict[str, Any]:
    """A progress bar; value None means that nobody knows how far it is."""
    share = min(value / max, 1) if value is not None and max > 0 else 0
    known = {"value": value, "max": max, "label": label, "percent": int(share * 100)}
    return known | {"tone": "accent", "hint": "", "hide_label": False} | options


def share_bar(items: Sequence[dict[str, Any]], label: object = "") -> dict[str, Any]:
    """One bar divided among items of label, value and tone, with a legend below it."""
    total = sum(float(item["value"]) for item in items)
    offset, parts = 0.0, []
    for item in items:
        width = 100 * float(item["value"]) / total if total else 0.0
        tone = item.get("tone", "neutral")
        place = {"x": f"{offset:.3f}", "width": f"{width:.3f}"}
        parts.append(item | place | {"tone": tone if tone in TONES else "neutral"})
        offset += width
    return {"parts": parts, "label": label, "is_empty": not total}


def stat(label: object, value: object, **options: Any) -> dict[str, Any]:
    """A figure with its name; options: hint, href, icon, tone, unit."""
    defaults = {"hint": "", "href": None, "icon": "", "tone": "neutral", "unit": ""}
    return {"label": label, "value": value} | defaults | options


def description_list(items: Sequence[Any], columns: int = 1) -> dict[str, Any]:
    """Pairs of name and value; a third member, if there, is a note such as the origin."""
    rows = [{"name": i[0], "value": i[1], "note": i[2] if len(i) > 2 else ""} for i in items]
    return {"rows": rows, "columns": columns}


def checklist(items: Sequence[dict[str, Any]], title: object = "") -> dict[str, Any]:
    """Steps that tick themselves: each with label, is_done and maybe hint, url, action."""
    n_done = sum(1 for item in items if item["is_done"])
    following = next((n for n, item in enumerate(items) if not item["is_done"]), None)
    return {"items": items, "title": title, "n_done": n_done, "following": following}


def breadcrumbs(*parts: object) -> dict[str, Any]:
    """The way to this page: label, url, label, url, …; a last label without url is the page."""
    pairs = [tuple(parts[n : n + 2]) for n in range(0, len(parts), 2)]
    return {"items": [pair if len(pair) == 2 else (pair[0], None) for pair in pairs]}


def stepper(steps: Sequence[object], current: int) -> dict[str, Any]:
    """Where one stands in a sequence of pages; current counts from 1."""
    marked = [
        {"number": n, "label": step, "state": _step_state(n, current)}
        for n, step in enumerate(steps, start=1)
    ]
    return {"steps": marked}


def diff_view(old: str, new: str, **options: Any) -> dict[str, Any]:
    """Two texts side by side with their differences marked; options: old_title, new_title."""
    left, right = diff_sides(old, new)
    is_same = old == new
    sides = {"left": left, "right": right, "is_same": is_same}
    return sides | {"old_title": "", "new_title": "", "lang": ""} | options


def _step_state(number: int, current: int) -> str:
    if number == current:
        return "current"
    return "done" if number < current else "ahead"


CALLOUT_ICONS = {
    "info": "info",
    "success": "check-circle",
    "warning": "warning",
    "danger": "error",
    "accent": "sparkle",
    "neutral": "info",
}
