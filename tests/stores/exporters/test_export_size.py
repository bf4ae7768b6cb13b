"""What an export costs: memory of a chunk, queries of a chunk, whatever the size of the catalogue."""

import os
import tracemalloc
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores.exporters.base import CHUNK_PRODUCTS, ExportOptions, Report
from stores.exporters.registry import all_exporters
from stores.models import CopySlot, CopyVersion, Product, ProductImage, Sku
from stores.services.export_work import SNAPSHOT

LINKS = ExportOptions(link_template="https://shop.example/{handle}")
# Products, SKUs, images, slots, texts.
PER_CHUNK = 5
TEXT = "<p>" + "A text of some length. " * 25 + "</p>"


def add(n):
    """So many more products with two SKUs, a picture and a text of 600 characters."""
    here = Product.objects.count()
    products = Product.objects.bulk_create(
        Product(
            handle=f"p-{k}", title=f"Product {k}", option_names=["Size"],
            attributes=[{"name": "Material", "value": "oak", "type": "text", "unit": None}],
        )
        for k in range(here, here + n)
    )  # fmt: skip
    ProductImage.objects.bulk_create(
        ProductImage(product=p, url=f"https://e.org/{p.handle}.jpg", position=1) for p in products
    )
    Sku.objects.bulk_create(
        Sku(
            product=p, code=f"{p.handle}-{size}", options=[size], price_minor=900, currency="EUR",
            position=place,
        )
        for p in products
        for place, size in enumerate("SL", start=1)
    )  # fmt: skip
    slots = CopySlot.objects.bulk_create(
        CopySlot(product=p, field="description", locale=p.locale) for p in products
    )
    CopyVersion.objects.bulk_create(
        CopyVersion(slot=slot, number=1, text=TEXT, source="ai", state="published")
        for slot in slots
    )


def pieces(format):
    return all_exporters()[format].write(Product.objects.all(), LINKS, Report())


@pytest.mark.parametrize("format", all_exporters())
def test_each_chunk_takes_the_same_few_queries(in_scope, format):
    def n_queries():
        with CaptureQueriesContext(connection) as captured:
            for _ in pieces(format):
                pass
        return len([q for q in captured if "SAVEPOINT" not in q["sql"]])

    add(CHUNK_PRODUCTS)
    one = n_queries()
    add(CHUNK_PRODUCTS)
    two = n_queries()
    add(CHUNK_PRODUCTS)
    three = n_queries()
    assert (two - one, three - two) == (PER_CHUNK, PER_CHUNK)


@pytest.mark.slow
@pytest.mark.parametrize("format", all_exporters())
def test_a_file_five_times_as_large_takes_no_more_memory(in_scope, format):
    def peak():
        tracemalloc.start()
        size = sum(len(piece) for piece in pieces(format))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most, size

    add(2 * CHUNK_PRODUCTS)
    peak()
    small, small_size = peak()
    add(8 * CHUNK_PRODUCTS)
    large, large_size = peak()
    assert large_size > 4.9 * small_size
    assert large < 1.2 * small, (small, large)


def test_a_worker_sees_the_transactions_of_the_web(db):
    here = {"dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(os.environ["DATABASE_URL"], **here) as web:
        started = web.execute("SELECT now()").fetchone()[0]
        with psycopg.connect(os.environ["DATABASE_WORKER_URL"], **here) as worker:
            found = worker.execute(SNAPSHOT).fetchone()[0]
    assert found == started - timedelta(seconds=5)
