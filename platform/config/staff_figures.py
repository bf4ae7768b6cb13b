"""The figures of the staff's start page, over all merchants."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from generation.models import GenerationRequest, GenerationRun, InferenceWorker
from tenants.models import Merchant
from tenants.staff_access import STAFF

_MOST_WORKERS = 20
State = GenerationRequest.State


@dataclass(frozen=True)
class LaneFigure:
    """n_waiting: queued. n_claimed: being written."""

    key: str
    n_waiting: int
    n_claimed: int


@dataclass(frozen=True)
class StartFigures:
    """Counts of now; n_failed: requests that failed or were set aside within the last day."""

    n_merchants: int
    n_inactive: int
    lanes: list[LaneFigure]
    workers: list[InferenceWorker]
    n_failed: int


def start_figures() -> StartFigures:
    """What is going on on the platform."""
    merchants = Merchant.objects.using(STAFF)
    return StartFigures(
        n_merchants=merchants.filter(is_active=True).count(),
        n_inactive=merchants.filter(is_active=False).count(),
        lanes=[_lane(GenerationRun.Lane(lane)) for lane in GenerationRun.Lane.values],
        workers=_workers(),
        n_failed=_n_failed(),
    )


def _requests() -> Any:
    return GenerationRequest._base_manager.using(STAFF)


def _lane(lane: GenerationRun.Lane) -> LaneFigure:
    of_lane = _requests().filter(lane=lane)
    queued = of_lane.filter(state=State.QUEUED)  # two counts: each has a partial index
    n_waiting = queued.filter(crashes=0).count() + queued.filter(crashes__gt=0).count()
    n_claimed = of_lane.filter(state=State.CLAIMED).count()
    return LaneFigure(lane.value, n_waiting, n_claimed)


def _workers() -> list[InferenceWorker]:
    gone = [InferenceWorker.State.STOPPED, InferenceWorker.State.LOST]
    recent = timezone.now() - timedelta(days=1)
    workers = InferenceWorker.objects.using(STAFF)
    shown = workers.exclude(state__in=gone, lease_expires_at__lt=recent)
    return list(shown.order_by("-started_at")[:_MOST_WORKERS])


def _n_failed() -> int:
    failed = _requests().filter(state__in=[State.FAILED, State.QUARANTINED])
    n_failed: int = failed.filter(finished_at__gte=timezone.now() - timedelta(days=1)).count()
    return n_failed
