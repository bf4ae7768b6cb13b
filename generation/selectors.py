"""Runs as pages show them. Each read costs the same however large the run is."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from generation.models import GenerationRequest, GenerationRun

State = GenerationRequest.State
_RECENT = 100
_RECENT_RUNS = 20
_FRESH_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    n_done: requests that will not change any more. texts_per_minute: over the latest requests,
    None before there are two. seconds_left: None where no rate is known. n_ahead: waiting requests
    of the merchant that come before the run's first waiting one.
    """

    n_total: int
    n_succeeded: int
    n_failed: int
    n_cancelled: int
    n_waiting: int
    n_writing: int
    n_checking: int
    texts_per_minute: float | None
    seconds_left: float | None
    n_ahead: int

    @property
    def n_done(self) -> int:
        return self.n_succeeded + self.n_failed + self.n_cancelled

    @property
    def percent(self) -> int:
        """0 to 100, rounded down: 100 only when all is done."""
        return 100 * self.n_done // self.n_total if self.n_total else 100

    @property
    def is_over(self) -> bool:
        return self.n_done == self.n_total


def runs() -> QuerySet[GenerationRun]:
    """The merchant's runs, the latest first, with who started them and `n_done`."""
    found: QuerySet[GenerationRun] = GenerationRun.objects.select_related("created_by")
    n_done = F("n_succeeded") + F("n_failed") + F("n_cancelled")
    return found.annotate(n_done=n_done).order_by("-created_at", "-pk")


def progress_of(run: GenerationRun) -> Progress:
    """How far the run is now, how fast it goes and how long it will take."""
    n_writing = _count(run, State.CLAIMED)
    n_checking = _count(run, State.GENERATED)
    n_done = run.n_succeeded + run.n_failed + run.n_cancelled
    n_open = max(0, run.n_total - n_done)
    rate = _per_minute(run) if n_open else None
    return Progress(
        n_total=run.n_total,
        n_succeeded=run.n_succeeded,
        n_failed=run.n_failed,
        n_cancelled=run.n_cancelled,
        n_waiting=max(0, n_open - n_writing - n_checking),
        n_writing=n_writing,
        n_checking=n_checking,
        texts_per_minute=rate,
        seconds_left=60 * n_open / rate if rate else None,
        n_ahead=_ahead_of(run) if n_open else 0,
    )


def _count(run: GenerationRun, state: str) -> int:
    return int(GenerationRequest.objects.filter(run=run, state=state).count())


def _per_minute(run: GenerationRun) -> float | None:
    """From the latest requests: they are served in the order of their ids, and few are read."""
    times = sorted(_latest(run, State.SUCCEEDED) + _latest(run, State.FAILED))[-_RECENT:]
    if len(times) < 2:
        return None
    until = max(times[-1], _stalled_since(times[-1]))
    seconds = (until - times[0]).total_seconds()
    return 60 * (len(times) - 1) / seconds if seconds > 0 else None


def _latest(run: GenerationRun, state: str) -> list[datetime]:
    latest = GenerationRequest.objects.filter(run=run, state=state, finished_at__isnull=False)
    return list(latest.order_by("-pk").values_list("finished_at", flat=True)[:_RECENT])


def _stalled_since(latest: datetime) -> datetime:
    """Now, once nothing has been written for long: an old rate promises too much."""
    now = timezone.now()
    return now if (now - latest).total_seconds() > _FRESH_SECONDS else latest


def _ahead_of(run: GenerationRun) -> int:
    waiting = GenerationRequest.objects.filter(state=State.QUEUED, lane=run.lane, model=run.model)
    first = waiting.filter(run=run).order_by("pk").values_list("pk", flat=True).first()
    return int(waiting.filter(pk__lt=first, crashes=0).count()) if first else 0


def seconds_for(n_texts: int, model: str) -> float | None:
    """How long so many texts took the same model lately; None where nothing is known."""
    recent = GenerationRun.objects.filter(model=model, n_succeeded__gt=0).order_by("-pk")
    figures = GenerationRun.objects.filter(pk__in=recent.values("pk")[:_RECENT_RUNS]).aggregate(
        seconds=Sum("seconds"), n=Sum("n_succeeded")
    )
    return float(n_texts * figures["seconds"] / figures["n"]) if figures["n"] else None
