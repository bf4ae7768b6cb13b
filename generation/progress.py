"""How far a run is, and how long it will take."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils import timezone

from generation.models import GenerationRun

RECENT_RUNS = 20


@dataclass(frozen=True)
class Progress:
    """n_done: terminal requests. per_minute, seconds_left: None until something is done."""

    n_done: int
    n_total: int
    per_minute: float | None
    seconds_left: float | None


def progress_of(run: GenerationRun, now: datetime | None = None) -> Progress:
    """The run's progress, at the mean pace since it was started."""
    n_done = run.n_succeeded + run.n_failed + run.n_cancelled
    until = run.finished_at or now or timezone.now()
    elapsed = max((until - run.created_at).total_seconds(), 0.001)
    if not n_done:
        return Progress(0, run.n_total, None, None)
    left = (run.n_total - n_done) * elapsed / n_done if run.finished_at is None else 0.0
    return Progress(n_done, run.n_total, 60 * n_done / elapsed, left)


def seconds_for(n_texts: int, model: str) -> float | None:
    """How long so many texts took the same model lately; None where nothing is known."""
    recent = GenerationRun.objects.filter(model=model, n_succeeded__gt=0).order_by("-pk")
    figures = GenerationRun.objects.filter(pk__in=recent.values("pk")[:RECENT_RUNS]).aggregate(
        seconds=Sum("seconds"), n=Sum("n_succeeded")
    )
    if not figures["n"]:
        return None
    return float(n_texts * figures["seconds"] / figures["n"])
