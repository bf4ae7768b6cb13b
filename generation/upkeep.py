"""What beat asks for: give back what dead workers held, remind of what was forgotten, wake."""

import logging
from collections import defaultdict

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from generation import queue
from generation.models import InferenceWorker
from generation.wakeups import QUEUE, wake
from tenants.actor import Actor
from tenants.audit import record
from tenants.scope import merchant_scope

logger = logging.getLogger(__name__)

REAPER = Actor("system", "reaper")
_UNCHECKED_AFTER_SECONDS = 30
_MOST_UNCHECKED = 500


def reap() -> int:
    """Give back what dead workers held and move the counts of its runs, all or nothing.

    Returns how many requests were taken back. Those that killed a worker too often are set aside.
    """
    with transaction.atomic():
        reaped = queue.reap_expired(max_crashes=settings.GENERATION["MAX_CRASHES"])
        by_merchant: dict[int, list[queue.Reaped]] = defaultdict(list)
        for request in reaped:
            by_merchant[request.merchant_id].append(request)
        for merchant_id, requests in sorted(by_merchant.items()):
            with merchant_scope(merchant_id):
                _count(requests)
    if reaped:
        logger.warning("%s requests were taken back from dead workers", len(reaped))
    return len(reaped)


def _count(requests: list[queue.Reaped]) -> None:
    queue.settle_reaped([request.request_id for request in requests])
    n_quarantined = sum(request.state == "quarantined" for request in requests)
    record("requests.reaped", actor=REAPER, n_requests=len(requests), n_quarantined=n_quarantined)


def unchecked() -> dict[int, list[int]]:
    """Requests whose message to check them was lost, by merchant."""
    return queue.unchecked_requests(
        older_than_seconds=_UNCHECKED_AFTER_SECONDS, limit=_MOST_UNCHECKED
    )


def wake_if_needed() -> bool:
    """Send a wake-up if there is work, somebody to do it, and no message waiting already."""
    if not queue.work_waits() or not _is_anybody_there() or _n_messages():
        return False
    wake()
    return True


def _is_anybody_there() -> bool:
    """A worker that starts wakes itself once it is ready."""
    alive = InferenceWorker.objects.filter(lease_expires_at__gt=timezone.now())
    return alive.exclude(state__in=["lost", "stopped"]).exists()


def _n_messages() -> int:
    with current_app.connection_or_acquire() as connection:
        declared = connection.default_channel.queue_declare(QUEUE, passive=True)
        return int(declared.message_count)
