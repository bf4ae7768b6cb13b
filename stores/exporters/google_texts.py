"""Texts of a Google Merchant feed: cut to its limits, and a model's under the names that say so.

Google wants text that a generative model has written in structured_title and
structured_description with digital_source_type trained_algorithmic_media. Where the plain attribute
is there as well Google takes that one, and the label is lost: so it is left out.
"""

from typing import Any

from stores.html import is_plain, to_text
from stores.importers.google_fields import AI_SOURCE

LIMITS = {"title": 150, "description": 5000}


def labelled(name: str, text: str, *, by_ai: bool) -> dict[str, list[Any]]:
    """The attribute that carries a text: the plain one of people, the structured one of a model."""
    if not text:
        return {}
    if not by_ai:
        return {name: [text]}
    return {f"structured_{name}": [{"digital_source_type": AI_SOURCE, "content": text}]}


def title_text(title: str) -> str:
    """The title within Google's limit."""
    return cut(title, LIMITS["title"])


def description_text(html: str) -> str:
    """The description within Google's limit: plain where nothing is lost by it, else its HTML."""
    plain = to_text(html)
    if len(html) > LIMITS["description"]:
        return cut(plain, LIMITS["description"])
    # What looks like markup would be read as markup.
    looks_plain = is_plain(html) and not ("<" in plain and ">" in plain)
    return plain if looks_plain else html


def cut(text: str, limit: int) -> str:
    """The text, or as many of its words as there is room for, with an ellipsis."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    words = kept.rsplit(None, 1)[0] if " " in kept[-80:] else kept
    return f"{words.rstrip()}…"
