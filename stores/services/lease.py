"""Who works on a row in the background: the time of its heartbeat is both lease and token."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

LEASE_SECONDS = settings.IMPORT_LEASE_SECONDS
MAX_ATTEMPTS = 3


class LeaseLost(Exception):
    """Somebody cancelled the work, or another worker has taken it over."""


@dataclass(slots=True)
class RowLease:
    """Of one row in one state; `renew` is the first statement of every chunk's transaction."""

    model: Any
    pk: int
    state: str
    token: datetime

    def renew(self, **progress: Any) -> None:
        """Lock the row until the transaction ends and show progress; raises LeaseLost."""
        held = self.model.objects.filter(pk=self.pk, state=self.state, heartbeat_at=self.token)
        now = timezone.now()
        if not held.update(heartbeat_at=now, n_attempts=0, **progress):
            raise LeaseLost
        self.token = now

    def update(self, **values: Any) -> None:
        """Change the row inside a chunk that has renewed the lease."""
        self.model.objects.filter(pk=self.pk).update(**values)


def lease_of(row: Any) -> RowLease | None:
    """A lease on a locked row that a worker takes up; None while another one works on it.

    Counts the attempt; the caller looks at `n_attempts` and gives up what kills its workers.
    """
    held = row.heartbeat_at and timezone.now() - row.heartbeat_at < timedelta(seconds=LEASE_SECONDS)
    if held:
        return None
    row.n_attempts += 1
    row.heartbeat_at = timezone.now()
    row.save(update_fields=["heartbeat_at", "n_attempts"])
    return RowLease(type(row), row.pk, row.state, row.heartbeat_at)
