"""What review needs of the generation side: the other texts of a request, and taking one of them."""

from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from generation.failures import failure_words
from generation.models import Candidate, GenerationRun
from stores.html import paragraphs
from stores.models import CopyVersion
from stores.services.copy import add_draft, reopen_copy, withdraw_draft
from tenants.actor import Actor
from tenants.errors import DomainError


class Waiting(NamedTuple):
    """A text that was asked for during review: being written, there, or failed with a reason."""

    run: GenerationRun
    draft: CopyVersion | None
    reason: str

    @property
    def is_over(self) -> bool:
        return self.draft is not None or self.run.finished_at is not None


def other_candidates(version: CopyVersion) -> QuerySet[Candidate]:
    """What the model wrote besides this text in answer to the same request; the usable ones first."""
    own = Candidate.objects.filter(public_id=version.candidate or None).values("request")
    others: QuerySet[Candidate] = Candidate.objects.filter(request__in=own)
    others = others.exclude(public_id=version.candidate or None).exclude(text="")
    return others.order_by("-is_usable", "index")


def choose_candidate(*, version: CopyVersion, candidate: str, actor: Actor) -> CopyVersion:
    """The draft made of another candidate of the same request, in place of this draft.

    candidate: its public id. Raises DomainError candidate_unknown, copy_already_reviewed.
    """
    chosen = other_candidates(version).filter(public_id=candidate).first()
    if chosen is None:
        raise DomainError("candidate_unknown", _("This text is not there any more."), status=404)
    withdraw_draft(version=version, actor=actor)
    draft = add_draft(
        product=version.slot.product,
        field=version.slot.field,
        locale=version.slot.locale,
        text=paragraphs(chosen.text),
        source=CopyVersion.Source.AI,
        actor=actor,
        provenance=version.provenance | {"candidate_index": chosen.index},
        candidate=chosen.public_id,
    )
    # It was a draft before, and another candidate was taken instead: now it is wanted again.
    return draft if draft.state == draft.State.DRAFT else reopen_copy(version=draft, actor=actor)


def waiting_for(run: GenerationRun) -> Waiting:
    """How far the one text is that a regeneration asked for."""
    drafts: Any = CopyVersion.objects.filter(provenance__run=run.public_id)
    request = run.requests.first()
    reason = request.error_code and failure_words(request.error_code) if request else ""
    return Waiting(run, drafts.order_by("pk").last(), reason)


def finding_words(candidate: Candidate) -> list[str]:
    """Why a candidate was not offered, in words."""
    words = {
        "empty": _("empty"),
        "too_short": _("too short"),
        "repetition": _("repeats itself"),
        "refusal": _("refuses to write"),
        "prompt_echo": _("repeats its instructions"),
    }
    return [words.get(finding["code"], finding["code"]) for finding in candidate.findings]
