"""What people and partners do with runs: start, cancel, try again, ask for another text."""

import secrets
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Least, Now
from django.utils.translation import gettext_lazy as _

from generation.brief import RunBrief
from generation.endpoints import DEFAULT_MODEL, available_models, find_endpoint
from generation.models import Candidate, GenerationRequest, GenerationRun
from generation.queue import enqueue, settle, take_turns
from generation.wakeups import wake_on_commit
from stores.models import CopySlot, CopyVersion, Product
from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError
from tenants.models import Merchant
from tenants.scope import require_merchant_id

MAX_CANDIDATES = 8
State = GenerationRequest.State

_CANCEL = """
UPDATE generation_generationrequest r
   SET is_cancel_requested = true,
       state = CASE WHEN r.state = 'claimed' THEN r.state ELSE 'cancelled' END,
       finished_at = CASE WHEN r.state = 'claimed' THEN NULL ELSE clock_timestamp() END
 WHERE r.merchant_id = %s AND r.run_id = %s AND r.state IN ('queued', 'claimed', 'generated')
"""


def start_run(
    *,
    products: QuerySet[Product],
    brief: RunBrief,
    n_candidates: int = 1,
    model: str = DEFAULT_MODEL,
    lane: str = GenerationRun.Lane.BULK,
    field: str = CopySlot.Field.DESCRIPTION,
    actor: Actor,
) -> GenerationRun:
    """A run with a request for each product, made by one INSERT ... SELECT; workers are woken.

    products: any queryset of the merchant's, never fetched here. model: `default`, or the public
    id of a PlatformModel or of an own MerchantEndpoint. Raises DomainError invalid_brief,
    invalid_candidates, model_unknown, nothing_selected (422), queue_full (429); then no row is
    written.
    """
    brief.check()
    check_choice(n_candidates=n_candidates, model=model)
    with transaction.atomic():
        _take_turns_with_others()
        n_selected = products.count()
        check_room(n_selected)
        run: GenerationRun = GenerationRun.objects.create(
            field=field,
            brief=brief.as_json(),
            n_candidates=n_candidates,
            seed=secrets.randbits(31),
            model=model,
            lane=lane,
            n_total=n_selected,
            created_by_id=actor.user_id,
        )
        _fill(run, products)
        record(
            "run.started", actor=actor, target=run.public_id, n_products=run.n_total, model=model
        )
    wake_on_commit()
    return run


def _take_turns_with_others() -> None:
    """Two starts must not pass the limit together, nor a retry queue what a cancel has just passed."""
    Merchant.objects.select_for_update(no_key=True).get(pk=require_merchant_id())


def _fill(run: GenerationRun, products: QuerySet[Product]) -> None:
    run.n_total = enqueue(run, products)
    if not run.n_total:
        raise _nothing_selected()
    run.save(update_fields=["n_total"])
    take_turns([(run.lane, run.model)])


def check_choice(*, n_candidates: int, model: str) -> None:
    """Raises DomainError invalid_candidates or model_unknown for a choice that nobody offered."""
    if not 1 <= n_candidates <= MAX_CANDIDATES:
        message = _("Ask for 1 to %(limit)s texts for each product.") % {"limit": MAX_CANDIDATES}
        raise DomainError("invalid_candidates", message, status=422)
    find_endpoint(model)


def check_room(n_selected: int) -> None:
    """Raises DomainError nothing_selected, or queue_full if so many more would be too many."""
    if not n_selected:
        raise _nothing_selected()
    limit = settings.GENERATION["MAX_QUEUED_REQUESTS"]
    n_queued = GenerationRequest.objects.filter(state=State.QUEUED).count()
    if n_queued + n_selected > limit:
        message = _(
            "%(queued)s texts are waiting already and at most %(limit)s may wait at once. "
            "Choose fewer products, or wait until some are written."
        ) % {"queued": n_queued, "limit": limit}
        raise DomainError("queue_full", message, status=429)


def _nothing_selected() -> DomainError:
    return DomainError("nothing_selected", _("Select at least one product."), status=422)


def cancel_run(*, run: GenerationRun, actor: Actor) -> GenerationRun:
    """Stop the run: what waits is cancelled now, what is being written within one step.

    Again, or on a finished run, it changes nothing. The run is over (`finished_at`) when the
    last request is.
    """
    if run.state == GenerationRun.State.CANCELLED:
        return run
    with transaction.atomic():
        _take_turns_with_others()
        settle(_CANCEL, [require_merchant_id(), run.pk])
        is_new = (
            GenerationRun.objects.filter(pk=run.pk)
            .exclude(state=GenerationRun.State.CANCELLED)
            .filter(Q(finished_at=None) | Q(n_cancelled__gt=0))
            .update(state=GenerationRun.State.CANCELLED)
        )
        run.refresh_from_db()
        if is_new:
            record("run.cancelled", actor=actor, target=run.public_id, n_cancelled=run.n_cancelled)
    return run


def retry_failed(*, run: GenerationRun, actor: Actor) -> int:
    """Queue the run's failed and quarantined requests again; returns how many.

    One that workers died with is still claimed alone. Raises DomainError run_cancelled,
    nothing_to_retry (409), queue_full (429).
    """
    failed = GenerationRequest.objects.filter(
        run=run, state__in=(State.FAILED, State.QUARANTINED), product__isnull=False
    )
    with transaction.atomic():
        _take_turns_with_others()
        run.refresh_from_db()
        if run.state == GenerationRun.State.CANCELLED:
            raise DomainError("run_cancelled", _("This run was cancelled. Start a new one."))
        n_failed = failed.count()
        if not n_failed:
            raise DomainError("nothing_to_retry", _("No text of this run has failed."))
        check_room(n_failed)
        n_again: int = failed.update(
            state=State.QUEUED,
            attempts=0,
            crashes=Least("crashes", Value(1)),
            available_at=Now(),
            finished_at=None,
            error_code="",
            error="",
            n_prompt_tokens=0,
            n_completion_tokens=0,
            seconds=0,
        )
        _reopen(run, n_again)
        record("run.retried", actor=actor, target=run.public_id, n_requests=n_again)
    wake_on_commit()
    return n_again


def _reopen(run: GenerationRun, n_again: int) -> None:
    GenerationRun.objects.filter(pk=run.pk).update(
        n_failed=F("n_failed") - n_again,
        # Another seed: the same one would draw the same unusable text.
        seed=F("seed") + 1,
        state=GenerationRun.State.RUNNING,
        finished_at=None,
    )
    run.refresh_from_db()
    take_turns([(run.lane, run.model)])


def regenerate(*, version: CopyVersion, instructions: str = "", actor: Actor) -> GenerationRun:
    """A run for one other text of this version's product, in the interactive lane.

    It follows the brief that the version was written by, with other instructions where given, and
    its model if that still is to be had. Raises DomainError as `start_run` does.
    """
    earlier = _run_of(version)
    brief = RunBrief.from_json(earlier.brief) if earlier else RunBrief()
    wanted = replace(
        brief,
        language=version.slot.locale,
        instructions=instructions.strip() or brief.instructions,
    )
    return start_run(
        products=Product.objects.filter(pk=version.slot.product_id),
        brief=wanted,
        model=_model_of(earlier),
        lane=GenerationRun.Lane.INTERACTIVE,
        field=version.slot.field,
        actor=actor,
    )


def _model_of(run: GenerationRun | None) -> str:
    is_there = run and run.model in {choice.key for choice in available_models()}
    return run.model if run and is_there else DEFAULT_MODEL


def _run_of(version: CopyVersion) -> GenerationRun | None:
    candidate = Candidate.objects.filter(public_id=version.candidate or None)
    found = candidate.select_related("request__run").first()
    return found.request.run if found else None
