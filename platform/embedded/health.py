"""Questions to running processes: do you work?"""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path


def answers(url: str) -> Callable[[], bool]:
    """A check that a page answers 200."""

    def check() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=3) as response:  # noqa: S310
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return check


def celery_answers(broker_url: str, worker: str) -> Callable[[], bool]:
    """A check that a Celery worker of this name answers a ping over the broker."""
    from celery import Celery
    from kombu.exceptions import KombuError

    app = Celery(broker=broker_url, set_as_current=False)

    def check() -> bool:
        try:
            return bool(app.control.ping(destination=[worker], timeout=0.5))
        except (KombuError, OSError):
            return False

    return check


def keeps_running(seconds: float) -> Callable[[], bool]:
    """A check for a process that answers nobody: it has been asked for this long."""
    first: list[float] = []

    def check() -> bool:
        first.append(time.monotonic())
        return first[-1] - first[0] >= seconds

    return check


def inference_is_ready(root: Path, environment: Mapping[str, str]) -> Callable[[], bool]:
    """A check that an inference worker has loaded its model, asked every two seconds at most.

    The question is a process of its own that takes a second of a core, which the model's
    loading needs too.
    """
    command = [sys.executable, str(root / "manage.py"), "inference_status"]
    asked = [0.0]

    def check() -> bool:
        if time.monotonic() - asked[0] < 2.0:
            return False
        told = subprocess.run(  # noqa: S603
            command, env=dict(environment), capture_output=True, text=True, check=False
        )
        asked[0] = time.monotonic()
        return told.returncode == 0 and _some_worker_is_ready(told.stdout)

    return check


def _some_worker_is_ready(text: str) -> bool:
    try:
        status = json.loads(text)
    except json.JSONDecodeError:
        return False
    workers = status.get("workers", []) if isinstance(status, dict) else status
    return any(worker.get("state") == "ready" for worker in workers)
