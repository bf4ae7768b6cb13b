"""JSON Lines: a product a line, as our own API shows and takes it."""

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stores.catalogue.known import Known
from stores.exporters.base import ExportOptions, Report, in_pieces
from stores.importers.shopify_cells import write_weight
from stores.models import CopyVersion, Product, ProductImage, Sku

PRODUCT = (
    *("handle", "title", "vendor", "product_type", "category", "tags", "status", "locale"),
    *("attributes", "option_names"),
)
SKU = ("options", "code", "barcode", "price_minor", "compare_at_price_minor", "currency")
# Line ends for some readers, though not in JSON.
LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


class JsonLinesExporter:
    """Says all that we know of a product but the cells kept for the format that it came from."""

    name = "jsonl"
    label = _("JSON Lines")
    description = _("For programs: one product a line, in the shape of our API, prices in cents.")
    extension = "jsonl"
    content_type = "application/jsonl; charset=utf-8"

    def write(
        self, products: QuerySet[Product], options: ExportOptions, report: Report
    ) -> Iterator[str]:
        return in_pieces(products, report, _line)


EXPORTER = JsonLinesExporter()


def _line(known: Known) -> str:
    return json.dumps(_object(known), ensure_ascii=False).translate(LINE_ENDS) + "\n"


def _object(known: Known) -> dict[str, Any]:
    product, live = known.product, known.published
    urls = {image.pk: image.url for image in known.images}
    return {
        "id": product.public_id,
        **{name: getattr(product, name) for name in PRODUCT},
        "description": live.text if live else "",
        "copy": _copy(live, product.locale) if live else None,
        "images": [_image(image) for image in known.images],
        "skus": [_sku(sku, urls.get(sku.image_id or 0, "")) for sku in known.skus],
    }


def _copy(version: CopyVersion, locale: str) -> dict[str, str]:
    """Where the description comes from: `source` tells AI from people."""
    return {"id": version.public_id, "locale": locale, "source": version.source}


def _image(image: ProductImage) -> dict[str, Any]:
    return {"url": image.url, "alt_text": image.alt_text, "position": image.position}


def _sku(sku: Sku, image_url: str) -> dict[str, Any]:
    return {
        "id": sku.public_id,
        **{name: getattr(sku, name) for name in SKU},
        "weight_grams": write_weight(sku.weight_grams) or None,
        "image_url": image_url,
    }
