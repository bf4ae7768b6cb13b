"""Shopify's product CSV, as Shopify takes it back."""

from collections.abc import Iterator

from django.db.models import QuerySet

from stores.models import Product


def export_products(products: QuerySet[Product]) -> Iterator[str]:
    """The CSV in pieces: the header, then some products at a time, each in a transaction of its own.

    Call it in the merchant's scope; every piece opens that scope again, so that the pieces may be
    taken after the request is over.
    """
    raise NotImplementedError
