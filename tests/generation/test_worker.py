"""The worker in this process: real rows, real threads, a model that answers at once."""

import threading
import time

import pytest
from django.db import OperationalError, transaction

from generation import results, storing
from generation import worker as worker_module
from generation.endpoints import save_platform_model
from generation.engine.backends.echo import EchoBackend
from generation.engine.errors import BackendError
from generation.finishing import finish_request
from generation.models import Candidate, InferenceWorker
from generation.services import cancel_run
from stores.models import CopyVersion, Product
from tenants.actor import SYSTEM
from tenants.models import Merchant
from tenants.scope import merchant_scope
from tests.generation.people import fresh, products_of, run_of


@pytest.fixture
def shop(as_worker):
    return Merchant.objects.create(name="Hearthside")


def states_of(run):
    with merchant_scope(run.merchant_id), transaction.atomic():
        return list(run.requests.order_by("pk").values_list("state", flat=True))


def reasons_of(run):
    with merchant_scope(run.merchant_id), transaction.atomic():
        return list(run.requests.order_by("pk").values_list("state", "error_code", "attempts"))


def wait_until(happened, seconds=10.0):
    ends_at = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends_at, "it did not happen in time"
        time.sleep(0.02)


def in_background(call):
    """Run it in a thread with connections of its own; returns the thread and where its result goes."""
    from django.db import connections

    results = []

    def run():
        try:
            results.append(call())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


def mark(merchant, handle, words):
    with merchant_scope(merchant.pk), transaction.atomic():
        Product.objects.filter(handle=handle).update(product_type=words)


def test_a_run_goes_from_products_to_drafts(service, shop):
    run = run_of(shop, 10, n_candidates=2)
    assert service().serve(30) is False
    assert states_of(run) == ["generated"] * 10
    with merchant_scope(shop.pk), transaction.atomic():
        ids = list(run.requests.values_list("pk", flat=True))
        assert Candidate.objects.count() == 20
    with merchant_scope(shop.pk):
        assert [finish_request(request_id) for request_id in ids] == ["succeeded"] * 10
    with merchant_scope(shop.pk), transaction.atomic():
        assert CopyVersion.objects.filter(state="draft", source="ai").count() == 10
    run = fresh(run)
    assert (run.state, run.n_succeeded, run.n_failed) == ("finished", 10, 0)


def test_the_row_shows_the_model_and_ends_stopped(service, shop):
    made = service()
    wait_until(lambda: InferenceWorker.objects.filter(state="ready").exists())
    row = InferenceWorker.objects.get()
    assert (row.model, row.revision, row.device, row.error) == ("echo", "1", "none text", "")
    made.stop()
    assert InferenceWorker.objects.get().state == "stopped"


def test_a_model_that_cannot_be_loaded_is_told(service, shop):
    class Missing(EchoBackend):
        def load(self):
            raise BackendError("It is not there.", retryable=False, code="model_missing")

    run = run_of(shop, 1)
    made = service(build=Missing)
    wait_until(lambda: InferenceWorker.objects.filter(state="failed").exists())
    row = InferenceWorker.objects.get()
    assert (row.error_code, row.error) == ("model_missing", "It is not there.")
    assert made.serve(30) is False
    assert states_of(run) == ["queued"]


def test_lasting_and_passing_faults_end_as_they_should(service, shop):
    products_of(shop, 3)
    mark(shop, "p0", "[[echo:error]]")
    mark(shop, "p1", "[[echo:retry]]")
    run = run_of(shop, 3)
    service().serve(30)
    assert reasons_of(run) == [
        ("failed", "backend_failure", 1),
        ("queued", "backend_failure", 1),
        ("generated", "", 1),
    ]
    with merchant_scope(shop.pk), transaction.atomic():
        run.requests.filter(state="queued").update(attempts=2, available_at="2020-01-01T00:00Z")
    service().serve(30)
    assert reasons_of(run)[1] == ("failed", "backend_failure", 3)


def test_a_cancelled_run_stops_within_a_step(service, shop, settings):
    settings.GENERATION = {**settings.GENERATION, "MAX_BATCH": 2}
    run = run_of(shop, 20)
    made = service(build=lambda: EchoBackend(seconds_per_job=0.3))
    serving, _ = in_background(lambda: made.serve(30))
    wait_until(lambda: "generated" in states_of(run))
    with merchant_scope(shop.pk), transaction.atomic():
        cancel_run(run=run, actor=SYSTEM)
    serving.join(10)
    assert set(states_of(run)) == {"cancelled"}
    assert (fresh(run).state, fresh(run).n_cancelled) == ("cancelled", 20)


def test_a_cancelled_request_is_not_written_to_its_end(service, shop):
    run = run_of(shop, 1)
    made = service(build=lambda: EchoBackend(seconds_per_job=60))
    serving, _ = in_background(lambda: made.serve(30))
    wait_until(lambda: states_of(run) == ["claimed"])
    with merchant_scope(shop.pk), transaction.atomic():
        cancel_run(run=run, actor=SYSTEM)
    wait_until(lambda: states_of(run) == ["cancelled"], seconds=6)
    serving.join(10)


def test_a_text_that_cannot_be_stored_ends_as_our_fault_and_alone(service, shop, monkeypatch):
    run = run_of(shop, 3)
    store_candidates, broken = results._store_candidates, []

    def break_for_the_first(claim, result):
        broken.append(claim.request_id)
        if claim.request_id == broken[0]:
            raise TypeError("what is this?")
        store_candidates(claim, result)

    monkeypatch.setattr(results, "_store_candidates", break_for_the_first)
    service().serve(30)
    assert reasons_of(run) == [
        ("failed", "internal_error", 1),
        ("generated", "", 1),
        ("generated", "", 1),
    ]


def test_an_interactive_request_overtakes_what_waits(service, shop, settings):
    settings.GENERATION = {**settings.GENERATION, "MAX_BATCH": 1}
    bulk = run_of(shop, 8)
    made = service(build=lambda: EchoBackend(seconds_per_job=0.4))
    serving, _ = in_background(lambda: made.serve(30))
    wait_until(lambda: "claimed" in states_of(bulk))
    quick = run_of(shop, 1, lane="interactive")
    wait_until(lambda: states_of(quick) == ["generated"])
    assert states_of(bulk).count("generated") <= 3
    serving.join(20)
    assert set(states_of(bulk)) == {"generated"}


def test_a_worker_that_is_asked_to_stop_gives_back_what_it_has_not_done(service, shop, monkeypatch):
    monkeypatch.setattr(worker_module, "DRAIN_SECONDS", 0.2)
    stopping = threading.Event()
    run = run_of(shop, 20)
    made = service(build=lambda: EchoBackend(seconds_per_job=5), is_stopping=stopping.is_set)
    serving, results = in_background(lambda: made.serve(60))
    wait_until(lambda: "claimed" in states_of(run))
    stopping.set()
    serving.join(5)
    assert results == [True]
    assert reasons_of(run) == [("queued", "", 0)] * 20


def test_after_its_time_a_worker_lets_go_between_batches(service, shop):
    run = run_of(shop, 40)
    made = service(build=lambda: EchoBackend(seconds_per_job=0.05))
    assert made.serve(0.5) is True
    states = set(states_of(run))
    assert states == {"queued", "generated"}


def test_a_second_call_while_one_runs_returns_at_once(service, shop):
    run_of(shop, 2)
    made = service(build=lambda: EchoBackend(seconds_per_job=1))
    serving, _ = in_background(lambda: made.serve(30))
    time.sleep(0.3)
    assert made.serve(30) is False
    serving.join(10)


def test_a_worker_whose_lease_was_lost_registers_anew_and_its_late_texts_do_not_count(
    service, shop, settings
):
    settings.GENERATION = {**settings.GENERATION, "LEASE_SECONDS": 1}
    run = run_of(shop, 1)
    made = service(build=lambda: EchoBackend(seconds_per_job=1.5))
    serving, _ = in_background(lambda: made.serve(10))
    wait_until(lambda: states_of(run) == ["claimed"])
    InferenceWorker.objects.update(state="lost")
    with merchant_scope(shop.pk), transaction.atomic():
        run.requests.update(state="queued", worker=None, fence=None, crashes=1)
    serving.join(15)
    assert reasons_of(run) == [("generated", "", 2)]
    assert list(InferenceWorker.objects.order_by("pk").values_list("state", flat=True)) == [
        "lost",
        "ready",
    ]
    with merchant_scope(shop.pk), transaction.atomic():
        assert Candidate.objects.count() == 1


def test_a_claim_whose_answer_was_lost_is_taken_up(service, shop, monkeypatch):
    run = run_of(shop, 3)
    claim, calls = worker_module.claim_requests, []

    def claim_and_lose_the_answer(**options):
        found = claim(**options)
        if found and not calls:
            calls.append(found)
            raise OperationalError("the connection is gone")
        return found

    monkeypatch.setattr(worker_module, "claim_requests", claim_and_lose_the_answer)
    service().serve(30)
    assert len(calls[0]) == 3
    assert reasons_of(run) == [("generated", "", 1)] * 3


def test_texts_survive_a_database_that_was_away(service, shop, monkeypatch):
    run = run_of(shop, 3)
    store, failures = storing.store_result, []

    def fail_twice(**options):
        if len(failures) < 2:
            failures.append(options)
            raise OperationalError("the server restarts")
        return store(**options)

    monkeypatch.setattr(storing, "store_result", fail_twice)
    service().serve(30)
    assert len(failures) == 2
    assert reasons_of(run) == [("generated", "", 1)] * 3


def test_one_broken_product_does_not_stop_its_batch(service, shop):
    products_of(shop, 2)
    with merchant_scope(shop.pk), transaction.atomic():
        Product.objects.filter(handle="p0").update(attributes=["not an attribute"])
    run = run_of(shop, 2)
    service().serve(30)
    assert reasons_of(run) == [("failed", "internal_error", 1), ("generated", "", 1)]


def test_a_run_of_an_endpoint_goes_to_its_server(service, shop, monkeypatch):
    """The endpoint's server is left out: what counts is that its backend gets the jobs."""
    monkeypatch.setattr("generation.remote.backend_of", lambda endpoint: EchoBackend())
    fields = {"name": "Big", "base_url": "http://10.0.0.1/v1", "model": "big", "max_concurrency": 2}
    model = save_platform_model(model=None, fields=fields, api_key="", actor=SYSTEM)
    run = run_of(shop, 9, model=model.public_id)
    service().serve(30)
    assert reasons_of(run) == [("generated", "", 1)] * 9
    with merchant_scope(shop.pk), transaction.atomic():
        prompt = run.requests.first().prompt
    assert (prompt["model"]["key"], prompt["model"]["id"]) == (model.public_id, "big")


def test_requests_of_an_endpoint_that_is_gone_fail_with_that_reason(service, shop):
    fields = {"name": "Big", "base_url": "http://10.0.0.1/v1", "model": "big"}
    model = save_platform_model(model=None, fields=fields, api_key="", actor=SYSTEM)
    run = run_of(shop, 2, model=model.public_id)
    model.delete()
    service().serve(30)
    assert reasons_of(run) == [("failed", "model_unknown", 1)] * 2
    assert fresh(run).state == "finished"
