"""An import with real processes: its worker is killed in the middle, the broker is emptied."""

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
