import pytest
from django.db import transaction

from generation import upkeep
from generation.tasks import finish_requests
from generation.wakeups import SERVE_TASK
from tests.conftest import acting_as
from tests.generation.people import run_of, worker_with_lease


@pytest.fixture
def wakes(monkeypatch):
    """How often a wake-up was sent."""
    sent = []
    monkeypatch.setattr(upkeep, "wake", lambda: sent.append(SERVE_TASK))
    return sent


@pytest.fixture
def messages(monkeypatch):
    """A function: so many messages lie in the broker."""

    def lie(n):
        monkeypatch.setattr(upkeep, "_n_messages", lambda: n)

    lie(0)
    return lie


def wake_if_needed():
    with transaction.atomic(), acting_as("worker"):
        return upkeep.wake_if_needed()


def test_an_idle_worker_is_woken_for_work(merchant, wakes, messages):
    run_of(merchant, 1)
    worker_with_lease()
    assert wake_if_needed() is True
    assert wakes == [SERVE_TASK]


def test_nobody_is_woken_without_work(db, wakes, messages):
    worker_with_lease()
    assert (wake_if_needed(), wakes) == (False, [])


@pytest.mark.parametrize("worker", [{"seconds": -1}, {"state": "stopped"}, {"state": "lost"}])
def test_no_message_is_sent_to_nobody(merchant, wakes, messages, worker):
    run_of(merchant, 1)
    worker_with_lease(**worker)
    assert (wake_if_needed(), wakes) == (False, [])


def test_messages_do_not_pile_up(merchant, wakes, messages):
    run_of(merchant, 1)
    worker_with_lease()
    messages(1)
    assert (wake_if_needed(), wakes) == (False, [])


def test_a_run_wakes_the_workers_once_it_is_committed(
    merchant, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(
        "generation.wakeups.current_app",
        type("App", (), {"send_task": staticmethod(lambda *a, **k: sent.append((a, k)))}),
    )
    with django_capture_on_commit_callbacks(execute=True):
        run_of(merchant, 3)
        assert sent == []
    options = {"queue": "inference", "expires": 60, "retry": False}
    assert sent == [(("generation.serve",), options)]


def test_a_broker_out_of_reach_stops_no_run(
    merchant, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(*_, **__):
        raise ConnectionRefusedError

    monkeypatch.setattr("generation.wakeups.current_app", type("App", (), {"send_task": refuse}))
    with django_capture_on_commit_callbacks(execute=True):
        run = run_of(merchant, 3)
    assert run.n_total == 3


def test_the_task_of_one_merchant_touches_nobody_else(merchant, other_merchant):
    from tenants.scope import merchant_scope

    run = run_of(other_merchant, 1)
    with merchant_scope(other_merchant.pk):
        run.requests.update(state="generated", generated_at=run.created_at)
        ids = list(run.requests.values_list("pk", flat=True))
    finish_requests(merchant_id=merchant.pk, request_ids=ids)
    with merchant_scope(other_merchant.pk):
        assert run.requests.get().state == "generated"
