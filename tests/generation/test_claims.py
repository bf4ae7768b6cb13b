from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now

from generation import queue
from generation.models import GenerationRequest, InferenceWorker, QueueTurn
from generation.results import Holder, give_back
from tenants.models import Merchant
from tenants.scope import merchant_scope
from tests.conftest import acting_as
from tests.generation.people import claim, run_of, worker_with_lease


def by_merchant(claims):
    return Counter(c.merchant_id for c in claims)


def give_weight(merchant, weight):
    Merchant.objects.filter(pk=merchant.pk).update(queue_weight=weight)


def in_shop(merchant, change):
    with merchant_scope(merchant.pk), transaction.atomic():
        return change()


def test_a_claim_is_held_by_the_worker(merchant):
    run = run_of(merchant, 3)
    worker = worker_with_lease()
    claims = claim(worker, limit=2)
    assert [(c.merchant_id, c.run_id, c.lane, c.model) for c in claims] == [
        (merchant.pk, run.pk, "bulk", "default")
    ] * 2
    with merchant_scope(merchant.pk):
        held = GenerationRequest.objects.filter(state="claimed").order_by("pk")
        assert [(r.pk, r.worker_id, r.fence, r.attempts) for r in held] == [
            (c.request_id, worker.pk, worker.fence, 1) for c in claims
        ]
    assert len(claim(worker, limit=8)) == 1
    assert claim(worker) == []


def test_two_merchants_share_a_claim(merchant, other_merchant):
    run_of(merchant, 50)
    run_of(other_merchant, 50)
    assert by_merchant(claim(worker_with_lease(), limit=8)) == {
        merchant.pk: 4,
        other_merchant.pk: 4,
    }


def test_a_share_that_nobody_needs_goes_to_the_others(merchant, other_merchant):
    run_of(merchant, 50)
    run_of(other_merchant, 1)
    assert by_merchant(claim(worker_with_lease(), limit=8)) == {
        merchant.pk: 7,
        other_merchant.pk: 1,
    }


def test_shares_follow_the_weights(merchant, other_merchant):
    in_shop(merchant, lambda: give_weight(merchant, 3))
    run_of(merchant, 100)
    run_of(other_merchant, 100)
    worker = worker_with_lease()
    assert by_merchant(claim(worker, limit=8)) == {merchant.pk: 6, other_merchant.pk: 2}
    singles = [claim(worker, limit=1)[0].merchant_id for _ in range(40)]
    assert Counter(singles) == {merchant.pk: 30, other_merchant.pk: 10}


def test_a_newcomer_is_served_at_once_and_does_not_catch_up(merchant, other_merchant):
    run_of(merchant, 200)
    worker = worker_with_lease()
    claim(worker, limit=100)
    run_of(other_merchant, 100)
    singles = [claim(worker, limit=1)[0].merchant_id for _ in range(20)]
    assert Counter(singles) == {merchant.pk: 10, other_merchant.pk: 10}
    assert other_merchant.pk in singles[:2]


def test_more_merchants_than_room_are_served_in_turn(db):
    merchants = [Merchant.objects.create(name=f"M{i}") for i in range(12)]
    for each in merchants:
        run_of(each, 10)
    worker = worker_with_lease()
    seen = by_merchant([c for _ in range(6) for c in claim(worker, limit=4)])
    assert seen == {each.pk: 2 for each in merchants}


def test_interactive_comes_before_bulk(merchant, other_merchant):
    run_of(merchant, 50)
    run_of(other_merchant, 2, lane="interactive")
    claims = claim(worker_with_lease(), limit=4)
    assert [c.lane for c in claims] == ["interactive", "interactive", "bulk", "bulk"]


def test_a_merchant_stops_at_its_ceiling(merchant, other_merchant):
    run_of(merchant, 50)
    worker = worker_with_lease()
    assert len(claim(worker, limit=8, ceiling=3)) == 3
    assert claim(worker, limit=8, ceiling=3) == []
    run_of(other_merchant, 50)
    assert by_merchant(claim(worker, limit=8, ceiling=3)) == {other_merchant.pk: 3}


def test_a_model_may_be_named_or_left_out(merchant):
    run_of(merchant, 2)
    other = run_of(merchant, 2)
    with merchant_scope(merchant.pk):
        other.requests.update(model="mod_x")
        queue.take_turns([("bulk", "mod_x")])
    worker = worker_with_lease()
    assert {c.model for c in claim(worker, limit=1, only=["mod_x"])} == {"mod_x"}
    assert {c.model for c in claim(worker, limit=8, besides=["default"])} == {"mod_x"}
    assert {c.model for c in claim(worker, limit=8)} == {"default"}


def test_an_inactive_merchant_waits(merchant):
    run_of(merchant, 2)
    in_shop(merchant, lambda: Merchant.objects.filter(pk=merchant.pk).update(is_active=False))
    assert claim(worker_with_lease()) == []


def test_requests_that_wait_for_another_try_do_not_block_the_others(db):
    waiting = [Merchant.objects.create(name=f"M{i}") for i in range(3)]
    for each in waiting:
        run_of(each, 1)
        with merchant_scope(each.pk):
            GenerationRequest.objects.update(available_at=Now() + timedelta(hours=1))
    ready = Merchant.objects.create(name="Ready")
    run_of(ready, 5)
    worker = worker_with_lease()
    found = [c for _ in range(4) for c in claim(worker, limit=2)]
    assert by_merchant(found) == {ready.pk: 5}


def test_an_empty_turn_is_deleted_and_comes_back_with_the_next_run(merchant):
    run_of(merchant, 1)
    worker = worker_with_lease()
    assert [len(claim(worker)), len(claim(worker, limit=1))] == [1, 0]
    with merchant_scope(merchant.pk):
        assert QueueTurn.objects.count() == 0
    run_of(merchant, 1)
    assert len(claim(worker)) == 1


def test_an_aborted_request_keeps_its_place_in_line(merchant):
    run_of(merchant, 3)
    worker = worker_with_lease()
    first = claim(worker, limit=1)[0]
    with merchant_scope(merchant.pk):
        give_back(claim=first, holder=Holder(worker.pk, worker.fence))
    assert claim(worker, limit=1)[0] == first


@pytest.mark.parametrize("state", ["stopped", "lost"])
def test_a_worker_that_is_gone_claims_nothing(merchant, state):
    run_of(merchant, 1)
    assert claim(worker_with_lease(state=state)) == []


def test_a_worker_without_a_lease_claims_nothing(merchant):
    run_of(merchant, 1)
    assert claim(worker_with_lease(seconds=-1)) == []


def test_a_wrong_fence_claims_nothing(merchant):
    run_of(merchant, 1)
    worker = worker_with_lease()
    worker.fence += 1
    assert claim(worker) == []


def test_a_suspect_is_claimed_alone(merchant):
    run = run_of(merchant, 3)
    with merchant_scope(merchant.pk):
        suspect = run.requests.order_by("pk").first()
        run.requests.filter(pk=suspect.pk).update(crashes=1)
    busy, free = worker_with_lease(), worker_with_lease()
    assert suspect.pk not in [c.request_id for c in claim(busy, limit=1)]
    with transaction.atomic(), acting_as("worker"):
        assert queue.claim_suspect(worker_id=busy.pk, fence=busy.fence) is None
        taken = queue.claim_suspect(worker_id=free.pk, fence=free.fence)
        assert taken.request_id == suspect.pk
        assert queue.claim_suspect(worker_id=free.pk, fence=free.fence) is None
    assert claim(free) == []


def test_a_heartbeat_tells_of_cancelled_requests_and_suspects(merchant):
    run = run_of(merchant, 3)
    worker = worker_with_lease()
    claim(worker, limit=2)
    with merchant_scope(merchant.pk):
        first, second, third = run.requests.order_by("pk")
        run.requests.filter(pk=second.pk).update(is_cancel_requested=True)
    with transaction.atomic(), acting_as("worker"):
        lease = queue.renew_lease(worker_id=worker.pk, fence=worker.fence, seconds=60)
        assert lease == queue.Lease(True, (second.pk,), False)
    with merchant_scope(merchant.pk):
        run.requests.filter(pk=third.pk).update(crashes=1)
    with transaction.atomic(), acting_as("worker"):
        lease = queue.renew_lease(worker_id=worker.pk, fence=worker.fence, seconds=60)
        assert lease.suspects_wait is True


def test_a_lost_lease_stays_lost(merchant):
    worker = worker_with_lease(state="lost")
    with transaction.atomic(), acting_as("worker"):
        lease = queue.renew_lease(worker_id=worker.pk, fence=worker.fence, seconds=60)
    assert lease.is_held is False
    assert InferenceWorker.objects.get().state == "lost"


def test_figures_count_over_all_merchants(merchant, other_merchant):
    run_of(merchant, 3)
    run_of(other_merchant, 2, lane="interactive")
    claim(worker_with_lease(), limit=1)
    with transaction.atomic(), acting_as("worker"):
        figures = {f.lane: f for f in queue.lane_figures()}
        assert queue.work_waits() is True
    assert (figures["interactive"].n_queued, figures["interactive"].n_claimed) == (1, 1)
    assert (figures["bulk"].n_queued, figures["bulk"].n_claimed) == (3, 0)
    assert 0 <= figures["bulk"].oldest_seconds < 60


def test_an_empty_queue_has_no_work(db):
    with transaction.atomic(), acting_as("worker"):
        assert queue.work_waits() is False
        assert [f.oldest_seconds for f in queue.lane_figures()] == [None, None]
