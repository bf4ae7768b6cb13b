"""Imports with real processes: workers are killed, servers restarted, two imports run at once."""

import subprocess
import sys
from contextlib import ExitStack

import pytest
import redis

from tests.generation.test_drills import ROOT, House

pytestmark = pytest.mark.slow

N_PRODUCTS = 4_000
COMMON = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.web"
django.setup()
from io import BytesIO
from django.db import transaction
from tenants.actor import SYSTEM
from tenants.models import Merchant
from tenants.scope import merchant_scope
from stores.models import CatalogueImport
from stores.services.imports import confirm_import, start_import
"""
START = """
merchant = Merchant.objects.create(name="A")
rows = "".join(f"p-{n},Product {n},<p>Text {n}</p>,{n}.00\\n" for n in range(int(sys.argv[1])))
file = BytesIO(f"Handle,Title,Body (HTML),Variant Price\\n{rows}".encode())
with merchant_scope(merchant.pk), transaction.atomic():
    start_import(file=file, file_name="a.csv", actor=SYSTEM)
"""
CONFIRM = """
with merchant_scope(Merchant.objects.get().pk), transaction.atomic():
    confirm_import(catalogue_import=CatalogueImport.objects.get(), actor=SYSTEM)
"""


AGAIN = START.replace('Merchant.objects.create(name="A")', "Merchant.objects.get()").replace(
    "Text {n}", "Another text {n}"
)
CONFIRM_ALL = """
with merchant_scope(Merchant.objects.get().pk), transaction.atomic():
    for one in CatalogueImport.objects.all():
        confirm_import(catalogue_import=one, actor=SYSTEM)
"""


class Shop(House):
    """A house whose leases on imports run out quickly."""

    def environment(self, **more):
        data = str(self.folder / "data")
        return super().environment(
            COPYDESK_DATA_DIR=data, COPYDESK_IMPORT_LEASE_SECONDS="4", **more
        )

    def run(self, script, *arguments):
        command = [sys.executable, "-c", COMMON + script, *arguments]
        done = subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, cwd=ROOT
        )
        assert done.returncode == 0, done.stderr

    def state(self):
        return self.rows("SELECT state, n_new, n_applied FROM stores_catalogueimport")[0]

    def states(self):
        query = "SELECT state, n_new, n_changed, n_unchanged, n_applied FROM stores_catalogueimport"
        return self.rows(f"{query} ORDER BY id")

    def wait_for_state(self, state, seconds=120):
        self.wait_for(lambda: self.state()[0] == state, seconds)

    def wait_until_half_is_written(self):
        self.wait_for(lambda: self.state()[2] >= N_PRODUCTS // 4)

    def counts(self):
        tables = ("product", "sku", "copyslot", "copyversion")
        return [self.rows(f"SELECT count(*) FROM stores_{table}")[0][0] for table in tables]


@pytest.fixture
def shop(tmp_path):
    with ExitStack() as stack:
        yield Shop(tmp_path, stack)


def test_a_worker_killed_while_it_writes_leaves_whole_products_and_no_text_twice(shop):
    shop.start_all()
    shop.run(START, str(N_PRODUCTS))
    shop.wait_for_state("previewed")
    assert shop.state() == ("previewed", N_PRODUCTS, 0)
    shop.run(CONFIRM)
    shop.wait_until_half_is_written()
    shop.kill_group("default")
    state, _, n_applied = shop.state()
    assert (state, shop.counts()) == ("applying", [n_applied] * 4)
    assert n_applied < N_PRODUCTS
    shop.start_worker("another", "default")
    shop.wait_for_state("finished")
    assert shop.state()[2] == N_PRODUCTS
    assert shop.counts() == [N_PRODUCTS] * 4


def test_a_broker_that_lost_everything_delays_an_import_only(shop):
    shop.run(START, str(N_PRODUCTS))
    redis.Redis.from_url(shop.services.environment()["CELERY_BROKER_URL"]).flushall()
    shop.start_all()
    shop.wait_for_state("previewed")
    shop.run(CONFIRM)
    shop.wait_for_state("finished")
    assert shop.counts() == [N_PRODUCTS] * 4


def test_a_worker_killed_while_it_reads_begins_anew_and_counts_nothing_twice(shop):
    shop.start_all()
    shop.run(START, str(N_PRODUCTS))
    shop.wait_for(lambda: shop.state()[0] == "reading" and shop.state()[1] > 0)
    shop.kill_group("default")
    state, n_new, _ = shop.state()
    assert state == "reading"
    assert 0 < n_new < N_PRODUCTS
    shop.start_worker("another", "default")
    shop.wait_for_state("previewed")
    assert shop.state() == ("previewed", N_PRODUCTS, 0)
    assert shop.rows("SELECT count(*), count(DISTINCT handle) FROM stores_importitem") == [
        (N_PRODUCTS, N_PRODUCTS)
    ]


def test_an_import_goes_on_after_postgres_was_restarted(shop):
    shop.start_all()
    shop.run(START, str(N_PRODUCTS))
    shop.wait_for_state("previewed")
    shop.run(CONFIRM)
    shop.wait_until_half_is_written()
    shop.services.postgres.stop()
    shop.services.postgres.start()
    shop.wait_for_state("finished")
    assert shop.state() == ("finished", N_PRODUCTS, N_PRODUCTS)
    assert shop.counts() == [N_PRODUCTS] * 4


def test_two_imports_of_one_merchant_at_once_end_without_a_product_twice(shop):
    shop.start_all()
    shop.start_worker("another", "default")
    shop.run(START, str(N_PRODUCTS))
    shop.run(AGAIN, str(N_PRODUCTS))
    previewed = ("previewed", N_PRODUCTS, 0, 0, 0)
    shop.wait_for(lambda: shop.states() == [previewed, previewed], 120)
    shop.run(CONFIRM_ALL)
    shop.wait_for(lambda: all(one[0] == "finished" for one in shop.states()), 120)
    assert [one[4] for one in shop.states()] == [N_PRODUCTS, N_PRODUCTS]
    # They have different texts: each product got one on top of the other.
    assert shop.counts()[:3] == [N_PRODUCTS] * 3
    by_state = "SELECT state, count(*) FROM stores_copyversion GROUP BY state ORDER BY state"
    assert shop.rows(by_state) == [("published", N_PRODUCTS), ("retired", N_PRODUCTS)]
