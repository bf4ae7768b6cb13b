"""Items of a Google Merchant feed, in XML or as a table, as texts by attribute."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from stores.formulas import undo
from stores.importers.column_names import storable
from stores.importers.google_fields import NAMESPACE, name_of
from stores.importers.xml_nodes import Node

# The values of each attribute in their order: texts, or texts by name where an element has parts.
Values = dict[str, list[Any]]
Item = tuple[int, Values]
LISTED = frozenset(["additional_image_link", "product_highlight"])
MAX_LINE = 2**31 - 1
PARTS_OF_DETAIL = ("section_name", "attribute_name", "attribute_value")
PARTS_OF_STRUCTURED = ("digital_source_type", "content")


def is_item(name: str, depth: int) -> bool:
    """Whether an element is an item: of RSS or an entry of Atom, below the root or its channel."""
    return depth in (2, 3) and name in ("item", "entry")


def item_of_node(node: Node) -> Item:
    """An element's item. What has Google's namespace wins over elements of RSS and Atom."""
    google: Values = {}
    plain: Values = {}
    for child in node.children:
        value = _value(child)
        if value:
            found = google if child.space == NAMESPACE else plain
            found.setdefault(name_of(child.name), []).append(value)
    return node.line, plain | google


def item_of_row(names: Sequence[str], row: tuple[int, Sequence[str]]) -> Item:
    """The item of a row of a table. names: of its columns, as `name_of` gives them."""
    values: Values = {}
    for name, cell in zip(names, row[1], strict=False):
        text = undo(cell.strip())
        if name and text:
            values.setdefault(name, []).extend(_listed(name, text))
    return row[0], values


def text_of(values: Values, name: str) -> str:
    """The first text of an attribute, "" if there is none or it has parts."""
    return next((value for value in values.get(name, ()) if isinstance(value, str)), "")


def parts_of(values: Values, name: str) -> list[dict[str, str]]:
    """The values of an attribute with parts; a text with colons is taken apart as Google does."""
    names = PARTS_OF_DETAIL if name == "product_detail" else PARTS_OF_STRUCTURED
    return [
        value if isinstance(value, dict) else part
        for value in values.get(name, ())
        for part in ([value] if isinstance(value, dict) else _taken_apart(value, names))
    ]


def cell_of(values: Iterable[Any]) -> str:
    """How a cell keeps the values of an attribute; a single text stays as it is."""
    listed = list(values)
    if len(listed) == 1 and isinstance(listed[0], str):
        return listed[0]
    return json.dumps(listed, ensure_ascii=False)


def pack_items(items: Iterable[Item]) -> str:
    """The items as a text that a person can correct, one a line."""
    # Indented further it would take several times as long, for every product of the feed.
    lines = [json.dumps({"line": n, **values}, ensure_ascii=False) for n, values in items]
    return "[\n" + ",\n".join(lines) + "\n]"


def unpack_items(text: str) -> list[Item]:
    """Raises ValueError where a person has left something else behind."""
    items = json.loads(text)
    if not isinstance(items, list) or not items:
        raise ValueError("items are a list")
    return [_unpacked(one) for one in items]


def _unpacked(one: Any) -> Item:
    line = one.pop("line", 0) if isinstance(one, dict) else None
    if not isinstance(line, int) or not 0 <= line <= MAX_LINE:
        raise ValueError("an item is an object with the number of its line")
    listed = {name: value if isinstance(value, list) else [value] for name, value in one.items()}
    return line, {
        storable(name): [_clean(value) for value in found] for name, found in listed.items()
    }


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {storable(name): storable(str(part)) for name, part in value.items()}
    return storable(str(value))


def _value(node: Node) -> Any:
    if node.children:
        return {child.name: child.text for child in node.children if child.text}
    return node.text or node.attributes.get("href") or dict(node.attributes)


def _listed(name: str, text: str) -> list[str]:
    if name not in LISTED:
        return [text]
    separated = _split(text, ",")
    return [part.strip() for part in separated if part.strip()]


def _taken_apart(text: str, names: Sequence[str]) -> list[dict[str, str]]:
    """`a:b:"c, d",e:f:g` as parts with names; a colon too many belongs to the last part."""
    pieces = [text] if names is PARTS_OF_STRUCTURED else _split(text, ",")
    found = []
    for piece in pieces:
        parts = [_unquoted(part) for part in _split(piece.strip(), ":", len(names) - 1)]
        found.append(dict(zip(names[-len(parts) :], parts, strict=True)))
    return [parts for parts in found if any(parts.values())]


def _split(text: str, mark: str, most: int = -1) -> list[str]:
    """The text split at a mark outside of quotation marks, at most so often."""
    pieces: list[str] = []
    start, is_quoted = 0, False
    for n, character in enumerate(text):
        if character == '"':
            is_quoted = not is_quoted
        elif character == mark and not is_quoted and len(pieces) != most:
            pieces.append(text[start:n])
            start = n + 1
    return [*pieces, text[start:]]


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return text
