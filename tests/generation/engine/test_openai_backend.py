import threading
import time

import pytest

from generation.engine.backends import get_backend
from generation.engine.errors import BackendError
from generation.engine.types import FinishReason
from tests.generation.engine.stubs import Reply, chat_reply, job, never


def refusal(status, message="", **error) -> Reply:
    return Reply(status, {"error": {"message": message, **error}})


@pytest.fixture
def naps():
    return []


@pytest.fixture
def backend(stub, naps):
    built = get_backend(
        "openai",
        base_url=stub.url,
        model="small",
        api_key="sk-secret",
        allow_private_hosts=True,
        timeout_seconds=2.0,
        sleep=naps.append,
    )
    built.load()
    yield built
    built.close()


def test_text_usage_and_finish_reason_come_from_the_server(stub, backend):
    stub.script = [chat_reply(["One.", "Two."], "length", usage=(11, 31))]
    [result] = backend.generate([job(n=2)], never)
    assert [(c.text, c.finish_reason) for c in result.completions] == [
        ("One.", FinishReason.length),
        ("Two.", FinishReason.length),
    ]
    assert [c.n_completion_tokens for c in result.completions] == [16, 15]
    assert (result.n_prompt_tokens, result.n_completion_tokens, result.error) == (11, 31, None)


def test_a_text_without_end_is_cut(stub, backend):
    stub.script = [chat_reply(["a" * 60_000], "stop")]
    [result] = backend.generate([job()], never)
    assert [(len(c.text), c.finish_reason) for c in result.completions] == [
        (50_000, FinishReason.length)
    ]


def test_request_carries_prompt_sampling_and_nothing_from_the_environment(stub, naps, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-platform")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-platform")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Platform: secret")
    backend = get_backend(
        "openai", base_url=stub.url, model="small", api_key="sk-own", allow_private_hosts=True
    )
    backend.generate([job(max_new_tokens=40, temperature=0.5, seed=7, stop=("END",))], never)
    [request] = stub.requests
    assert request["path"] == "/v1/chat/completions"
    assert request["body"] == {
        "messages": [{"role": "user", "content": "Write about a mug."}],
        "model": "small",
        "max_tokens": 40,
        "temperature": 0.5,
        "top_p": 0.95,
        "seed": 7,
        "stop": ["END"],
    }
    headers = {name.lower(): value for name, value in request["headers"].items()}
    assert headers["authorization"] == "Bearer sk-own"
    assert set(headers) == {
        "host",
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "user-agent",
    }
    backend.close()


def test_server_that_ignores_n_is_asked_again_with_other_seeds(stub, backend):
    stub.script = [chat_reply([text]) for text in ("One.", "Two.", "Three.")]
    [result] = backend.generate([job(n=3, seed=5)], never)
    assert [c.text for c in result.completions] == ["One.", "Two.", "Three."]
    assert [r["body"]["seed"] for r in stub.requests] == [5, 6, 7]
    assert result.n_completion_tokens == 90


def test_server_that_refuses_n_is_asked_one_by_one(stub, backend):
    stub.script = [refusal(400, "multiple choices are not supported")]
    [result] = backend.generate([job(n=2)], never)
    assert len(result.completions) == 2
    assert ["n" in r["body"] for r in stub.requests] == [True, False, False]


def test_server_that_renamed_max_tokens_is_asked_by_the_new_name_from_then_on(stub, backend):
    stub.script = [refusal(400, "use max_completion_tokens", param="max_tokens")]
    backend.generate([job(max_new_tokens=9)], never)
    backend.generate([job(max_new_tokens=9)], never)
    assert [r["body"].get("max_tokens") for r in stub.requests] == [9, None, None]
    assert [r["body"].get("max_completion_tokens") for r in stub.requests] == [None, 9, 9]


def test_busy_server_is_asked_again_after_its_own_pause(stub, backend, naps):
    busy = Reply(429, {"error": {"message": "slow down"}}, {"retry-after": "2"})
    stub.script = [busy, Reply(503, b"<html>")]
    [result] = backend.generate([job()], never)
    assert result.error is None
    assert len(stub.requests) == 3
    assert sum(naps) >= 2.0


def test_pause_longer_than_a_worker_may_hold_goes_back_to_the_queue(stub, backend, naps):
    stub.script = [Reply(429, {"error": {"message": "later"}}, {"retry-after": "600"})]
    [result] = backend.generate([job()], never)
    assert (result.error.code, result.error.retryable) == ("endpoint_busy", True)
    assert result.error.retry_after_seconds == 600
    assert (len(stub.requests), naps) == (1, [])


@pytest.mark.parametrize(
    ("reply", "code", "retryable", "n_requests"),
    [
        (Reply(200, b"not json at all"), "bad_response", True, 4),
        (Reply(200, b"<html>hello</html>", {"content-type": "text/html"}), "bad_response", True, 4),
        (Reply(200, {"anything": "else"}), "bad_response", True, 4),
        (Reply(200, {"choices": []}), "bad_response", True, 4),
        (Reply(200, b""), "bad_response", True, 4),
        (Reply(200, b'{"choices": [' + b" " * 500, cut_after=20), "bad_response", True, 4),
        (Reply(200, b"\x1f\x8b", {"content-encoding": "gzip"}), "bad_response", False, 1),
        (Reply(200, b" " * 9_000_000), "bad_response", False, 1),
        (Reply(500, b"oops"), "endpoint_busy", True, 4),
        (refusal(401, "bad key"), "endpoint_refused", False, 1),
        (refusal(404, "no such model"), "endpoint_refused", False, 1),
        (refusal(429, "pay", code="insufficient_quota"), "endpoint_refused", False, 1),
        (refusal(400, "no"), "bad_request", False, 1),
        (refusal(400, "maximum context length is 9"), "prompt_too_long", False, 1),
        (Reply(302, b"", {"location": "http://127.0.0.1:1/"}), "endpoint_refused", False, 1),
    ],
)
def test_bad_answers_become_one_clear_error(stub, backend, reply, code, retryable, n_requests):
    stub.default = reply
    [result] = backend.generate([job()], never)
    assert (result.error.code, result.error.retryable) == (code, retryable)
    assert "sk-secret" not in str(result.error)
    assert result.completions == ()
    assert len(stub.requests) == n_requests


def test_silent_server_ends_in_a_timeout(stub):
    stub.default = Reply(delay_seconds=3)
    backend = get_backend(
        "openai",
        base_url=stub.url,
        model="small",
        allow_private_hosts=True,
        timeout_seconds=0.2,
        n_attempts=1,
    )
    [result] = backend.generate([job()], never)
    assert str(result.error) == "The server did not answer in time."
    assert result.error.code == "endpoint_unreachable"
    backend.close()


def test_one_bad_job_leaves_its_neighbours_alone_and_order_stays(stub, backend):
    stub.default = chat_reply(["Fine."])
    stub.script = [refusal(400, "no")]
    backend.concurrency = 1
    results = backend.generate([job("a"), job("b"), job("c")], never)
    assert [r.id for r in results] == ["a", "b", "c"]
    assert sorted(r.error.code if r.error else "" for r in results) == ["", "", "bad_request"]


def test_no_more_requests_at_once_than_allowed(stub):
    stub.default.delay_seconds = 0.05
    backend = get_backend(
        "openai", base_url=stub.url, model="small", allow_private_hosts=True, concurrency=3
    )
    results = backend.generate([job(str(i)) for i in range(9)], never)
    assert [r.error for r in results] == [None] * 9
    assert stub.most_running == 3
    backend.close()


def test_abort_does_not_wait_for_the_answer(stub, backend):
    stub.default.delay_seconds = 1.5
    stopped = threading.Event()
    threading.Timer(0.1, stopped.set).start()
    started = time.monotonic()
    [result] = backend.generate([job()], lambda job_id: stopped.is_set())
    assert result.completions[0].finish_reason == FinishReason.aborted
    assert time.monotonic() - started < 1.0


def test_probe_tells_latency_list_and_text(stub, backend):
    report = backend.probe()
    assert (report.text, report.models, report.model_is_listed) == (
        "A fine text.",
        ("small",),
        True,
    )
    assert report.latency_seconds < 2


def test_probe_of_a_server_without_a_list_still_tries_the_model(stub, backend):
    stub.models = Reply(404, {"error": {"message": "no list"}})
    report = backend.probe()
    assert (report.models, report.model_is_listed, report.text) == (None, None, "A fine text.")


def test_probe_says_in_words_what_is_wrong(stub, backend):
    stub.models = refusal(401, "Incorrect API key")
    with pytest.raises(BackendError) as caught:
        backend.probe()
    assert str(caught.value) == (
        'The server refused the API key (401). It says: "Incorrect API key"'
    )


def test_unreachable_server_is_named_as_such():
    backend = get_backend(
        "openai", base_url="http://127.0.0.1:9/v1", model="x", allow_private_hosts=True
    )
    with pytest.raises(BackendError) as caught:
        backend.probe()
    assert (caught.value.code, caught.value.retryable) == ("endpoint_unreachable", True)
    backend.close()
