import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from stores.services import import_pace
from stores.services.import_pace import awaited, one_ahead


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(import_pace, "PATIENCE_SECONDS", 0.05)


def slowly(values):
    for value in values:
        time.sleep(0.3)
        yield value


def test_whoever_waits_shows_that_it_lives():
    signs = []
    with ThreadPoolExecutor(1) as pool:
        found = list(one_ahead(pool, slowly([1, 2]), lambda: signs.append(1)))
    assert found == [1, 2]
    assert len(signs) >= 4


def test_a_wait_is_over_when_nobody_is_to_wait_any_more():
    def lost():
        raise LookupError

    with ThreadPoolExecutor(1) as pool, pytest.raises(LookupError):
        awaited(pool.submit(time.sleep, 0.3), lost)


def test_what_went_wrong_in_the_other_thread_comes_out_here():
    with ThreadPoolExecutor(1) as pool, pytest.raises(ZeroDivisionError):
        awaited(pool.submit(lambda: 1 / 0), None)
