import pytest

from generation.engine.engine import Engine
from generation.engine.errors import BackendError
from generation.engine.types import Completion, FinishReason, JobResult, SamplingParams
from tests.generation.engine.stubs import job


class RecordingBackend:
    """Counts words as tokens, remembers its batches, raises on a prompt that says so."""

    name = "recording"

    def __init__(self, text="A text."):
        self.text = text
        self.batches = []

    def count_prompt_tokens(self, prompt):
        return len(prompt.completion_text.split())

    def generate(self, jobs, should_stop):
        self.batches.append([j.id for j in jobs])
        for j in jobs:
            if "poison" in j.prompt.completion_text:
                raise KeyError("poison")
            if "busy" in j.prompt.completion_text:
                raise BackendError("busy", True, "endpoint_busy")
        done = Completion(self.text, FinishReason.length, 3)
        return [JobResult(j.id, (done,) * j.sampling.n, 1, 3, 0.1) for j in jobs]


def run_all(engine):
    results = []
    while engine.has_work:
        results += engine.step()
    return {result.id: result for result in results}


def test_every_job_gets_one_result():
    engine = Engine(RecordingBackend(), max_batch=3)
    for name in "abcdefg":
        engine.add(job(name))
    assert sorted(run_all(engine)) == list("abcdefg")
    assert (engine.has_work, engine.n_waiting, engine.step()) == (False, 0, [])


def test_jobs_of_like_length_run_together_and_the_oldest_first():
    backend = RecordingBackend()
    engine = Engine(backend, max_batch=2, max_batch_tokens=10_000)
    for name, n_words in (("long", 90), ("short", 3), ("long2", 80), ("short2", 4)):
        engine.add(job(name, "word " * n_words, max_new_tokens=5))
    run_all(engine)
    assert backend.batches == [["long2", "long"], ["short", "short2"]]


def test_batch_stays_under_the_token_budget_and_a_longer_job_goes_alone():
    backend = RecordingBackend()
    engine = Engine(backend, max_batch=8, max_batch_tokens=100)
    for name, n_words in (("a", 20), ("b", 20), ("c", 20), ("huge", 500)):
        engine.add(job(name, "word " * n_words, max_new_tokens=20))
    run_all(engine)
    assert backend.batches == [["a", "b"], ["c"], ["huge"]]


def test_candidates_count_as_rows_of_the_batch():
    backend = RecordingBackend()
    engine = Engine(backend, max_batch=4)
    for name in "abc":
        engine.add(job(name, n=2))
    run_all(engine)
    assert backend.batches == [["a", "b"], ["c"]]


def test_poisoned_job_fails_alone_and_its_neighbours_are_served():
    engine = Engine(RecordingBackend())
    engine.add(job("a"))
    engine.add(job("bad", "poison"))
    engine.add(job("c"))
    results = run_all(engine)
    assert [results[name].error for name in "ac"] == [None, None]
    error = results["bad"].error
    assert (error.code, error.retryable) == ("backend_failure", False)
    assert str(error) == "The model failed on this prompt (KeyError: 'poison')."


def test_backend_error_keeps_its_code_and_its_retryability():
    engine = Engine(RecordingBackend())
    engine.add(job("a", "busy"))
    error = run_all(engine)["a"].error
    assert (error.code, error.retryable) == ("endpoint_busy", True)


def test_backend_that_loses_a_job_is_found_out():
    class Forgetful(RecordingBackend):
        def generate(self, jobs, should_stop):
            return super().generate(jobs, should_stop)[1:]

    engine = Engine(Forgetful())
    engine.add(job("a"))
    assert run_all(engine)["a"].error.code == "backend_failure"


def test_aborted_waiting_job_never_reaches_the_backend():
    backend = RecordingBackend()
    engine = Engine(backend)
    engine.add(job("a", n=2))
    engine.add(job("b"))
    engine.abort("a")
    engine.abort("unknown")
    results = run_all(engine)
    assert [c.finish_reason for c in results["a"].completions] == ["aborted", "aborted"]
    assert backend.batches == [["b"]]


def test_same_id_is_refused_while_it_waits_and_welcome_afterwards():
    engine = Engine(RecordingBackend())
    engine.add(job("a"))
    with pytest.raises(ValueError, match="already waiting"):
        engine.add(job("a"))
    engine.abort("a")
    run_all(engine)
    engine.add(job("a"))
    assert run_all(engine)["a"].completions[0].finish_reason == FinishReason.length


def test_text_is_cut_before_the_first_stop_string_and_trimmed():
    engine = Engine(RecordingBackend("  A mug.\n\nEND and more STOP"))
    engine.add(job("a", stop=("STOP", "END")))
    engine.add(job("b"))
    results = run_all(engine)
    assert results["a"].completions[0] == Completion("A mug.", FinishReason.stop, 3)
    assert results["b"].completions[0].text == "A mug.\n\nEND and more STOP"


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_new_tokens": 0},
        {"temperature": -0.1},
        {"temperature": 2.1},
        {"top_p": 0},
        {"top_p": 1.1},
        {"repetition_penalty": 0},
        {"n": 0},
        {"n": 17},
        {"stop": ("",)},
    ],
)
def test_impossible_sampling_is_refused_when_built(wrong):
    with pytest.raises(ValueError, match="must"):
        SamplingParams(**wrong)
