"""Products as our API shows and takes them: an object a line, or a list of objects."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from django.utils.translation import gettext_lazy as _

from stores.importers.base import ImportOptions, Layout, ParsedProduct, Problem, UnreadableFile
from stores.importers.json_texts import BadJson, json_lines, json_list, opened_text, parse_json
from stores.importers.jsonl_product import KEYS, SKU_KEYS, TEXTS, JsonProduct
from stores.importers.rereading import with_text
from stores.importers.source import Source

logger = logging.getLogger(__name__)
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
        """By the names of our keys in the first object."""
        if source.kind not in ("jsonl", "json"):
            return 0.0
        first = source.head.lstrip().split(b"\n", 1)[0] if source.kind == "jsonl" else source.head
        return 0.9 if any(key in first for key in OWN_KEYS) else 0.0

    def read(self, source: Source, options: ImportOptions) -> Iterator[Layout | ParsedProduct]:
        yield LAYOUT
        is_empty = True
        with opened_text(source) as text:
            for product in _products(source, text, options):
                is_empty = False
                yield product
        if is_empty:
            raise UnreadableFile("no_products")

    def reread(
        self, layout: Layout, raw: Any, options: ImportOptions, file_name: str
    ) -> ParsedProduct:
        return _product(0, str(raw), options, file_name)


IMPORTER = JsonLines()


def _products(source: Source, text: TextIO, options: ImportOptions) -> Iterator[ParsedProduct]:
    """A product a line; of a list, or of an answer of our API, a product an object."""
    if source.kind == "jsonl":
        for row, line in json_lines(text):
            yield _product(row, line, options, source.name)
        return
    for row, value in json_list(text):
        yield _product(row, json.dumps(value, ensure_ascii=False), options, source.name)


def _product(row: int, line: str, options: ImportOptions, file_name: str) -> ParsedProduct:
    try:
        value = parse_json(line)
        if not isinstance(value, dict):
            raise BadJson("needs_object")
    except BadJson as bad:
        return _broken(row, line, bad.code, bad.params)
    try:
        return with_text(JsonProduct(row, value, options, file_name).product(), line)
    except Exception:
        # A line that we did not foresee must not keep out all the others.
        logger.exception("a product cannot be read")
        return _broken(row, line, "product_unreadable", {})


def _broken(row: int, line: str, code: str, params: dict[str, Any]) -> ParsedProduct:
    problem = Problem(row, "", code, params)
    return with_text(ParsedProduct(handle="", first_row=row, problems=(problem,)), line)
