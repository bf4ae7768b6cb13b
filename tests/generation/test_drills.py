"""Fault drills with real processes: Celery workers, beat, Valkey and PostgreSQL of their own.

Each one ends with every request in exactly one terminal state and no text twice.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from embedded.services import start_services

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
TERMINAL = ("succeeded", "failed", "cancelled", "quarantined")
SEED = """
import json, sys
from django.db import transaction
from tenants.models import Merchant
from tenants.scope import merchant_scope
from tenants.actor import SYSTEM
from stores.models import Product
from generation.brief import RunBrief
from generation.services import start_run
wanted = json.loads(sys.argv[1])
for name, n_products, poison in wanted:
    merchant = Merchant.objects.create(name=name)
    with merchant_scope(merchant.pk), transaction.atomic():
        Product.objects.bulk_create(
            Product(handle=f"p{i}", title=f"Product {i}",
                    product_type="[[echo:crash]]" if i == poison else "Mug",
                    attributes=[{"name": "Material", "value": "stoneware"}])
            for i in range(n_products))
        start_run(products=Product.objects.all(), brief=RunBrief(), n_candidates=2, actor=SYSTEM)
"""


class House:
    """Everything that `make up` runs, without the web."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.services = start_services(folder)
        stack.callback(self.services.stop)
        self.processes = {}
        stack.callback(self.end)
        self.manage("bootstrap_database")
        self.manage("migrate", "--verbosity=0")

    def environment(self, **more):
        options = {"seconds_per_job": 0.05, "allow_faults": True}
        return {
            **os.environ,
            **self.services.environment(),
            "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
            "GENERATION_BACKEND": "echo",
            "GENERATION_LEASE_SECONDS": "3",
            "GENERATION_MAX_BATCH": "4",
            "GENERATION_OPTIONS": json.dumps(options),
            **more,
        }

    def manage(self, *arguments):
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        environment = self.environment(DJANGO_SETTINGS_MODULE="config.settings.web")
        done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def seed(self, *shops):
        script = self.folder / "seed.py"
        script.write_text(
            "import os, sys, django\n"
            "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings.web'\n"
            "django.setup()\n" + SEED
        )
        command = [sys.executable, str(script), json.dumps(shops)]
        done = subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, cwd=ROOT
        )
        assert done.returncode == 0, done.stderr

    def start(self, name, *arguments):
        log = (self.folder / f"{name}.log").open("ab")
        environment = self.environment(DJANGO_SETTINGS_MODULE="config.settings.worker")
        command = [sys.executable, "-m", "celery", "-A", "config.celery:app", *arguments]
        self.processes[name] = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, cwd=ROOT, start_new_session=True
        )

    def start_worker(self, name="inference", queue="inference"):
        self.start(name, "worker", "-Q", queue, "-c", "1", "-n", f"{name}@%h", "-l", "INFO")

    def start_all(self):
        self.start_worker()
        self.start_worker("default", "default")
        schedule = str(self.folder / "schedule")
        self.start("beat", "beat", "-s", schedule, "--pidfile=", "-l", "INFO")

    def kill_group(self, name):
        """Parent and children, as the system does when memory runs out."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_child(self, name):
        """The pool's child alone: Celery starts another one."""
        parent = self.processes[name].pid
        found = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True)
        os.kill(int(found.stdout.split()[0]), signal.SIGKILL)

    def end(self):
        for process in self.processes.values():
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def rows(self, sql):
        """Read as the superuser, whom row security does not bind."""
        urls = self.services.environment()
        database = urlsplit(urls["DATABASE_URL"]).path
        url = urlsplit(urls["DATABASE_SUPERUSER_URL"])._replace(path=database).geturl()
        with psycopg.connect(url, connect_timeout=5) as connection:
            return connection.execute(sql).fetchall()

    def states(self):
        sql = "SELECT state FROM generation_generationrequest"
        return Counter(row[0] for row in self.rows(sql))

    def wait_for(self, happened, seconds=120):
        ends_at = time.monotonic() + seconds
        while True:
            try:
                if happened():
                    return
            except psycopg.OperationalError:
                pass
            assert time.monotonic() < ends_at, f"not in time: {self.states()}\n{self.log()}"
            time.sleep(0.1)

    def log(self):
        return "\n".join(p.read_text()[-3000:] for p in sorted(self.folder.glob("*.log")))

    def wait_until_some_are_written(self, n=5):
        self.wait_for(lambda: self.states()["succeeded"] >= n)

    def wait_until_all_ended(self, seconds=150):
        self.wait_for(lambda: set(self.states()) <= set(TERMINAL), seconds)

    def assert_every_request_ended_once_and_no_text_is_twice(self):
        drafts = self.rows("SELECT candidate FROM stores_copyversion WHERE source = 'ai'")
        states = self.states()
        assert len(drafts) == len(set(drafts)) == states["succeeded"]
        slots = self.rows("SELECT count(*), count(DISTINCT slot_id) FROM stores_copyversion")
        assert slots == [(states["succeeded"], states["succeeded"])]
        wrong = self.rows("""
            SELECT run.id FROM generation_generationrun run
              JOIN generation_generationrequest r ON r.run_id = run.id
             GROUP BY run.id
            HAVING run.n_total <> count(*) OR run.state <> 'finished' OR run.finished_at IS NULL
                OR run.n_succeeded <> count(*) FILTER (WHERE r.state = 'succeeded')
                OR run.n_failed <> count(*) FILTER (WHERE r.state IN ('failed', 'quarantined'))
                OR run.n_completion_tokens <> sum(r.n_completion_tokens)""")
        assert wrong == []
        candidates = "SELECT DISTINCT count(*) FROM generation_candidate GROUP BY request_id"
        assert self.rows(candidates) == [(2,)]


@pytest.fixture
def house(tmp_path):
    with ExitStack() as stack:
        yield House(tmp_path, stack)


def test_a_child_killed_in_the_middle_of_a_batch(house):
    house.seed(["A", 60, None], ["B", 20, None])
    house.start_all()
    house.wait_until_some_are_written()
    house.wait_for(lambda: house.states()["claimed"] > 0)
    house.kill_child("inference")
    house.wait_until_all_ended()
    house.assert_every_request_ended_once_and_no_text_is_twice()
    assert house.states() == {"succeeded": 80}


def test_a_whole_worker_killed_and_another_one_started(house):
    house.seed(["A", 60, None], ["B", 20, None])
    house.start_all()
    house.wait_until_some_are_written()
    house.kill_group("inference")
    held = house.rows("SELECT count(*) FROM generation_generationrequest WHERE state = 'claimed'")
    assert held[0][0] > 0
    house.start_worker("another")
    house.wait_until_all_ended()
    house.assert_every_request_ended_once_and_no_text_is_twice()
    assert house.states() == {"succeeded": 80}


def test_a_worker_asked_to_stop_holds_nothing_afterwards(house):
    house.seed(["A", 100, None])
    house.start_all()
    house.wait_until_some_are_written()
    process = house.processes.pop("inference")
    process.terminate()
    assert process.wait(30) == 0
    assert house.states()["claimed"] == 0
    assert house.rows("SELECT state FROM generation_inferenceworker") == [("stopped",)]
    assert house.rows("SELECT max(crashes) FROM generation_generationrequest") == [(0,)]
    house.start_worker("another")
    house.wait_until_all_ended()
    house.assert_every_request_ended_once_and_no_text_is_twice()


def test_a_signal_to_the_whole_group_loses_nothing(house):
    """As systemd sends it: the parent and its child get SIGTERM at the same time."""
    house.seed(["A", 60, None])
    house.start_all()
    house.wait_until_some_are_written()
    process = house.processes.pop("inference")
    os.killpg(process.pid, signal.SIGTERM)
    assert process.wait(30) == 0
    assert house.rows("SELECT state FROM generation_inferenceworker") == [("stopped",)]
    assert house.states()["claimed"] == 0
    assert house.rows("SELECT max(crashes) FROM generation_generationrequest") == [(0,)]
    house.start_worker("another")
    house.wait_until_all_ended()
    house.assert_every_request_ended_once_and_no_text_is_twice()


def test_valkey_flushed(house):
    house.seed(["A", 100, None])
    house.start_all()
    house.wait_until_some_are_written()
    redis.Redis.from_url(house.services.environment()["CELERY_BROKER_URL"]).flushall()
    house.wait_until_all_ended()
    house.assert_every_request_ended_once_and_no_text_is_twice()
    assert house.states() == {"succeeded": 100}


def test_postgres_restarted_under_load(house):
    house.seed(["A", 100, None], ["B", 40, None])
    house.start_all()
    for _ in range(2):
        house.wait_until_some_are_written()
        house.services.postgres.stop()
        time.sleep(1)
        house.services.postgres.start()
    house.wait_until_all_ended()
    house.assert_every_request_ended_once_and_no_text_is_twice()
    assert house.states() == {"succeeded": 140}


def test_a_prompt_that_kills_its_worker_three_times_is_set_aside(house):
    house.seed(["A", 12, 3], ["B", 12, None])
    house.start_all()
    house.wait_until_all_ended()
    house.assert_every_request_ended_once_and_no_text_is_twice()
    assert house.states() == {"succeeded": 23, "quarantined": 1}
    sql = "SELECT error_code, crashes FROM generation_generationrequest WHERE state = 'quarantined'"
    assert house.rows(sql) == [("worker_crashed", 3)]


def test_a_run_started_while_nobody_works_is_written_once_a_worker_comes(house):
    house.seed(["A", 5, None])
    redis.Redis.from_url(house.services.environment()["CELERY_BROKER_URL"]).flushall()
    house.start_all()
    house.wait_until_all_ended()
    house.assert_every_request_ended_once_and_no_text_is_twice()
