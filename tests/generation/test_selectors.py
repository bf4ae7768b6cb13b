from datetime import timedelta

import pytest
from django.utils import timezone

from generation.brief import RunBrief
from generation.models import GenerationRun
from generation.selectors import progress_of, runs, seconds_for
from generation.services import start_run
from stores.models import Product
from tenants.actor import SYSTEM


@pytest.fixture
def run(in_scope):
    for n in range(5):
        Product.objects.create(handle=f"p{n}", title="P")
    return start_run(products=Product.objects.all(), brief=RunBrief(), actor=SYSTEM)


def finish(run, seconds):
    """The first requests, done so many seconds after the start."""
    for request, at in zip(run.requests.order_by("pk"), seconds, strict=False):
        request.state, request.finished_at = "succeeded", run.created_at + timedelta(seconds=at)
        request.save(update_fields=["state", "finished_at"])
    run.n_succeeded = len(seconds)
    run.save(update_fields=["n_succeeded"])


def test_nothing_is_promised_before_two_texts_are_done(run):
    progress = progress_of(run)
    assert (progress.n_done, progress.n_waiting, progress.percent) == (0, 5, 0)
    assert (progress.texts_per_minute, progress.seconds_left) == (None, None)
    finish(run, [10])
    assert progress_of(run).texts_per_minute is None


def test_the_rate_is_that_of_the_latest_texts(run):
    finish(run, [10, 20, 30])
    progress = progress_of(run)
    assert (progress.n_done, progress.texts_per_minute, progress.seconds_left) == (3, 6.0, 20.0)
    assert progress.percent == 60


def test_runs_of_the_shop_that_come_before_are_counted(run):
    later = start_run(products=Product.objects.all()[:2], brief=RunBrief(), actor=SYSTEM)
    assert progress_of(later).n_ahead == 5
    assert progress_of(run).n_ahead == 0


def test_a_finished_run_has_nothing_left(run):
    finish(run, [1, 2, 3, 4, 5])
    progress = progress_of(run)
    assert (progress.is_over, progress.percent, progress.seconds_left) == (True, 100, None)


def test_how_long_as_many_texts_took_lately(run):
    assert seconds_for(10, "default") is None
    GenerationRun.objects.update(n_succeeded=4, seconds=8.0, finished_at=timezone.now())
    assert seconds_for(10, "default") == 20.0
    assert seconds_for(10, "mod_other") is None


def test_the_list_knows_how_much_is_done(run):
    finish(run, [1, 2])
    assert [(r, r.n_done) for r in runs()] == [(run, 2)]
