"""The messages of generation. They say that there is work; what work, says the database."""

import logging
import multiprocessing
from typing import Any

from celery import current_app, shared_task, signals

from generation import upkeep
from generation.finishing import finish_request
from generation.storing import FINISH_TASK
from generation.wakeups import QUEUE, SERVE_TASK, wake
from generation.worker import InferenceService
from tenants.tasks import TenantTask

logger = logging.getLogger(__name__)

SLICE_SECONDS = 30.0
_REMINDER_EXPIRES_SECONDS = 30
# Made in the parent and inherited by its children: the only way to tell a running task to end.
_stopping = multiprocessing.get_context("fork").Event()
_services: list[InferenceService] = []


def _service() -> InferenceService:
    """This process's service, made once and never in the parent: torch does not survive a fork."""
    if not _services:
        _services.append(InferenceService(is_stopping=_stopping.is_set))
        _services[0].start()
    return _services[0]


@signals.worker_process_init.connect
def load_model_early(**_: Any) -> None:
    """So that the worker is shown as loading, then ready, before the first request comes."""
    if QUEUE in current_app.amqp.queues.consume_from:
        _service()


@signals.worker_shutting_down.connect
def ask_to_stop(**_: Any) -> None:
    """Runs in the parent: a warm shutdown would wait for as long as there is work."""
    _stopping.set()


@signals.worker_process_shutdown.connect
def give_everything_back(**_: Any) -> None:
    """The child ends: others may take what it holds at once, not after its lease."""
    for service in _services:
        service.stop()


@shared_task(name=SERVE_TASK)
def serve() -> None:
    """Write texts while requests wait, for half a minute at a time."""
    if _service().serve(SLICE_SECONDS):
        wake()


@shared_task(name=FINISH_TASK, base=TenantTask)
def finish_requests(*, merchant_id: int, request_ids: list[int]) -> None:
    """Turn raw candidates into drafts; safe to repeat."""
    for request_id in request_ids:
        finish_request(request_id)


@shared_task(name="generation.reap")
def reap() -> None:
    """Give back what dead workers held, and check what was forgotten."""
    if upkeep.reap():
        wake()
    for merchant_id, request_ids in upkeep.unchecked().items():
        finish_requests.apply_async(
            kwargs={"merchant_id": merchant_id, "request_ids": request_ids},
            expires=_REMINDER_EXPIRES_SECONDS,
        )


@shared_task(name="generation.wake_inference")
def wake_inference() -> None:
    """Remind the workers of work that a lost message told of."""
    upkeep.wake_if_needed()
