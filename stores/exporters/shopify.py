"""Shopify's product CSV, as Shopify takes it back."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stores.catalogue.known import Known
from stores.exporters.base import ExportOptions, Report, in_pieces
from stores.exporters.csv_text import csv_text
from stores.exporters.shopify_columns import FORMAT, columns_for
from stores.exporters.shopify_rows import ProductExport
from stores.models import Product
from tenants.scope import merchant_scope, require_merchant_id


class ShopifyExporter:
    """A product from a file gets its columns and cells back, with the published description and
    what was changed here over them."""

    name = FORMAT
    label = _("Shopify CSV")
    description = _(
        "Products that came from a Shopify file get their own columns and cells back. In Shopify:"
        " Products → Import, and tick “Overwrite products with matching handles”."
    )
    extension = "csv"
    content_type = "text/csv; charset=utf-8"

    def write(
        self, products: QuerySet[Product], options: ExportOptions, report: Report
    ) -> Iterator[str]:
        return _pieces(products, require_merchant_id(), report)


def _pieces(products: QuerySet[Product], merchant_id: int, report: Report) -> Iterator[str]:
    with merchant_scope(merchant_id), transaction.atomic():
        export = columns_for(products)

    def text_of(known: Known) -> str:
        return csv_text(ProductExport(known, export).rows())

    yield csv_text([export.headers])
    with merchant_scope(merchant_id):
        pieces = in_pieces(products, report, text_of)
    yield from pieces


EXPORTER = ShopifyExporter()
