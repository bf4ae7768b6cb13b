"""What a worker holds, and how its results are written: a transaction for each merchant."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from celery import current_app
from django.db import InterfaceError, OperationalError, transaction

from generation.engine.errors import BackendError
from generation.engine.types import Completion, FinishReason, JobResult
from generation.queue import Claim
from generation.results import Holder, fail, store_result
from generation.stations import Station
from tenants.scope import merchant_scope

logger = logging.getLogger(__name__)

FINISH_TASK = "generation.finish_requests"
OUT_OF_REACH = (OperationalError, InterfaceError)


@dataclass(slots=True)
class Held:
    """A claimed request on its way through this process. result: there once it may be stored."""

    claim: Claim
    holder: Holder
    attempts: int = 1
    station: Station | None = None
    result: JobResult | None = None

    @property
    def job_id(self) -> str:
        return f"{self.claim.request_id}:{self.holder.fence}"

    def drop(self) -> None:
        """Give the request back as not begun."""
        empty = Completion("", FinishReason.aborted, 0)
        self.result = self.result or JobResult(self.job_id, (empty,), 0, 0, 0.0)

    def refuse(self, error: Exception) -> None:
        """End the request: with the error of a model, or as a fault of ours."""
        self.result = JobResult.failed(self.job_id, _as_backend_error(error))


def by_merchant(items: Iterable[Held]) -> list[list[Held]]:
    """Groups of one merchant and one lease, each in the order of the ids."""

    def key(held: Held) -> tuple[int, int, int]:
        return held.claim.merchant_id, held.holder.fence, held.claim.request_id

    ordered = sorted(items, key=key)
    return [list(group) for _, group in groupby(ordered, key=lambda held: key(held)[:2])]


def store(group: list[Held]) -> None:
    """Write the results of one merchant; what cannot be written ends as a fault of ours.

    Raises OUT_OF_REACH, after which it may be called again.
    """
    try:
        _store_group(group)
    except OUT_OF_REACH:
        raise
    except Exception:
        logger.exception("Results could not be stored; trying them one by one")
        for held in group:
            _store_alone(held)


def _store_group(group: list[Held]) -> None:
    merchant_id = group[0].claim.merchant_id
    generated = []
    with merchant_scope(merchant_id), transaction.atomic():
        for held in group:
            if held.result is not None and _store_one(held, held.result) == "generated":
                generated.append(held.claim.request_id)
    if generated:
        _send_to_finish(merchant_id, generated)


def _store_one(held: Held, result: JobResult) -> str:
    return store_result(claim=held.claim, holder=held.holder, attempts=held.attempts, result=result)


def _store_alone(held: Held) -> None:
    try:
        _store_group([held])
    except OUT_OF_REACH:
        raise
    except Exception as error:
        logger.exception("The result of request %s could not be stored", held.claim.request_id)
        problem = _as_backend_error(error)
        with merchant_scope(held.claim.merchant_id), transaction.atomic():
            fail(claim=held.claim, holder=held.holder, error=problem, attempts=held.attempts)


def _send_to_finish(merchant_id: int, request_ids: list[int]) -> None:
    """A lost message is sent again by the reaper, so that a broker out of reach stops nobody."""
    try:
        current_app.send_task(
            FINISH_TASK,
            kwargs={"merchant_id": merchant_id, "request_ids": request_ids},
            queue="default",
            retry=False,
        )
    except Exception:
        logger.warning("The broker is out of reach; the checks wait", exc_info=True)


def _as_backend_error(error: Exception) -> BackendError:
    if isinstance(error, BackendError):
        return error
    message = f"Something went wrong inside Copydesk ({type(error).__name__}: {error})."
    return BackendError(message, retryable=False, code="internal_error")
