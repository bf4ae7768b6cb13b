"""From raw candidates to a draft, or to a reason: what makes a request terminal."""

import logging
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from generation.brief import RunBrief
from generation.engine.types import FinishReason
from generation.models import Candidate, GenerationRequest
from generation.prompts import clean_completion
from generation.queue import settle
from generation.usability import usability_findings
from stores.html import paragraphs
from stores.models import CopyVersion
from stores.services.copy import add_draft
from tenants.actor import Actor
from tenants.errors import DomainError

logger = logging.getLogger(__name__)

WRITER = Actor("system", "generation")
_GIVE_UP_AFTER = timedelta(minutes=10)
_END = """
UPDATE generation_generationrequest r
   SET state = %s, error_code = %s, error = %s, finished_at = clock_timestamp()
 WHERE r.id = %s AND r.merchant_id = %s AND r.state = 'generated'
"""


def finish_request(request_id: int) -> str:
    """Check the candidates of a generated request; the best usable one becomes a draft.

    Returns the request's state now, "" if there was nothing to do: a second call changes nothing.
    In the merchant's scope, outside a transaction: it opens its own.
    """
    try:
        with transaction.atomic():
            return _finish(request_id)
    except DomainError as error:
        return _end_in_its_own(request_id, error.code, str(error.message))
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:
        logger.exception("Request %s could not be finished", request_id)
        return _after_a_fault(request_id, error)


def _finish(request_id: int) -> str:
    waiting = GenerationRequest.objects.filter(pk=request_id, state="generated")
    request = waiting.select_for_update(of=("self",)).select_related("run", "product").first()
    if request is None:
        return ""
    if request.product is None:
        return _end(request, "failed", "product_deleted")
    candidates = list(request.candidates.all())
    for candidate in candidates:
        _check(candidate, request)
    Candidate.objects.bulk_update(candidates, ["text", "is_usable", "findings"])
    best = best_of(candidates)
    if best is None:
        return _end(request, "failed", "no_usable_text")
    _draft(request, best)
    return _end(request, "succeeded")


def best_of(candidates: list[Candidate]) -> Candidate | None:
    """The usable candidate with the fewest findings; the more probable one first; None if none is."""
    usable = [candidate for candidate in candidates if candidate.is_usable]
    return min(usable, key=_rank, default=None)


def _rank(candidate: Candidate) -> tuple[int, float, int]:
    logprob = candidate.mean_logprob
    return len(candidate.findings), -logprob if logprob is not None else 0.0, candidate.index


def _check(candidate: Candidate, request: GenerationRequest) -> None:
    prompt = request.prompt or {}
    examples = [m["content"] for m in prompt.get("messages", []) if m["role"] == "assistant"]
    title = request.product.title if request.product else ""
    candidate.text = clean_completion(candidate.raw, FinishReason(candidate.finish_reason))
    findings = usability_findings(candidate.text, prompt.get("facts", []), title, examples)
    candidate.findings = [finding.as_json() for finding in findings]
    candidate.is_usable = not findings


def _draft(request: GenerationRequest, best: Candidate) -> None:
    add_draft(
        product=request.product,
        field=request.run.field,
        locale=RunBrief.from_json(request.run.brief).language,
        text=paragraphs(best.text),
        source=CopyVersion.Source.AI,
        actor=WRITER,
        provenance=_provenance(request, best),
        candidate=best.public_id,
    )


def _provenance(request: GenerationRequest, best: Candidate) -> dict[str, Any]:
    """Where the text comes from: enough to ask the same model the same thing again."""
    prompt = request.prompt or {}
    return {
        "run": request.run.public_id,
        "request": request.public_id,
        "candidate_index": best.index,
        "model": prompt.get("model", {}),
        "prompt_version": prompt.get("version", ""),
        "sampling": prompt.get("sampling", {}),
        "facts": prompt.get("facts", []),
        "brief": request.run.brief,
        "generated_at": request.generated_at.isoformat() if request.generated_at else None,
    }


def _end(request: GenerationRequest, state: str, code: str = "", error: str = "") -> str:
    settle(_END, [state, code, error[:1000], request.pk, request.merchant_id])
    return state


def _end_in_its_own(request_id: int, code: str, error: str) -> str:
    with transaction.atomic():
        waiting = GenerationRequest.objects.filter(pk=request_id, state="generated")
        request = waiting.select_for_update().first()
        return _end(request, "failed", code, error) if request else ""


def _after_a_fault(request_id: int, error: Exception) -> str:
    """Leave the request to the next attempt; end it once it has been tried for long."""
    with transaction.atomic():
        waiting = GenerationRequest.objects.filter(pk=request_id, state="generated")
        old = waiting.filter(generated_at__lt=timezone.now() - _GIVE_UP_AFTER).exists()
    if not old:
        return ""
    return _end_in_its_own(request_id, "check_failed", f"{type(error).__name__}: {error}")
