"""Values of a Google attribute as cells keep them, taken apart again."""

import json
from typing import Any

from stores.importers.google_items import PARTS_OF_DETAIL, PARTS_OF_STRUCTURED, cell_of

_PARTS: dict[str, tuple[str, ...]] = {
    "product_detail": PARTS_OF_DETAIL,
    "structured_title": PARTS_OF_STRUCTURED,
    "structured_description": PARTS_OF_STRUCTURED,
}


def values_of(cell: str) -> list[Any]:
    """The values that `cell_of` made a cell of: texts, or texts by name."""
    if not cell:
        return []
    try:
        values = json.loads(cell) if cell[:1] == "[" else None
    except (ValueError, RecursionError):
        values = None
    return values if isinstance(values, list) and cell_of(values) == cell else [cell]


def table_cell(name: str, values: list[Any]) -> str:
    """The values as Google's tables write them: parts between colons, several between commas."""
    if all(isinstance(value, str) for value in values):
        return values[0] if len(values) == 1 and name not in _LISTED else _listed(values)
    pieces = [_joined(name, value) if isinstance(value, dict) else value for value in values]
    return ",".join(pieces)


_LISTED = frozenset(["product_highlight"])


def _listed(values: list[str]) -> str:
    return ",".join(_quoted(value, ",") for value in values)


def _joined(name: str, value: dict[str, str]) -> str:
    names = _PARTS.get(name, tuple(value))
    texts = [value.get(part, "") for part in names]
    if names is PARTS_OF_STRUCTURED:
        source, content = texts
        is_quoted = len(content) > 1 and content[0] == content[-1] == '"'
        return f"{source}:{_quoted(content, '') if is_quoted else content}"
    return ":".join(_quoted(text, ",:") for text in texts)


def _quoted(text: str, marks: str) -> str:
    if not any(mark in text for mark in (*marks, '"')):
        return text
    return '"{}"'.format(text.replace('"', '""'))
