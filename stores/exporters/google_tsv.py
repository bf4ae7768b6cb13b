"""Google Merchant feed as a table with tabs between its columns."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import CharField, F, Func, QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext_lazy as _

from stores.catalogue.known import Known
from stores.exporters.base import ExportOptions, Report, in_pieces
from stores.exporters.csv_text import csv_text
from stores.exporters.google_item import FORMAT, GoogleItems
from stores.exporters.google_values import table_cell
from stores.formulas import make_safe
from stores.importers.google_fields import ATTRIBUTES
from stores.models import Product, Sku
from tenants.scope import merchant_scope, require_merchant_id

COLUMNS = (
    *("id", "item_group_id", "title", "structured_title", "description", "structured_description"),
    *("link", "image_link", "additional_image_link", "availability", "price", "sale_price"),
    *("brand", "gtin", "google_product_category", "product_type", "shipping_weight"),
    *(*ATTRIBUTES, "product_detail"),
)


class GoogleTsvExporter:
    """The same items as in the XML feed. Columns that no product of this catalogue needs stay empty."""

    name = "google_tsv"
    label = _("Google Merchant (table)")
    description = _("The same as the XML feed, as a table with tabs for uploading by hand.")
    extension = "tsv"
    content_type = "text/tab-separated-values; charset=utf-8"

    def write(
        self, products: QuerySet[Product], options: ExportOptions, report: Report
    ) -> Iterator[str]:
        return _pieces(products, options, report, require_merchant_id())


EXPORTER = GoogleTsvExporter()


def _pieces(
    products: QuerySet[Product], options: ExportOptions, report: Report, merchant_id: int
) -> Iterator[str]:
    with merchant_scope(merchant_id), transaction.atomic():
        columns = (*COLUMNS, *_kept_columns(products))

    def text_of(known: Known) -> str:
        items = GoogleItems(known, options).items(report)
        return csv_text(
            (
                [
                    make_safe(table_cell(name, item[name])) if name in item else ""
                    for name in columns
                ]
                for item in items
            ),
            "\t",
        )

    yield csv_text([columns], "\t")
    with merchant_scope(merchant_id):
        pieces = in_pieces(products, report, text_of)
    yield from pieces


def _kept_columns(products: QuerySet[Product]) -> list[str]:
    """The names of the cells that feeds have left with these products, beside our columns."""
    from_feeds = products.filter(source__format=FORMAT).order_by().values("pk")
    skus = Sku.objects.filter(product__in=from_feeds, source__has_key="cells").order_by()
    each = Func(
        KeyTransform("cells", F("source")), function="jsonb_object_keys", output_field=CharField()
    )
    names = skus.annotate(one=each).values_list("one", flat=True).distinct()
    return sorted(set(names) - set(COLUMNS))
