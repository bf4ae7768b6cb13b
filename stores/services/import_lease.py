"""Who works on an import: the time of its heartbeat is both lease and token, so a second worker stands back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from stores.importers.problems import message_of
from stores.models import CatalogueImport
from stores.services.lease import LEASE_SECONDS, MAX_ATTEMPTS, RowLease

State = CatalogueImport.State
MAX_STALLED = 100


def take(import_id: int, waiting: str, working: str) -> tuple[CatalogueImport, RowLease] | None:
    """The import with a lease on it; None if it is in another state or in other hands.

    An import that workers have died of too often is given up.
    """
    with transaction.atomic():
        found = CatalogueImport.objects.select_for_update().filter(pk=import_id).first()
        if found is None or found.state not in (waiting, working) or _is_held(found, working):
            return None
        found.n_attempts += 1
        if found.n_attempts > MAX_ATTEMPTS:
            fail(found, "worker_died")
            return None
        found.state, found.heartbeat_at = working, timezone.now()
        found.save(update_fields=["state", "heartbeat_at", "n_attempts"])
    return found, RowLease(CatalogueImport, found.pk, working, found.heartbeat_at)


def fail(found: CatalogueImport, code: str, **params: Any) -> None:
    """End an import with the reason; pages put the code into words anew."""
    found.state, found.finished_at, found.heartbeat_at = State.FAILED, timezone.now(), None
    found.error_code, found.error_params = code, params
    found.error = message_of(code, params)[:1000]
    found.save(
        update_fields=[
            *("state", "finished_at", "heartbeat_at", "error_code", "error_params", "error")
        ]
    )


def _is_held(found: CatalogueImport, working: str) -> bool:
    if found.state != working or found.heartbeat_at is None:
        return False
    return timezone.now() - found.heartbeat_at < timedelta(seconds=LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class Stalled:
    """An import that nobody works on although somebody should."""

    import_id: int
    merchant_id: int
    is_confirmed: bool


def stalled_imports() -> list[Stalled]:
    """Of all merchants: imports without a heartbeat for longer than a lease lasts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM stalled_imports(%s, %s)", [LEASE_SECONDS, MAX_STALLED])
        rows = cursor.fetchall()
    return [Stalled(key, merchant, state == State.APPLYING) for key, merchant, state in rows]
