"""The queue's reads use the partial indexes, also where many wait and many are done."""

import json

import pytest
from django.db import connection, transaction

from tenants.models import Merchant
from tenants.scope import merchant_scope
from tests.conftest import acting_as
from tests.generation.people import claim, run_of, worker_with_lease

N_MERCHANTS, N_WAITING, N_DONE = 100, 100, 100
FILL = """
INSERT INTO generation_generationrequest (
    public_id, merchant_id, run_id, product_id, lane, model, state, attempts, crashes,
    is_cancel_requested, available_at, error_code, error, n_prompt_tokens, n_completion_tokens,
    seconds, created_at)
SELECT gen_random_uuid(), r.merchant_id, r.id, NULL, 'bulk', 'default',
       CASE WHEN n <= %s THEN 'queued' ELSE 'succeeded' END, 0, 0, false, now(), '', '', 0, 0, 0,
       now()
  FROM generation_generationrun r, generate_series(1, %s) n WHERE r.merchant_id = %s
"""
PICK = """
SELECT q.id FROM generation_generationrequest q
 WHERE q.merchant_id = {merchant} AND q.lane = 'bulk' AND q.model = 'default'
   AND q.state = 'queued' AND q.crashes = 0 AND q.available_at <= clock_timestamp()
 ORDER BY q.available_at, q.id LIMIT 8 FOR UPDATE SKIP LOCKED
"""
IS_MORE = """
SELECT q.id FROM generation_generationrequest q
 WHERE q.merchant_id = {merchant} AND q.lane = 'bulk' AND q.model = 'default'
   AND q.state = 'queued' AND q.crashes = 0
 ORDER BY q.available_at, q.id LIMIT 1
"""
SUSPECT = """
SELECT s.id FROM generation_generationrequest s
 WHERE s.state = 'queued' AND s.crashes > 0 AND s.available_at <= clock_timestamp()
 ORDER BY s.available_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
HELD = """
SELECT r.id FROM generation_generationrequest r
 WHERE r.worker_id = 1 AND r.fence = 1 AND r.state = 'claimed'
"""
UNCHECKED = """
SELECT r.id FROM generation_generationrequest r
 WHERE r.state = 'generated' AND r.generated_at < clock_timestamp() - interval '30 seconds'
 ORDER BY r.generated_at LIMIT 500
"""


@pytest.fixture
def full_queue(db):
    """20,000 requests of 100 merchants, half of them waiting."""
    merchants = [Merchant.objects.create(name=f"M{i}") for i in range(N_MERCHANTS)]
    for merchant in merchants:
        run_of(merchant, 1)
        with merchant_scope(merchant.pk), connection.cursor() as cursor:
            cursor.execute(FILL, [N_WAITING, N_WAITING + N_DONE, merchant.pk])
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("ANALYZE generation_generationrequest")
    return merchants


def plan_of(sql):
    with transaction.atomic(), acting_as("dispatcher"), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    return json.dumps(plan if not isinstance(plan, str) else json.loads(plan))


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (PICK, "request_waiting"),
        (IS_MORE, "request_waiting"),
        (SUSPECT, "request_suspect"),
        (HELD, "request_held"),
        (UNCHECKED, "request_unchecked"),
    ],
)
def test_the_queue_is_read_through_its_partial_indexes(full_queue, sql, index):
    plan = plan_of(sql.format(merchant=full_queue[50].pk))
    assert f'"Index Name": "{index}"' in plan
    assert "Seq Scan" not in plan


def test_a_claim_of_64_touches_few_pages(full_queue):
    """Measured: 64 rows over 64 merchants, each found by its own index descent."""
    worker = worker_with_lease()
    claim(worker, limit=1)
    with transaction.atomic(), acting_as("worker"), connection.cursor() as cursor:
        call = f"claim_requests({worker.pk}, {worker.fence}, 64, 1000, NULL, '{{}}')"
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM {call}")
        plan = cursor.fetchone()[0]
    root = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    assert root["Actual Rows"] == 64
    assert root["Shared Hit Blocks"] + root["Shared Read Blocks"] < 8_000
