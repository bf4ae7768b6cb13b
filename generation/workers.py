"""Who writes the texts right now."""

from datetime import timedelta

from django.utils import timezone

from generation.models import InferenceWorker

SHOWN_FOR = timedelta(hours=1)
MOST_SHOWN = 20


def shown_workers() -> list[InferenceWorker]:
    """Workers at work, and those that went within the last hour; the newest first."""
    recent = InferenceWorker.objects.filter(lease_expires_at__gt=timezone.now() - SHOWN_FOR)
    return list(recent.order_by("-started_at", "-pk")[:MOST_SHOWN])


def is_anybody_writing() -> bool:
    """Whether a worker is ready, or about to be."""
    alive = InferenceWorker.objects.filter(lease_expires_at__gt=timezone.now())
    states = [InferenceWorker.State.READY, InferenceWorker.State.LOADING]
    return alive.filter(state__in=states).exists()
