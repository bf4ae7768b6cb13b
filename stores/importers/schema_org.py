"""Pages of shops that describe their products in schema.org's words, and JSON-LD files of the same."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from stores.importers.base import ImportOptions, Layout, ParsedProduct, Problem, UnreadableFile
from stores.importers.json_texts import BadJson, opened_text, parse_json
from stores.importers.rereading import with_text
from stores.importers.schema_pages import MAX_PAGE_CHARACTERS, products_of, products_of_page
from stores.importers.schema_product import FIELDS, SchemaProduct
from stores.importers.source import Source


@dataclass(frozen=True)
class SchemaOrg:
    name: str = "schema_org"
    label = _("Web page with schema.org products")
    extensions: tuple[str, ...] = (".html", ".htm", ".json", ".jsonld")

    def recognises(self, source: Source) -> float:
        """Any web page may have some; of JSON only what names schema.org and a product."""
        if source.kind == "html":
            return 0.6
        if source.kind not in ("json", "jsonl") or b"schema.org" not in source.head:
            return 0.0
        return 0.8 if b"Product" in source.head else 0.0

    def read(self, source: Source, options: ImportOptions) -> Iterator[Layout | ParsedProduct]:
        found = _products(source)
        if not found:
            raise UnreadableFile("html_unknown" if source.kind == "html" else "json_unknown")
        readers = [
            SchemaProduct(one, row, options, source.name) for row, one in enumerate(found, start=1)
        ]
        names = {name for one in found for name in one}
        fields = frozenset(field for reader in readers for field in reader.fields)
        yield Layout(tuple(sorted(names)), fields, frozenset(names - FIELDS.keys()), "description")
        for reader in readers:
            text = json.dumps(reader.given, ensure_ascii=False, indent=1)
            yield with_text(reader.product(), text)

    def reread(
        self, layout: Layout, raw: Any, options: ImportOptions, file_name: str
    ) -> ParsedProduct:
        text = str(raw)
        try:
            value = parse_json(text)
            if not isinstance(value, dict):
                raise BadJson("needs_object")
        except BadJson as bad:
            problem = Problem(0, "", bad.code, bad.params)
            return with_text(ParsedProduct(handle="", first_row=0, problems=(problem,)), text)
        return with_text(SchemaProduct(value, 1, options, file_name).product(), text)


IMPORTER = SchemaOrg()


def _products(source: Source) -> list[dict[str, Any]]:
    """A page is no long list: it is read whole, up to a limit."""
    with opened_text(source) as text:
        content = text.read(MAX_PAGE_CHARACTERS + 1)
    if source.kind == "html":
        return products_of_page(content)
    if len(content) > MAX_PAGE_CHARACTERS:
        raise UnreadableFile("html_too_large", limit=MAX_PAGE_CHARACTERS)
    try:
        value = parse_json(content)
        return products_of(value if isinstance(value, list) else [value])
    except BadJson as bad:
        raise UnreadableFile(bad.code, **bad.params) from bad
    except (ValueError, RecursionError) as problem:
        raise UnreadableFile("json_unknown") from problem
