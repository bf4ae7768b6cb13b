"""From a worker's hands back into the queue: texts, failures, and what was not begun.

Each write is fenced: it counts only while the request is still held under the lease that it was
claimed by. A late worker's result changes nothing.
"""

import random
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from generation.engine.errors import BackendError
from generation.engine.types import FinishReason, JobResult
from generation.models import Candidate
from generation.queue import Claim, settle, take_turns

MAX_ATTEMPTS = 3
_FIRST_BACK_OFF_SECONDS = 5.0
_LONGEST_BACK_OFF_SECONDS = 300.0

_HELD = "r.id = %s AND r.state = 'claimed' AND r.worker_id = %s AND r.fence = %s"
_STORE = f"""
UPDATE generation_generationrequest r
   SET state = CASE WHEN r.is_cancel_requested THEN 'cancelled' ELSE 'generated' END,
       finished_at = CASE WHEN r.is_cancel_requested THEN clock_timestamp() END,
       generated_at = clock_timestamp(), error_code = '', error = '',
       n_prompt_tokens = r.n_prompt_tokens + %s,
       n_completion_tokens = r.n_completion_tokens + %s, seconds = r.seconds + %s
 WHERE {_HELD}
"""  # noqa: S608 (constants)
_FAIL = f"""
UPDATE generation_generationrequest r
   SET state = CASE WHEN r.is_cancel_requested THEN 'cancelled' ELSE 'failed' END,
       finished_at = clock_timestamp(), error_code = %s, error = %s, seconds = r.seconds + %s
 WHERE {_HELD}
"""  # noqa: S608 (constants)
_GIVE_BACK = f"""
UPDATE generation_generationrequest r
   SET state = CASE WHEN r.is_cancel_requested THEN 'cancelled' ELSE 'queued' END,
       finished_at = CASE WHEN r.is_cancel_requested THEN clock_timestamp() END,
       worker_id = NULL, fence = NULL, attempts = r.attempts - %s,
       available_at = CASE WHEN %s THEN r.available_at
                           ELSE clock_timestamp() + make_interval(secs => %s) END,
       error_code = %s, error = %s
 WHERE {_HELD}
"""  # noqa: S608 (constants)


@dataclass(frozen=True, slots=True)
class Holder:
    """A registration of a worker: what it claims, it writes under this number."""

    worker_id: int
    fence: int


def store_result(*, claim: Claim, holder: Holder, attempts: int, result: JobResult) -> str:
    """Write what came of a request and return its state, "" if it is no longer held.

    In the merchant's scope and a transaction. attempts: how often it was claimed, this included.
    """
    if result.error is not None:
        return fail(
            claim=claim,
            holder=holder,
            error=result.error,
            attempts=attempts,
            seconds=result.seconds,
        )
    if any(c.finish_reason is FinishReason.aborted for c in result.completions):
        return give_back(claim=claim, holder=holder)
    counts = [result.n_prompt_tokens, result.n_completion_tokens, result.seconds]
    state = _settled(_STORE, counts, claim, holder)
    if state == "generated":
        _store_candidates(claim, result)
    return state


def give_back(*, claim: Claim, holder: Holder) -> str:
    """Queue a request that was not begun or not finished, at its old place in line."""
    return _queue_again(claim, holder, [1, True, 0.0, "", ""])


def fail(
    *, claim: Claim, holder: Holder, error: BackendError, attempts: int, seconds: float = 0.0
) -> str:
    """Queue the request for another try where one may help and is left, else end it."""
    if error.retryable and attempts < settings.GENERATION.get("MAX_ATTEMPTS", MAX_ATTEMPTS):
        reason = [error.code, error.message[:1000]]
        return _queue_again(claim, holder, [0, False, _back_off(error, attempts), *reason])
    return _settled(_FAIL, [error.code, error.message[:1000], seconds], claim, holder)


def _back_off(error: BackendError, attempts: int) -> float:
    asked = float(getattr(error, "retry_after_seconds", None) or 0.0)
    doubled: float = _FIRST_BACK_OFF_SECONDS * 2 ** (attempts - 1) * random.uniform(0.8, 1.2)  # noqa: S311 (jitter)
    return min(_LONGEST_BACK_OFF_SECONDS, max(asked, doubled))


def _queue_again(claim: Claim, holder: Holder, values: list[Any]) -> str:
    state = _settled(_GIVE_BACK, values, claim, holder)
    if state == "queued":
        take_turns([(claim.lane, claim.model)])
    return state


def _settled(update: str, values: list[Any], claim: Claim, holder: Holder) -> str:
    parameters = [*values, claim.request_id, holder.worker_id, holder.fence]
    return settle(update, parameters).get(claim.request_id, "")


def _store_candidates(claim: Claim, result: JobResult) -> None:
    """The texts of this try take the place of an earlier one's."""
    Candidate.objects.filter(request_id=claim.request_id).delete()
    Candidate.objects.bulk_create(
        Candidate(
            request_id=claim.request_id,
            index=index,
            raw=_storable(completion.text),
            finish_reason=completion.finish_reason,
            mean_logprob=completion.mean_logprob,
            n_completion_tokens=completion.n_completion_tokens,
        )
        for index, completion in enumerate(result.completions)
    )


def _storable(text: str) -> str:
    """PostgreSQL takes neither NUL nor halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
