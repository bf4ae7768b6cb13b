"""Texts of products: drafted, edited, reviewed, published. The slot's lock orders writers."""

from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stores.catalogue.derived import refresh_copy_state
from stores.html import sanitise, to_text
from stores.models import CopySlot, CopyVersion, Product
from tenants.actor import Actor
from tenants.audit import record, record_many
from tenants.errors import DomainError
from web.diff import diff_segments

Source, State = CopyVersion.Source, CopyVersion.State
BY_PEOPLE = frozenset({Source.HUMAN, Source.IMPORTED})
MAX_TEXT_CHARACTERS = 50_000
MAX_REASON_CHARACTERS = 500


def add_draft(
    *,
    product: Product,
    field: str,
    locale: str,
    text: str,
    source: str,
    actor: Actor,
    provenance: dict[str, Any] | None = None,
    candidate: str = "",
    is_sample: bool = False,
) -> CopyVersion:
    """A new version in the product's slot, waiting for review.

    text: HTML, sanitised here; plain text goes through `stores.html.paragraphs` first.
    candidate: public id of the text a model wrote; a second call with it returns the first draft.
    A model's draft takes the place of a model's earlier draft that nobody has touched.
    Raises DomainError text_empty, text_too_long.
    """
    slot = _locked_slot(product, field, locale)
    known = slot.versions.filter(candidate=candidate, source=Source.AI).first()
    if candidate and source == Source.AI and known:
        return known
    if source == Source.AI:
        _retire(slot.versions.filter(state=State.DRAFT, source=Source.AI))
    version = _add_version(
        slot,
        text=_checked_text(text),
        source=source,
        actor=actor,
        provenance=provenance or {},
        candidate=candidate,
        is_sample=is_sample,
    )
    _finish("copy.drafted", version, actor)
    return version


def edit_copy(
    *, version: CopyVersion, text: str, actor: Actor, expected_state: str = ""
) -> CopyVersion:
    """A new draft with a person's wording; the version itself stays as it was, an open one retires.

    The same text again changes nothing. expected_state: what the form showed; where a colleague has
    changed it since, DomainError copy_already_reviewed. Also text_empty, text_too_long.
    """
    version = _locked(version)
    _expect(version, expected_state or version.state)
    text = _checked_text(text)
    if text == version.text:
        return version
    is_ours = version.source in BY_PEOPLE
    _retire(CopyVersion.objects.filter(pk=version.pk, state__in=(State.DRAFT, State.APPROVED)))
    edited = _add_version(
        version.slot,
        text=text,
        source=Source.HUMAN if is_ours else Source.AI_EDITED,
        actor=actor,
        parent=version,
        provenance=version.provenance,
        candidate=version.candidate,
        is_sample=version.is_sample,
        edited_share=None if is_ours else changed_share(_origin(version).text, text),
    )
    _finish("copy.edited", edited, actor, parent=version.public_id)
    return edited


def approve_copy(*, version: CopyVersion, actor: Actor) -> CopyVersion:
    """The draft, approved; one approved before retires. Raises copy_already_reviewed."""
    version = _locked(version)
    _expect(version, State.DRAFT)
    _retire(version.slot.versions.filter(state=State.APPROVED))
    _review(version, State.APPROVED, actor)
    _finish("copy.approved", version, actor)
    return version


def reject_copy(*, version: CopyVersion, reason: str, actor: Actor) -> CopyVersion:
    """The draft, rejected with its reason. Raises reason_missing, copy_already_reviewed."""
    reason = " ".join(reason.split())[:MAX_REASON_CHARACTERS]
    if not reason:
        raise DomainError("reason_missing", _("Say why the text is rejected."), status=422)
    version = _locked(version)
    _expect(version, State.DRAFT)
    version.rejection_reason = reason
    _review(version, State.REJECTED, actor)
    _finish("copy.rejected", version, actor, reason=reason)
    return version


def reopen_copy(*, version: CopyVersion, actor: Actor) -> CopyVersion:
    """An approved, rejected or retired version as a draft again; a model's draft makes room."""
    version = _locked(version)
    _expect(version, State.APPROVED, State.REJECTED, State.RETIRED)
    _retire(version.slot.versions.filter(state=State.DRAFT, source=Source.AI))
    version.state, version.rejection_reason = State.DRAFT, ""
    version.reviewed_by, version.reviewed_at = None, None
    version.save(update_fields=["state", "rejection_reason", "reviewed_by", "reviewed_at"])
    _finish("copy.reopened", version, actor)
    return version


def withdraw_draft(*, version: CopyVersion, actor: Actor) -> CopyVersion:
    """The draft, retired in favour of another text. Raises copy_already_reviewed."""
    version = _locked(version)
    _expect(version, State.DRAFT)
    _retire(CopyVersion.objects.filter(pk=version.pk))
    version.state = State.RETIRED
    _finish("copy.withdrawn", version, actor)
    return version


def publish_copy(*, version: CopyVersion, actor: Actor) -> CopyVersion:
    """The draft or approved version, published; the published one of its slot retires."""
    version = _locked(version)
    _expect(version, State.DRAFT, State.APPROVED)
    if version.state == State.DRAFT:
        version.reviewed_by_id, version.reviewed_at = actor.user_id, timezone.now()
    _publish(version)
    _finish("copy.published", version, actor)
    return version


def restore_copy(*, version: CopyVersion, actor: Actor) -> CopyVersion:
    """A retired version, published again: the way back to an earlier text."""
    version = _locked(version)
    _expect(version, State.RETIRED)
    _publish(version)
    _finish("copy.restored", version, actor)
    return version


def unpublish_copy(*, version: CopyVersion, actor: Actor) -> CopyVersion:
    """The published version, retired: the product is left without a text of ours."""
    version = _locked(version)
    _expect(version, State.PUBLISHED)
    _touch([version.slot.product_id])
    _retire(CopyVersion.objects.filter(pk=version.pk))
    version.state = State.RETIRED
    _finish("copy.unpublished", version, actor)
    return version


def publish_approved(*, products: QuerySet[Product], actor: Actor) -> int:
    """Publish what is approved for these products, in every language; returns how many texts."""
    waiting = CopyVersion.objects.filter(
        state=State.APPROVED, slot__product__in=products.order_by().values("pk")
    )
    slots = CopySlot.objects.filter(pk__in=waiting.values("slot")).order_by("pk")
    held = list(slots.select_for_update().values_list("pk", flat=True))
    approved = CopyVersion.objects.filter(slot__in=held, state=State.APPROVED)
    # Under the lock: what a colleague has published while we waited is not looked at again.
    newest = approved.order_by("slot", "-number").distinct("slot").select_related("slot")
    chosen = list(newest.defer("text"))
    keys = [version.pk for version in chosen]
    live = CopyVersion.objects.filter(state__in=(State.APPROVED, State.PUBLISHED))
    _retire(live.filter(slot__in=[one.slot_id for one in chosen]).exclude(pk__in=keys))
    now_live = CopyVersion.objects.filter(pk__in=keys)
    now_live.update(state=State.PUBLISHED, published_at=timezone.now())
    touched = [version.slot.product_id for version in chosen]
    _touch(touched)
    refresh_copy_state(touched)
    targets = [version.public_id for version in chosen]
    record_many("copy.published", actor=actor, targets=targets, in_bulk=True)
    return len(chosen)


def changed_share(original: str, edited: str) -> float:
    """Share of the characters of two HTML texts that differ, 0 to 1, in words (characters in CJK).

    It is 1 - 2 M / T with M characters in common and T in both, as in difflib's ratio().
    """
    before, after = to_text(original), to_text(edited)
    total = len(before) + len(after)
    segments = diff_segments(before, after)
    common = sum(len(segment.text) for segment in segments if segment.change == "same")
    return 1 - 2 * common / total if total else 0.0


def _locked_slot(product: Product, field: str, locale: str) -> CopySlot:
    # A model's zh-Hans and the shop's zh-hans are the same language and so the same slot.
    own = product.locale if locale.lower() == product.locale.lower() else locale
    slot, _is_new = CopySlot.objects.get_or_create(product=product, field=field, locale=own)
    locked: CopySlot = CopySlot.objects.select_for_update().get(pk=slot.pk)
    return locked


def _locked(version: CopyVersion) -> CopyVersion:
    """The version as it is now, with its slot locked until the transaction ends."""
    CopySlot.objects.select_for_update().get(pk=version.slot_id)
    fresh: CopyVersion = CopyVersion.objects.select_related("slot__product").get(pk=version.pk)
    return fresh


def _expect(version: CopyVersion, *states: str) -> None:
    if version.state not in states:
        raise DomainError(
            "copy_already_reviewed",
            _("Somebody has dealt with this text in the meantime: it is %(state)s now.")
            % {"state": version.get_state_display().lower()},
        )


def _checked_text(html: str) -> str:
    text = sanitise(html)
    if not to_text(text):
        raise DomainError("text_empty", _("The text is empty."), status=422)
    if len(text) > MAX_TEXT_CHARACTERS:
        raise DomainError("text_too_long", _("The text is too long."), status=422)
    return text


def _add_version(
    slot: CopySlot, *, text: str, source: str, actor: Actor, **values: Any
) -> CopyVersion:
    latest = slot.versions.aggregate(number=Max("number"))["number"] or 0
    version: CopyVersion = CopyVersion.objects.create(
        slot=slot,
        number=latest + 1,
        text=text,
        source=source,
        state=State.DRAFT,
        created_by_id=actor.user_id,
        **values,
    )
    return version


def _review(version: CopyVersion, state: str, actor: Actor) -> None:
    version.state = state
    version.reviewed_by_id, version.reviewed_at = actor.user_id, timezone.now()
    version.save(update_fields=["state", "reviewed_by", "reviewed_at", "rejection_reason"])


def _publish(version: CopyVersion) -> None:
    _touch([version.slot.product_id])
    _retire(version.slot.versions.filter(state=State.PUBLISHED))
    version.state, version.published_at = State.PUBLISHED, timezone.now()
    version.save(update_fields=["state", "published_at", "reviewed_by", "reviewed_at"])


def _touch(products: list[int]) -> None:
    """What a shop shows of these products changes: the next export of changes has them."""
    Product.objects.filter(pk__in=products).update(updated_at=timezone.now())


def _retire(versions: QuerySet[CopyVersion]) -> None:
    versions.update(state=State.RETIRED)


def _origin(version: CopyVersion) -> CopyVersion:
    """What the model wrote, before any person's edits."""
    while version.source == Source.AI_EDITED and version.parent is not None:
        version = version.parent
    return version


def _finish(action: str, version: CopyVersion, actor: Actor, **details: Any) -> None:
    product = version.slot.product
    refresh_copy_state([product.pk])
    record(action, actor=actor, target=version.public_id, product=product.public_id, **details)
