"""Products as our API shows and takes them: an object a line, or a list of objects."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from stores.importers.base import ImportOptions, Layout, ParsedProduct, Problem, UnreadableFile
from stores.importers.json_texts import BadJson, json_lines, opened_text, parse_json
from stores.importers.jsonl_product import KEYS, SKU_KEYS, TEXTS, JsonProduct
from stores.importers.rereading import with_text
from stores.importers.source import Source

FIELDS = frozenset(
    [*TEXTS, "handle", "tags", "status", "attributes", "images", "skus"]
    + [f"sku.{key}" for key in SKU_KEYS - {"currency"}]
)
LAYOUT = Layout(tuple(sorted(KEYS)), FIELDS, description_column="description")
# One of them, and no product of another shop's JSON, tells that an object is of our shape.
OWN_KEYS = (b'"handle"', b'"option_names"', b'"price_minor"')


@dataclass(frozen=True)
class JsonLines:
    name: str = "jsonl"
    label = _("Copydesk products (JSON Lines)")
    extensions: tuple[str, ...] = (".jsonl", ".ndjson", ".json")

    def recognises(self, source: Source) -> float:
        """By the names of our keys in the first line."""
        if source.kind != "jsonl":
            return 0.0
        first = source.head.lstrip().split(b"\n", 1)[0]
        return 0.9 if any(key in first for key in OWN_KEYS) else 0.0

    def read(self, source: Source, options: ImportOptions) -> Iterator[Layout | ParsedProduct]:
        yield LAYOUT
        is_empty = True
        with opened_text(source) as text:
            for row, line in json_lines(text):
                is_empty = False
                yield _product(row, line, options, source.name)
        if is_empty:
            raise UnreadableFile("no_products")

    def reread(
        self, layout: Layout, raw: Any, options: ImportOptions, file_name: str
    ) -> ParsedProduct:
        return _product(0, str(raw), options, file_name)


IMPORTER = JsonLines()


def _product(row: int, line: str, options: ImportOptions, file_name: str) -> ParsedProduct:
    try:
        value = parse_json(line)
        if not isinstance(value, dict):
            raise BadJson("needs_object")
    except BadJson as bad:
        problem = Problem(row, "", bad.code, bad.params)
        return with_text(ParsedProduct(handle="", first_row=row, problems=(problem,)), line)
    return with_text(JsonProduct(row, value, options, file_name).product(), line)
