"""Feeds for Google Merchant Center: RSS 2.0, Atom, or a table with the same attributes as columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils.translation import gettext_lazy as _

from stores.importers.base import ImportOptions, Layout, ParsedProduct, UnreadableFile
from stores.importers.column_names import storable
from stores.importers.csv_rows import Row
from stores.importers.findings import Findings
from stores.importers.google_fields import (
    NAMESPACE,
    STRUCTURED,
    TELLING,
    fields_of,
    is_modelled,
    name_of,
)
from stores.importers.google_items import (
    Item,
    is_item,
    item_of_node,
    item_of_row,
    pack_items,
    text_of,
    unpack_items,
)
from stores.importers.google_product import GoogleProduct
from stores.importers.limits import MAX_ROWS_PER_PRODUCT
from stores.importers.rereading import fresh, with_rows, with_text
from stores.importers.source import Source
from stores.importers.spill import gathered
from stores.importers.xml_nodes import xml_nodes

LEAST_TELLING = 3


@dataclass(frozen=True)
class GoogleFeed:
    name: str = "google_feed"
    label = _("Google Merchant feed (RSS, Atom, TSV)")
    extensions: tuple[str, ...] = (".xml", ".tsv", ".txt", ".csv")

    def recognises(self, source: Source) -> float:
        """By Google's namespace, or by columns that only its feeds have."""
        if source.kind == "xml":
            return 0.95 if NAMESPACE.encode() in source.head.replace(b"\0", b"") else 0.0
        if source.kind != "table":
            return 0.0
        names = {name_of(header) for header in source.table().header}
        if "id" not in names or len(names & TELLING) < LEAST_TELLING:
            return 0.0
        return 0.55 + 0.4 * sum(map(_is_known, names)) / len(names)

    def read(self, source: Source, options: ImportOptions) -> Iterator[Layout | ParsedProduct]:
        if source.kind == "table":
            yield from _read_table(source, options)
        else:
            yield from _read_xml(source, options)

    def reread(
        self, layout: Layout, raw: Any, options: ImportOptions, file_name: str
    ) -> ParsedProduct:
        if not isinstance(raw, str):
            rows = [(number, list(cells)) for number, cells in raw]
            return _of_rows(layout.columns, rows, options, file_name)
        try:
            items = unpack_items(raw)
        except (ValueError, TypeError, RecursionError):
            return _broken(raw, options, file_name)
        return with_text(GoogleProduct(items, options, file_name).product(), raw)


IMPORTER = GoogleFeed()


def _is_known(name: str) -> bool:
    return is_modelled(name) or name in TELLING or name in STRUCTURED


def _read_table(source: Source, options: ImportOptions) -> Iterator[Layout | ParsedProduct]:
    header = tuple(storable(name) for name in source.table().header)
    names = [name_of(name) for name in header]
    described = next((h for h, n in zip(header, names, strict=True) if "description" in n), "")
    yield Layout(header, fields_of(set(names)), frozenset(names), described)
    place = names.index("item_group_id") if "item_group_id" in names else -1
    is_empty = True
    for rows in gathered(
        lambda: fresh(source).table().rows(),
        lambda row: row[1][place].strip() if -1 < place < len(row[1]) else "",
        MAX_ROWS_PER_PRODUCT,
    ):
        is_empty = False
        yield _of_rows(header, rows, options, source.name)
    if is_empty:
        raise UnreadableFile("no_products")


def _of_rows(
    header: Sequence[str], rows: list[Row], options: ImportOptions, file_name: str
) -> ParsedProduct:
    names = [name_of(name) for name in header]
    headers = dict(zip(names, header, strict=True))
    items = [item_of_row(names, row) for row in rows]
    return with_rows(GoogleProduct(items, options, file_name, headers).product(), rows)


def _read_xml(source: Source, options: ImportOptions) -> Iterator[Layout | ParsedProduct]:
    names: set[str] = set()
    groups = gathered(
        lambda: _items(source, names),
        lambda item: text_of(item[1], "item_group_id"),
        MAX_ROWS_PER_PRODUCT,
    )
    # The first group comes when the whole file has been looked through: all names are known then.
    first = next(groups, None)
    if first is None:
        raise UnreadableFile("no_items")
    described = "description" if "description" in names else "structured_description"
    yield Layout(tuple(sorted(names)), fields_of(names), frozenset(names), described)
    for items in chain([first], groups):
        product = GoogleProduct(items, options, source.name).product()
        many = len(items) > MAX_ROWS_PER_PRODUCT
        yield product if many else with_text(product, pack_items(items))


def _items(source: Source, names: set[str]) -> Iterator[Item]:
    # Finding out the encoding may move the stream.
    codec = source.codec
    source.stream.seek(0)
    for node in xml_nodes(source.stream, is_item, codec):
        item = item_of_node(node)
        names.update(item[1])
        yield item


def _broken(raw: str, options: ImportOptions, file_name: str) -> ParsedProduct:
    findings = Findings(options, file_name)
    findings.problem(0, "", "items_broken")
    return with_text(ParsedProduct(handle="", first_row=0, problems=tuple(findings.problems)), raw)
