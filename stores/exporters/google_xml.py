"""Google Merchant feed as RSS 2.0."""

import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stores.catalogue.known import Known
from stores.exporters.base import ExportOptions, Report, in_pieces
from stores.exporters.google_item import GoogleItems, Values
from stores.exporters.links import shop_of
from stores.importers.google_fields import NAMESPACE
from stores.models import Product

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)


class GoogleXmlExporter:
    """A model's text goes where Google wants it labelled; what lacks a required attribute stays out."""

    name = "google_xml"
    label = _("Google Merchant (XML)")
    description = _(
        "A feed for Google Merchant Center, with AI texts labelled as Google demands. Products"
        " without price, image or address are left out."
    )
    extension = "xml"
    content_type = "application/xml; charset=utf-8"

    def write(
        self, products: QuerySet[Product], options: ExportOptions, report: Report
    ) -> Iterator[str]:
        def text_of(known: Known) -> str:
            return "".join(map(_item, GoogleItems(known, options).items(report)))

        return _framed(in_pieces(products, report, text_of), options)


EXPORTER = GoogleXmlExporter()


def _framed(pieces: Iterator[str], options: ExportOptions) -> Iterator[str]:
    name, shop = xml_text(options.shop_name), xml_text(shop_of(options.link_template))
    link = f"<link>{shop}</link>\n" if shop else ""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<rss version="2.0" xmlns:g="{NAMESPACE}">\n<channel>\n'
        f"<title>{name}</title>\n{link}<description>{name}</description>\n"
    )
    yield from pieces
    yield "</channel>\n</rss>\n"


def _item(values: Values) -> str:
    lines = [
        _element(name, value)
        for name, found in values.items()
        if _NAME.fullmatch(name)
        for value in found
    ]
    return "<item>\n{}</item>\n".format("".join(lines))


def _element(name: str, value: Any) -> str:
    if isinstance(value, dict):
        parts = (_element(part, text) for part, text in value.items() if _NAME.fullmatch(part))
        content = "".join(part.rstrip("\n") for part in parts)
    else:
        content = xml_text(str(value))
    return f"<g:{name}>{content}</g:{name}>\n"


def xml_text(text: str) -> str:
    """The text without the characters that XML forbids, and with its own as entities."""
    # A lone carriage return would be read as a line feed.
    return escape(_FORBIDDEN.sub("", text), {"\r": "&#13;"})
