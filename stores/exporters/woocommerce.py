"""WooCommerce's product CSV, as WooCommerce takes it back."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stores.catalogue.known import Known
from stores.exporters.base import ExportOptions, Report, in_pieces
from stores.exporters.csv_text import csv_text
from stores.exporters.woocommerce_columns import FORMAT, columns_for
from stores.exporters.woocommerce_rows import WooRows
from stores.models import Product
from tenants.scope import merchant_scope, require_merchant_id


class WooCommerceExporter:
    """A product from a WooCommerce file gets its columns and cells back, in the file's language.

    An archived product is one that is not published: WooCommerce knows nothing in between. The
    handle stands in a column of ours where the SKU does not say it.
    """

    name = FORMAT
    label = _("WooCommerce CSV")
    description = _(
        "Products that came from a WooCommerce file get their own columns and cells back. In"
        " WooCommerce: Products → Import, and tick “Update existing products”."
    )
    extension = "csv"
    content_type = "text/csv; charset=utf-8"

    def write(
        self, products: QuerySet[Product], options: ExportOptions, report: Report
    ) -> Iterator[str]:
        return _pieces(products, require_merchant_id(), report)


EXPORTER = WooCommerceExporter()


def _pieces(products: QuerySet[Product], merchant_id: int, report: Report) -> Iterator[str]:
    with merchant_scope(merchant_id), transaction.atomic():
        export = columns_for(products)

    def text_of(known: Known) -> str:
        return csv_text(WooRows(known, export).rows())

    yield csv_text([export.headers])
    with merchant_scope(merchant_id):
        pieces = in_pieces(products, report, text_of)
    yield from pieces
