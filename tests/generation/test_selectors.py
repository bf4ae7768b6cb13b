from datetime import timedelta

from django.utils import timezone

from generation.models import GenerationRun
from generation.selectors import progress_of, runs, seconds_for
from tests.generation.people import products_of, run_of


def put(run, pk_state):
    for pk, state in pk_state.items():
        run.requests.filter(pk=pk).update(state=state)


def test_runs_come_latest_first(in_scope):
    first, second = run_of(in_scope, 1), run_of(in_scope, 1)
    GenerationRun.objects.filter(pk=first.pk).update(n_succeeded=1)
    assert [(run, run.n_done) for run in runs()] == [(second, 0), (first, 1)]


def test_progress_counts_what_is_where(in_scope):
    run = run_of(in_scope, 6)
    ids = list(run.requests.order_by("pk").values_list("pk", flat=True))
    put(run, dict(zip(ids[:2], ["generated", "succeeded"], strict=True)))
    GenerationRun.objects.filter(pk=run.pk).update(n_succeeded=1)
    run.refresh_from_db()
    progress = progress_of(run)
    assert (progress.n_total, progress.n_done, progress.percent) == (6, 1, 16)
    assert (progress.n_waiting, progress.n_writing, progress.n_checking) == (4, 0, 1)
    assert (progress.is_over, progress.texts_per_minute, progress.seconds_left) == (
        False,
        None,
        None,
    )


def test_the_rate_comes_from_the_latest_requests(in_scope):
    run = run_of(in_scope, 10)
    now = timezone.now()
    for place, request in enumerate(run.requests.order_by("pk")[:4]):
        state = "failed" if place == 1 else "succeeded"
        finished_at = now - timedelta(seconds=30 - 10 * place)
        run.requests.filter(pk=request.pk).update(state=state, finished_at=finished_at)
    GenerationRun.objects.filter(pk=run.pk).update(n_succeeded=3, n_failed=1)
    run.refresh_from_db()
    progress = progress_of(run)
    assert (progress.texts_per_minute, progress.seconds_left) == (6.0, 60.0)


def test_a_rate_of_long_ago_fades(in_scope):
    run = run_of(in_scope, 4)
    long_ago = timezone.now() - timedelta(hours=1)
    for place, request in enumerate(run.requests.order_by("pk")[:2]):
        finished_at = long_ago + timedelta(seconds=place)
        run.requests.filter(pk=request.pk).update(state="succeeded", finished_at=finished_at)
    GenerationRun.objects.filter(pk=run.pk).update(n_succeeded=2)
    run.refresh_from_db()
    assert round(progress_of(run).texts_per_minute, 3) == 0.017


def test_a_second_run_waits_behind_the_first(in_scope):
    products_of(in_scope, 3)
    first, second = run_of(in_scope, 3), run_of(in_scope, 2)
    assert (progress_of(first).n_ahead, progress_of(second).n_ahead) == (0, 3)
    assert progress_of(run_of(in_scope, 1, lane="interactive")).n_ahead == 0


def test_an_ended_run_is_over(in_scope):
    run = run_of(in_scope, 2)
    GenerationRun.objects.filter(pk=run.pk).update(n_succeeded=1, n_cancelled=1)
    run.refresh_from_db()
    progress = progress_of(run)
    assert (progress.percent, progress.is_over, progress.n_waiting) == (100, True, 0)


def test_the_time_for_texts_comes_from_the_latest_runs_of_the_model(in_scope):
    run = run_of(in_scope, 4)
    assert seconds_for(10, "default") is None
    GenerationRun.objects.filter(pk=run.pk).update(n_succeeded=4, seconds=6.0)
    assert (seconds_for(10, "default"), seconds_for(10, "mod_x")) == (15.0, None)
