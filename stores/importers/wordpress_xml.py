"""A WordPress export of a WooCommerce shop: its products, read as WooCommerce's own CSV would have them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from stores.importers.base import ImportOptions, Layout, ParsedProduct, UnreadableFile
from stores.importers.limits import MAX_ROWS_PER_PRODUCT
from stores.importers.rereading import with_rows
from stores.importers.source import Source
from stores.importers.spill import Spill
from stores.importers.woocommerce_product import WooProduct
from stores.importers.woocommerce_sheet import Sheet
from stores.importers.wordpress_items import HEADER, Item, image_ids, item_of, rows_of, type_of
from stores.importers.xml_nodes import xml_nodes

NAMESPACE = b"wordpress.org/export"


@dataclass(frozen=True)
class WordPressXml:
    name: str = "wordpress_xml"
    label = _("WordPress export with WooCommerce products (XML)")
    extensions: tuple[str, ...] = (".xml",)

    def recognises(self, source: Source) -> float:
        """By the namespace of WordPress exports."""
        return 0.9 if source.kind == "xml" and NAMESPACE in source.head else 0.0

    def read(self, source: Source, options: ImportOptions) -> Iterator[Layout | ParsedProduct]:
        sheet = _sheet(source.name, options)
        yield sheet.layout
        is_empty = True
        with Spill() as parts:
            for item in _items(source):
                _set_aside(item, parts)
            for item in _items(source):
                if type_of(item) == "product":
                    is_empty = False
                    yield _product(sheet, item, parts)
        if is_empty:
            raise UnreadableFile("file_is_wordpress")

    def reread(
        self, layout: Layout, raw: Any, options: ImportOptions, file_name: str
    ) -> ParsedProduct:
        rows = [(number, list(cells)) for number, cells in raw]
        return with_rows(WooProduct(_sheet(file_name, options), rows).product(), rows)


IMPORTER = WordPressXml()


def _sheet(file_name: str, options: ImportOptions) -> Sheet:
    # The database of a shop keeps numbers with a point, whatever its pages show.
    return Sheet.of(HEADER, 1, file_name, replace(options, decimal_mark="."))


def _items(source: Source) -> Iterator[Item]:
    # Finding out the encoding may move the stream.
    codec = source.codec
    source.stream.seek(0)
    for node in xml_nodes(source.stream, lambda name, depth: name == "item" and depth == 3, codec):
        yield item_of(node)


def _set_aside(item: Item, parts: Spill) -> None:
    """Variations and pictures are items of their own, and stand anywhere."""
    texts = item["texts"]
    if type_of(item) == "product_variation":
        parts.put(f"variations {texts.get('post_parent')}", item)
    elif type_of(item) == "attachment":
        parts.put(f"picture {texts.get('post_id')}", texts.get("attachment_url", ""))


def _product(sheet: Sheet, item: Item, parts: Spill) -> ParsedProduct:
    number = item["texts"].get("post_id")
    variations = parts.take(f"variations {number}", MAX_ROWS_PER_PRODUCT + 1)
    wanted = dict.fromkeys(n for one in (item, *variations) for n in image_ids(one))
    pictures = {n: url for n in wanted for url in parts.look(f"picture {n}")}
    rows = rows_of(item, variations, pictures)
    return with_rows(WooProduct(sheet, rows).product(), rows)
