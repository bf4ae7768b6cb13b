"""Telling the inference workers that there is work. A lost message costs seconds, never a text."""

from celery import current_app
from django.db import transaction

SERVE_TASK = "generation.serve"
QUEUE = "inference"
_EXPIRES_SECONDS = 60


def wake_on_commit() -> None:
    """Send one wake-up once the transaction has committed; without a broker, beat sends it later."""
    transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Send one wake-up now. It expires, so that messages do not pile up where nobody listens."""
    current_app.send_task(SERVE_TASK, queue=QUEUE, expires=_EXPIRES_SECONDS, retry=False)
