"""Questions to running processes: do you work?"""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from embedded.console import complain


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


class InferenceProbe:
    """A check that an inference worker has loaded its model, asked every two seconds at most.

    The question is a process of its own that takes a second of a core, which the model's
    loading needs too. What keeps a worker from writing is told once, when it is first seen.
    """

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        self.command = [sys.executable, str(root / "manage.py"), "inference_status"]
        self.environment = dict(environment)
        self._asked = 0.0
        self._told: set[str] = set()

    def __call__(self) -> bool:
        if time.monotonic() - self._asked < 2.0:
            return False
        answer = subprocess.run(  # noqa: S603
            self.command, env=self.environment, capture_output=True, text=True, check=False
        )
        self._asked = time.monotonic()
        return answer.returncode == 0 and self._understand(answer.stdout)

    def _understand(self, text: str) -> bool:
        try:
            status = json.loads(text)
        except json.JSONDecodeError:
            return False
        for worker in status["workers"]:
            problem = worker["error"]
            if problem and problem not in self._told:
                self._told.add(problem)
                complain(f"The inference worker cannot write: {problem}")
        return bool(status["ready"])
