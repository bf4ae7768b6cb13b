import pytest
from django.db import transaction

from generation import upkeep
from generation.models import GenerationRequest, GenerationRun, InferenceWorker
from generation.services import cancel_run
from tenants.actor import SYSTEM
from tenants.models import AuditEntry
from tenants.scope import merchant_scope
from tests.conftest import acting_as
from tests.generation.people import claim, fresh, run_of, worker_with_lease


def reap():
    with transaction.atomic(), acting_as("worker"):
        return upkeep.reap()


def die(worker):
    InferenceWorker.objects.filter(pk=worker.pk).update(lease_expires_at="2020-01-01T00:00Z")


def requests_of(run):
    with merchant_scope(run.merchant_id), transaction.atomic():
        return list(run.requests.order_by("pk").values_list("state", "crashes"))


def test_a_living_workers_requests_stay_with_it(merchant):
    run = run_of(merchant, 2)
    claim(worker_with_lease())
    assert reap() == 0
    assert requests_of(run) == [("claimed", 0)] * 2


def test_a_dead_workers_requests_return_to_the_queue(merchant, other_merchant):
    first, second = run_of(merchant, 2), run_of(other_merchant, 2)
    worker = worker_with_lease()
    assert len(claim(worker)) == 4
    die(worker)
    assert reap() == 4
    assert requests_of(first) == requests_of(second) == [("queued", 1)] * 2
    assert InferenceWorker.objects.get().state == "lost"
    assert reap() == 0
    with merchant_scope(merchant.pk), transaction.atomic():
        entry = AuditEntry.objects.get(action="requests.reaped")
        assert entry.details == {"n_requests": 2, "n_quarantined": 0}


def test_the_third_death_sets_the_poisoned_one_aside_and_spares_the_others(merchant):
    run = run_of(merchant, 3)
    worker = worker_with_lease()
    poison = claim(worker)[0].request_id
    die(worker)
    assert reap() == 3
    for _ in range(2):
        with merchant_scope(merchant.pk):
            run.requests.filter(pk=poison).update(
                state="claimed", worker=worker.pk, fence=worker.fence
            )
        assert reap() == 1
    assert requests_of(run) == [("quarantined", 3), ("queued", 1), ("queued", 1)]
    assert (fresh(run).n_failed, fresh(run).state) == (1, "running")
    with merchant_scope(merchant.pk):
        request = GenerationRequest.objects.get(pk=poison)
        assert (request.error_code, request.finished_at is None) == ("worker_crashed", False)


def test_what_a_dead_worker_held_of_a_cancelled_run_is_cancelled(merchant):
    run = run_of(merchant, 2)
    worker = worker_with_lease()
    claim(worker, limit=1)
    with merchant_scope(merchant.pk):
        cancel_run(run=run, actor=SYSTEM)
    assert fresh(run).finished_at is None
    die(worker)
    assert reap() == 1
    run = fresh(run)
    assert (run.state, run.n_cancelled, run.finished_at is None) == ("cancelled", 2, False)


def test_a_run_ends_with_its_last_quarantined_request(merchant):
    run = run_of(merchant, 1)
    worker = worker_with_lease()
    claim(worker)
    with merchant_scope(merchant.pk):
        run.requests.update(crashes=2)
    die(worker)
    reap()
    run = fresh(run)
    assert (run.state, run.n_failed) == ("finished", 1)


def test_counts_and_states_move_together_or_not_at_all(merchant, monkeypatch):
    run = run_of(merchant, 1)
    worker = worker_with_lease()
    claim(worker)
    die(worker)

    def fail(*_, **__):
        raise RuntimeError("no audit")

    monkeypatch.setattr(upkeep, "record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        reap()
    assert requests_of(run) == [("claimed", 0)]


def test_a_turn_that_was_lost_comes_back(merchant):
    run = run_of(merchant, 2)
    with merchant_scope(merchant.pk):
        from generation.models import QueueTurn

        QueueTurn.objects.all().delete()
    assert claim(worker_with_lease()) == []
    reap()
    assert len(claim(worker_with_lease())) == 2
    assert GenerationRun._base_manager.count() == 0
    assert fresh(run).state == "running"


def test_forgotten_checks_are_found_by_merchant(merchant, other_merchant):
    first, second = run_of(merchant, 2), run_of(other_merchant, 1)
    for run, generated_at in ((first, "2020-01-01T00:00Z"), (second, "2099-01-01T00:00Z")):
        with merchant_scope(run.merchant_id):
            run.requests.update(state="generated", generated_at=generated_at)
    with transaction.atomic(), acting_as("worker"):
        found = upkeep.unchecked()
    with merchant_scope(merchant.pk):
        assert found == {
            merchant.pk: list(first.requests.order_by("pk").values_list("pk", flat=True))
        }
