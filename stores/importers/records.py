"""Lists of objects in JSON or XML as rows of a table: what stands inside of an object gets a column of its own."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from stores.importers.base import MAX_COLUMNS, UnreadableFile
from stores.importers.column_names import storable
from stores.importers.csv_rows import Row
from stores.importers.json_texts import BadJson, json_lines, json_list, opened_text, parse_json
from stores.importers.xml_nodes import Node, xml_nodes

if TYPE_CHECKING:
    from stores.importers.source import Source

# What shops and price comparers call the element of a product.
ELEMENTS = frozenset(
    ["product", "item", "entry", "offer", "article", "artikel", "produkt", "produit", "producto"]
    + ["shopitem", "goods", "sku", "row", "record"]
)
LOOKED_AT = 500
MAX_LEVELS = 2
JOINT = "; "
DUMP = frozenset(["model", "pk", "fields"])
Record = tuple[int, dict[str, str]]


def record_rows(source: "Source", columns: Iterable[str] = ()) -> Iterator[Row]:
    """A header, then a row for each object. columns: of the header; none takes the first objects'.

    Raises UnreadableFile where the file has no such list.
    """
    header = list(columns) or columns_of(islice(records(source), LOOKED_AT))
    if not header:
        raise UnreadableFile(f"{source.kind}_unknown")
    yield 0, header
    for number, values in records(source):
        yield number, [values.get(name, "") for name in header]


def columns_of(found: Iterable[Record]) -> list[str]:
    """The columns that these objects need, in the order in which they first come."""
    names: dict[str, None] = {}
    for number, values in found:
        names.update(dict.fromkeys(values))
        if len(names) > MAX_COLUMNS:
            raise UnreadableFile("too_many_columns", row=number, limit=MAX_COLUMNS)
    return list(names)


def records(source: "Source") -> Iterator[Record]:
    """The objects of a file with the lines that they start in. Raises UnreadableFile."""
    if source.kind == "xml":
        # Finding out the encoding may move the stream.
        codec = source.codec
        source.stream.seek(0)
        for node in xml_nodes(source.stream, _is_product, codec):
            yield node.line, flat(_object(node))
        return
    for number, value in _values(source):
        if not isinstance(value, dict):
            raise UnreadableFile(f"{source.kind}_unknown", row=number)
        if value.keys() >= DUMP:
            raise UnreadableFile("file_is_dump", row=number)
        yield number, flat(value)


def flat(values: Mapping[str, Any], levels: int = MAX_LEVELS) -> dict[str, str]:
    """Texts by name; `a.b` for b inside of a, and what lies deeper as JSON."""
    found: dict[str, str] = {}
    for key, value in values.items():
        name = storable(str(key))
        if isinstance(value, dict) and value and levels > 1:
            inner = flat(value, levels - 1)
            found.update({f"{name}.{part}": text for part, text in inner.items()})
        else:
            found[name] = _text(value)
    return found


def _values(source: "Source") -> Iterator[tuple[int, Any]]:
    with opened_text(source) as text:
        if source.kind == "json":
            yield from json_list(text)
            return
        for number, line in json_lines(text):
            try:
                yield number, parse_json(line)
            except BadJson as bad:
                raise UnreadableFile(bad.code, row=number, **bad.params) from bad


def _is_product(name: str, depth: int) -> bool:
    return depth > 1 and name.lower() in ELEMENTS


def _object(node: Node) -> dict[str, Any]:
    """The parts of an element by name; a name that comes several times has a list."""
    found: dict[str, list[Any]] = {name: [text] for name, text in node.attributes.items()}
    for child in node.children:
        has_parts = child.children or (child.attributes and not child.text)
        value = _object(child) if has_parts else child.text
        found.setdefault(child.name, []).append(value)
    if node.text and not node.children:
        found.setdefault("text", []).append(node.text)
    return {name: one[0] if len(one) == 1 else one for name, one in found.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and not any(isinstance(part, dict | list) for part in value):
        return JOINT.join(_text(part) for part in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
