import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisConnectionError

from api.throttling import Budget
from tests.api.test_authentication import PROBE, problem
from tests.partner import Partner


@pytest.fixture
def clock(monkeypatch):
    """Seconds since the epoch, as a list of one number."""
    now = [6_000_000.0]
    monkeypatch.setattr("api.throttling.time.time", lambda: now[0])
    return now


@pytest.fixture
def three(probe, settings, clock):
    settings.API_REQUESTS_PER_MINUTE = 3
    return probe


def test_every_answer_tells_what_is_left(three, clock):
    clock[0] += 10
    response = three.get(PROBE)
    assert response["RateLimit-Policy"] == '"key";q=3;w=60'
    assert response["RateLimit"] == '"key";r=2;t=50'
    assert three.post(PROBE, {})["RateLimit"] == '"key";r=1;t=50'


def test_one_request_too_many_is_refused_and_does_not_count(three, clock):
    for _ in range(3):
        assert three.get(PROBE).status_code == 200
    refused = three.get(PROBE)
    problem(refused, 429, "too_many_requests")
    # 3 now; in the next minute 3 (1 - s) + 1 <= 3 from s = 1/3 on, so after 60 + 20 seconds.
    assert refused["Retry-After"] == "80"
    assert refused["RateLimit"] == '"key";r=0;t=80'
    clock[0] += 79
    assert three.get(PROBE).status_code == 429
    clock[0] += 1
    assert three.get(PROBE).status_code == 200
    assert three.get(PROBE).status_code == 429


def test_each_key_has_its_own_budget(three, merchant):
    for _ in range(4):
        three.get(PROBE)
    assert Partner(merchant).get(PROBE).status_code == 200


def test_without_the_cache_nothing_is_refused(three, monkeypatch):
    def refuse(*args, **kwargs):
        raise RedisConnectionError

    monkeypatch.setattr(cache, "add", refuse)
    monkeypatch.setattr(cache, "incr", refuse)
    response = three.get(PROBE)
    assert response.status_code == 200
    assert "RateLimit" not in response


def test_the_last_minute_counts_by_the_part_that_is_still_in_view():
    budget = Budget(limit=100, n_before=100, n_now=50, elapsed_share=0.25)
    # 100 * 0.75 + 50 = 125; it is 100 again when 100 (1 - s) = 50, at s = 0.5, a quarter minute on.
    assert (budget.used, budget.remaining, budget.is_spent) == (125, 0, True)
    assert budget.reset_seconds == 15


def test_a_cache_that_is_emptied_in_between_begins_anew(three, clock, monkeypatch):
    # As if the key expired between its making and its counting.
    monkeypatch.setattr(cache, "add", lambda *args, **more: True)
    assert three.get(PROBE).status_code == 200
