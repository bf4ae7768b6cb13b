import threading

import psycopg
import pytest
from django.db import connections, transaction

from generation.brief import RunBrief
from generation.models import GenerationRequest, QueueTurn
from generation.services import start_run
from stores.models import Product
from tenants.actor import SYSTEM
from tenants.models import Merchant
from tenants.scope import merchant_scope
from tests.generation.people import products_of, run_of, worker_with_lease

CLAIM = "SELECT request_id FROM claim_requests(%s, %s, %s, 1000, NULL, '{}')"


@pytest.fixture
def shop(transactional_db):
    return Merchant.objects.create(name="Hearthside")


@pytest.fixture
def other_shop(transactional_db):
    return Merchant.objects.create(name="Other")


@pytest.fixture
def as_other_worker():
    """A function: one more connection as the role worker, in a transaction of its own."""
    opened = []

    def connect():
        place = connections["worker"].settings_dict
        opened.append(
            psycopg.connect(
                host=place["HOST"],
                port=place["PORT"],
                user=place["USER"],
                password=place["PASSWORD"],
                dbname=place["NAME"],
            )
        )
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


def claimed_by(connection, worker, limit=8):
    rows = connection.execute(CLAIM, [worker.pk, worker.fence, limit]).fetchall()
    return [row[0] for row in rows]


def test_two_workers_at_once_never_hold_the_same_request(shop, other_shop, as_other_worker):
    run_of(shop, 10)
    run_of(other_shop, 10)
    first, second = as_other_worker(), as_other_worker()
    workers = worker_with_lease(), worker_with_lease()
    earlier = claimed_by(first, workers[0], 2)
    first.commit()
    held = claimed_by(first, workers[0], 1)
    also = claimed_by(second, workers[1], 20)
    assert (len(held), len(also)) == (1, 9)
    first.commit()
    rest = claimed_by(second, workers[1], 20)
    second.commit()
    found = [*earlier, *held, *also, *rest]
    assert (len(found), len(set(found))) == (20, 20)


def test_many_workers_empty_the_queue_exactly_once(shop, other_shop, as_other_worker):
    run_of(shop, 200)
    run_of(other_shop, 200)
    found = []

    def work(connection, worker):
        misses = 0
        while misses < 20:
            claims = claimed_by(connection, worker, 7)
            connection.commit()
            misses = 0 if claims else misses + 1
            found.extend(claims)

    threads = [
        threading.Thread(target=work, args=(as_other_worker(), worker_with_lease()))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (400, 400)


def test_a_run_that_starts_while_the_last_request_is_claimed_is_not_forgotten(
    shop, as_other_worker
):
    """The claim deletes the empty turn; the new run's turn waits for that and comes after it."""
    products_of(shop, 3)
    run_of(shop, 1)
    claiming, worker = as_other_worker(), worker_with_lease()
    assert len(claimed_by(claiming, worker)) == 1

    def start():
        try:
            with merchant_scope(shop.pk), transaction.atomic():
                start_run(products=Product.objects.all(), brief=RunBrief(), actor=SYSTEM)
        finally:
            connections["default"].close()

    starting = threading.Thread(target=start)
    starting.start()
    starting.join(0.5)
    assert starting.is_alive()
    claiming.commit()
    starting.join(10)
    with merchant_scope(shop.pk), transaction.atomic():
        assert QueueTurn.objects.count() == 1
        assert GenerationRequest.objects.filter(state="queued").count() == 3
    assert len(claimed_by(claiming, worker)) == 3
