"""Shopify's product CSV, as Shopify takes it back."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from django.db import transaction
from django.db.models import QuerySet

from stores.catalogue.known import with_rows
from stores.exporters.shopify_columns import columns_for
from stores.exporters.shopify_rows import ProductExport
from stores.models import Product
from tenants.scope import merchant_scope, require_merchant_id

CHUNK_PRODUCTS = 200


def export_products(products: QuerySet[Product]) -> Iterator[str]:
    """The CSV in pieces: the header, then some products at a time, each in a transaction of its own.

    A product from a file gets its columns and cells back, with the published description and what
    was changed here over them. Call it in the merchant's scope; every piece opens that scope again,
    so that the pieces may be taken after the request is over.
    """
    return _pieces(products.order_by("pk"), require_merchant_id())


def _pieces(products: QuerySet[Product], merchant_id: int) -> Iterator[str]:
    with merchant_scope(merchant_id), transaction.atomic():
        export = columns_for(products)
    yield _csv([export.headers])
    last = 0
    while True:
        with merchant_scope(merchant_id), transaction.atomic():
            chunk = with_rows(products.filter(pk__gt=last)[:CHUNK_PRODUCTS])
            rows = [row for known in chunk for row in ProductExport(known, export).rows()]
        if not chunk:
            return
        last = chunk[-1].product.pk
        yield _csv(rows)


def _csv(rows: Iterable[Iterable[str]]) -> str:
    text = StringIO(newline="")
    # The writer quotes the characters of its line end only: with "\n" a lone "\r" would break rows.
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
