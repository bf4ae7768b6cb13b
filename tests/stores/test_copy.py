import pytest

from stores.models import CopyVersion, Product
from stores.services.copy import (
    add_draft,
    approve_copy,
    edit_copy,
    publish_approved,
    publish_copy,
    reject_copy,
    reopen_copy,
    restore_copy,
    unpublish_copy,
)
from tenants.actor import SYSTEM, user_actor
from tenants.errors import DomainError
from tenants.models import AuditEntry


@pytest.fixture
def mug(in_scope):
    return Product.objects.create(handle="mug", title="Mug")


def draft(product, text="<p>A mug of stoneware.</p>", **values):
    values = {"source": "ai", "actor": SYSTEM, "locale": "en"} | values
    return add_draft(product=product, field="description", text=text, **values)


def states(product):
    versions = CopyVersion.objects.filter(slot__product=product).order_by("number")
    return list(versions.values_list("number", "state"))


def test_versions_of_a_slot_count_up_and_languages_have_slots_of_their_own(mug):
    numbers = [draft(mug).number, draft(mug, source="human").number, draft(mug, locale="de").number]
    assert numbers == [1, 2, 1]


def test_a_language_spelled_in_another_way_is_the_same_slot(in_scope):
    teapot = Product.objects.create(handle="teapot", title="茶壶", locale="zh-hans")
    slots = [draft(teapot, locale=tag).slot for tag in ("zh-hans", "zh-Hans")]
    assert slots[0] == slots[1]


def test_a_draft_is_sanitised(mug):
    version = draft(mug, text="<p onclick='x()'>Oak<script>x()</script></p>")
    assert version.text == "<p>Oak</p>"


def test_the_same_candidate_makes_one_draft_only(mug):
    first = draft(mug, candidate="can_1")
    assert draft(mug, text="<p>Again</p>", candidate="can_1") == first
    assert states(mug) == [(1, "draft")]


def test_a_newer_draft_of_a_model_takes_the_place_of_its_older_one(mug):
    draft(mug)
    draft(mug)
    assert states(mug) == [(1, "retired"), (2, "draft")]


def test_a_model_leaves_what_people_drafted_alone(mug, owner):
    draft(mug, source="human", actor=user_actor(owner))
    edited = edit_copy(version=draft(mug), text="<p>Mine</p>", actor=user_actor(owner))
    draft(mug)
    assert states(mug) == [(1, "draft"), (2, "retired"), (3, "draft"), (4, "draft")]
    assert edited.number == 3


def test_an_edit_is_a_new_version_that_tells_how_much_was_changed(mug, owner):
    original = draft(mug, text="<p>one two three four</p>", candidate="can_1")
    edited = edit_copy(version=original, text="<p>one two three five</p>", actor=user_actor(owner))
    assert (edited.source, edited.parent, edited.candidate) == ("ai_edited", original, "can_1")
    # 18 characters each, "four" and "five" differ: 1 - 2 * 14 / 36
    assert edited.edited_share == pytest.approx(8 / 36)
    assert edited.created_by == owner


def test_a_second_edit_is_measured_from_what_the_model_wrote(mug, owner):
    first = edit_copy(version=draft(mug, text="<p>aa bb</p>"), text="<p>aa cc</p>", actor=SYSTEM)
    back = edit_copy(version=first, text="<p>aa bb</p>", actor=user_actor(owner))
    assert (back.source, back.edited_share) == ("ai_edited", 0.0)


def test_an_edit_of_a_human_text_stays_human(mug, owner):
    edited = edit_copy(
        version=draft(mug, source="imported"), text="<p>New</p>", actor=user_actor(owner)
    )
    assert (edited.source, edited.edited_share) == ("human", None)


def test_the_same_text_again_is_no_edit(mug):
    version = draft(mug)
    assert edit_copy(version=version, text=version.text, actor=SYSTEM) == version
    assert states(mug) == [(1, "draft")]


def test_editing_what_is_published_leaves_it_in_the_shop(mug):
    published = publish_copy(version=draft(mug), actor=SYSTEM)
    edit_copy(version=published, text="<p>Better</p>", actor=SYSTEM)
    assert states(mug) == [(1, "published"), (2, "draft")]


def test_publishing_retires_the_text_it_replaces(mug, owner):
    publish_copy(version=draft(mug), actor=SYSTEM)
    second = publish_copy(version=draft(mug), actor=user_actor(owner))
    assert states(mug) == [(1, "retired"), (2, "published")]
    assert (second.reviewed_by, second.published_at is None) == (owner, False)


def test_a_colleagues_decision_is_not_overwritten(mug, owner):
    stale = draft(mug)
    approve_copy(version=stale, actor=user_actor(owner))
    for change in (
        lambda: approve_copy(version=stale, actor=SYSTEM),
        lambda: reject_copy(version=stale, reason="Dull", actor=SYSTEM),
        lambda: edit_copy(version=stale, text="<p>x</p>", actor=SYSTEM, expected_state="draft"),
    ):
        with pytest.raises(DomainError) as problem:
            change()
        assert problem.value.code == "copy_already_reviewed"
    assert states(mug) == [(1, "approved")]


def test_a_rejection_needs_a_reason(mug):
    version = draft(mug)
    with pytest.raises(DomainError) as problem:
        reject_copy(version=version, reason="  ", actor=SYSTEM)
    assert problem.value.code == "reason_missing"
    assert reject_copy(version=version, reason="Too long", actor=SYSTEM).rejection_reason == (
        "Too long"
    )


def test_a_rejected_text_is_not_published_but_may_be_reopened(mug):
    rejected = reject_copy(version=draft(mug), reason="Dull", actor=SYSTEM)
    with pytest.raises(DomainError):
        publish_copy(version=rejected, actor=SYSTEM)
    reopened = reopen_copy(version=rejected, actor=SYSTEM)
    assert (reopened.state, reopened.rejection_reason) == ("draft", "")


def test_an_earlier_text_comes_back(mug):
    first = publish_copy(version=draft(mug), actor=SYSTEM)
    publish_copy(version=draft(mug), actor=SYSTEM)
    restore_copy(version=first, actor=SYSTEM)
    assert states(mug) == [(1, "published"), (2, "retired")]


def test_a_text_is_taken_out_of_the_shop(mug):
    unpublish_copy(version=publish_copy(version=draft(mug), actor=SYSTEM), actor=SYSTEM)
    assert states(mug) == [(1, "retired")]


def test_bulk_publishing_takes_what_is_approved_for_these_products(mug, owner):
    other = Product.objects.create(handle="bowl", title="Bowl")
    publish_copy(version=draft(mug), actor=SYSTEM)
    approve_copy(version=draft(mug), actor=SYSTEM)
    approve_copy(version=draft(mug, locale="de"), actor=SYSTEM)
    approve_copy(version=draft(other), actor=SYSTEM)
    mugs = Product.objects.filter(handle="mug")
    assert publish_approved(products=mugs, actor=user_actor(owner)) == 2
    assert sorted(states(mug)) == [(1, "published"), (1, "retired"), (2, "published")]
    assert states(other) == [(1, "approved")]
    assert AuditEntry.objects.filter(action="copy.published", details__in_bulk=True).count() == 2


def test_every_step_is_audited(mug, owner):
    actor = user_actor(owner)
    edited = edit_copy(version=draft(mug), text="<p>Mine</p>", actor=actor)
    publish_copy(version=approve_copy(version=edited, actor=actor), actor=actor)
    entries = AuditEntry.objects.order_by("pk").values_list("action", "actor", "target")
    assert list(entries)[1:] == [
        ("copy.edited", "owner@example.org", edited.public_id),
        ("copy.approved", "owner@example.org", edited.public_id),
        ("copy.published", "owner@example.org", edited.public_id),
    ]


@pytest.mark.parametrize("text", ["", "<p> </p>", "<script>x()</script>", "\x00"])
def test_an_empty_text_is_refused(mug, text):
    with pytest.raises(DomainError) as problem:
        draft(mug, text=text)
    assert problem.value.code == "text_empty"
    assert states(mug) == []
