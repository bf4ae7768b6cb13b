"""Exports with real processes: a worker is killed while it writes."""

from contextlib import ExitStack

import pytest

from tests.stores.test_import_drill import Shop

pytestmark = pytest.mark.slow

N_PRODUCTS = 6_000
START = """
from stores.models import Product
from stores.selectors.filters import ProductFilter
from stores.services.exports import start_export
merchant = Merchant.objects.create(name="A")
with merchant_scope(merchant.pk), transaction.atomic():
    Product.objects.bulk_create(
        Product(handle=f"p-{n}", title=f"Product {n}") for n in range(int(sys.argv[1]))
    )
    start_export(format="jsonl", products=ProductFilter(), actor=SYSTEM)
"""


@pytest.fixture
def shop(tmp_path):
    with ExitStack() as stack:
        yield Shop(tmp_path, stack)


def the_export(shop):
    columns = "state, n_written, n_attempts, file, size_bytes"
    return shop.rows(f"SELECT {columns} FROM stores_catalogueexport")[0]


def test_a_file_whose_worker_was_killed_is_written_anew_by_another(shop):
    shop.start_all()
    shop.run(START, str(N_PRODUCTS))
    shop.wait_for(lambda: the_export(shop)[1] > N_PRODUCTS // 4)
    shop.kill_group("default")
    state, n_written, _, half, _ = the_export(shop)
    uploads = shop.folder / "data" / "uploads"
    assert (state, (uploads / half).exists()) == ("writing", True)
    assert n_written < N_PRODUCTS
    shop.start_worker("another", "default")
    shop.wait_for(lambda: the_export(shop)[0] == "finished", 120)
    _, n_written, n_attempts, whole, size = the_export(shop)
    assert (n_written, n_attempts) == (N_PRODUCTS, 2)
    assert ((uploads / half).exists(), (uploads / whole).stat().st_size) == (False, size)
    assert len((uploads / whole).read_bytes().splitlines()) == N_PRODUCTS
