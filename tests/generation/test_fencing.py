"""A result counts only under the lease that its request was claimed by."""

import pytest

from generation.engine.errors import BackendError
from generation.engine.types import Completion, FinishReason, JobResult
from generation.models import Candidate, GenerationRequest
from generation.results import Holder, fail, give_back, store_result
from tests.generation.people import claim, run_of, worker_with_lease

GONE = BackendError("The server is busy.", retryable=True, code="endpoint_busy")
WRONG = BackendError("Too long.", retryable=False, code="prompt_too_long")


def texts(*texts, reason=FinishReason.stop):
    completions = tuple(Completion(text, reason, 3, -0.5) for text in texts)
    return JobResult("x", completions, 10, 3 * len(texts), 1.5)


@pytest.fixture
def held(in_scope):
    """One claimed request and the registration that holds it."""
    run = run_of(in_scope, 1)
    worker = worker_with_lease()
    (taken,) = claim(worker)
    return run, taken, Holder(worker.pk, worker.fence)


def state_of(run):
    run.refresh_from_db()
    request = GenerationRequest.objects.get(run=run)
    return request.state, (run.state, run.n_succeeded, run.n_failed, run.n_cancelled)


def test_texts_are_stored_and_wait_for_their_checks(held):
    run, taken, holder = held
    stored = store_result(claim=taken, holder=holder, attempts=1, result=texts("One.", "Two."))
    assert stored == "generated"
    request = GenerationRequest.objects.get()
    assert (request.n_prompt_tokens, request.n_completion_tokens, request.seconds) == (10, 6, 1.5)
    kept = Candidate.objects.values_list("index", "raw", "finish_reason", "mean_logprob")
    assert list(kept) == [(0, "One.", "stop", -0.5), (1, "Two.", "stop", -0.5)]
    assert state_of(run) == ("generated", ("running", 0, 0, 0))


@pytest.mark.parametrize("change", [{"fence": 1}, {"worker_id": 0}])
def test_a_late_workers_texts_are_thrown_away(held, change):
    run, taken, holder = held
    other = Holder(**{"worker_id": holder.worker_id, "fence": holder.fence, **change})
    assert store_result(claim=taken, holder=other, attempts=1, result=texts("Late.")) == ""
    assert fail(claim=taken, holder=other, error=WRONG, attempts=1) == ""
    assert give_back(claim=taken, holder=other) == ""
    assert Candidate.objects.count() == 0
    assert state_of(run) == ("claimed", ("running", 0, 0, 0))


def test_a_result_is_stored_once(held):
    run, taken, holder = held
    store_result(claim=taken, holder=holder, attempts=1, result=texts("One."))
    assert store_result(claim=taken, holder=holder, attempts=1, result=texts("Again.")) == ""
    assert [c.raw for c in Candidate.objects.all()] == ["One."]


def test_texts_of_a_cancelled_request_are_not_kept_but_their_cost_is(held):
    run, taken, holder = held
    GenerationRequest.objects.update(is_cancel_requested=True)
    assert store_result(claim=taken, holder=holder, attempts=1, result=texts("One.")) == "cancelled"
    assert Candidate.objects.count() == 0
    assert state_of(run) == ("cancelled", ("finished", 0, 0, 1))
    assert (run.n_prompt_tokens, run.n_completion_tokens, run.seconds) == (10, 3, 1.5)


def test_an_aborted_request_goes_back_as_if_never_claimed(held):
    run, taken, holder = held
    aborted = texts("Hal", reason=FinishReason.aborted)
    assert store_result(claim=taken, holder=holder, attempts=1, result=aborted) == "queued"
    request = GenerationRequest.objects.get()
    assert (request.attempts, request.crashes, request.worker, request.fence) == (0, 0, None, None)
    assert claim(worker_with_lease())[0].request_id == taken.request_id


def test_a_passing_fault_is_tried_again_later_three_times_in_all(held):
    run, taken, holder = held
    failed = JobResult.failed("x", GONE)
    assert store_result(claim=taken, holder=holder, attempts=1, result=failed) == "queued"
    request = GenerationRequest.objects.get()
    wait = (request.available_at - request.claimed_at).total_seconds()
    assert 3.9 < wait < 7
    assert (request.error_code, request.attempts) == ("endpoint_busy", 1)
    assert claim(worker_with_lease()) == []
    GenerationRequest.objects.update(state="claimed", worker=holder.worker_id, fence=holder.fence)
    assert store_result(claim=taken, holder=holder, attempts=3, result=failed) == "failed"
    assert state_of(run) == ("failed", ("finished", 0, 1, 0))


def test_a_lasting_fault_ends_the_request_with_its_reason(held):
    run, taken, holder = held
    failed = JobResult.failed("x", WRONG)
    assert store_result(claim=taken, holder=holder, attempts=1, result=failed) == "failed"
    request = GenerationRequest.objects.get()
    assert (request.error_code, request.error) == ("prompt_too_long", "Too long.")
    assert state_of(run) == ("failed", ("finished", 0, 1, 0))


def test_texts_that_postgres_cannot_hold_are_repaired(held):
    run, taken, holder = held
    store_result(claim=taken, holder=holder, attempts=1, result=texts("a\x00b \ud83d c"))
    assert Candidate.objects.get().raw == "ab ? c"
