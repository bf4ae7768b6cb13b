import json
import os
import socket
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from generation.models import InferenceWorker
from generation.queue import lane_figures

State = InferenceWorker.State
_GONE = (State.STOPPED, State.LOST)


class Command(BaseCommand):
    help = (
        "Print as JSON who writes texts now and, to the role worker, how much waits in each lane."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        alive = InferenceWorker.objects.filter(lease_expires_at__gt=timezone.now())
        workers = [_shown(w) for w in alive.exclude(state__in=_GONE).order_by("pk") if _is_there(w)]
        status = {
            "ready": any(worker["state"] == State.READY for worker in workers),
            "backend": settings.GENERATION["BACKEND"],
            "model": settings.GENERATION["MODEL"],
            "workers": workers,
            "lanes": _lanes(),
        }
        self.stdout.write(json.dumps(status, indent=1))


def _shown(worker: InferenceWorker) -> dict[str, Any]:
    left = worker.lease_expires_at - timezone.now()
    return {
        "host": worker.host,
        "pid": worker.pid,
        "state": worker.state,
        "model": worker.model,
        "revision": worker.revision,
        "device": worker.device,
        "error_code": worker.error_code,
        "error": worker.error,
        "started_at": worker.started_at.isoformat(),
        "lease_seconds_left": round(left.total_seconds(), 1),
    }


def _is_there(worker: InferenceWorker) -> bool:
    """False for a process of this machine that is gone: its lease only ends later."""
    if worker.host != socket.gethostname():
        return True
    try:
        os.kill(worker.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _lanes() -> list[dict[str, Any]] | None:
    """None under a role that may not look across merchants."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('lane_figures()', 'EXECUTE')")
        if not cursor.fetchone()[0]:
            return None
    return [
        {
            "lane": figures.lane,
            "n_queued": figures.n_queued,
            "n_claimed": figures.n_claimed,
            "oldest_seconds": figures.oldest_seconds,
        }
        for figures in lane_figures()
    ]
