from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.models import AuditEntry, Invitation, Membership, Role
from tenants.selectors import desks_of
from tenants.services import (
    accept_invitation,
    change_role,
    found_merchant,
    invite,
    open_invitation,
    remove_member,
)


@pytest.fixture
def newcomer(db):
    return User.objects.create_user("new@example.org", "correct horse battery")


def test_the_founder_is_owner_and_the_audit_log_says_so(newcomer):
    merchant = found_merchant(name="Mugs", founder=newcomer, actor=user_actor(newcomer))
    assert [(d.merchant, d.role) for d in desks_of(newcomer.pk)] == [(merchant, Role.OWNER)]


def test_an_invited_colleague_joins_once(in_scope, owner, newcomer):
    _, token = invite(email="New@Example.org", role=Role.EDITOR, actor=user_actor(owner))
    accept_invitation(token=token, user=newcomer, actor=user_actor(newcomer))
    assert [(d.merchant, d.role) for d in desks_of(newcomer.pk)] == [(in_scope, Role.EDITOR)]
    with pytest.raises(DomainError, match="no longer valid"):
        accept_invitation(token=token, user=newcomer, actor=user_actor(newcomer))
    assert [e.action for e in AuditEntry.objects.order_by("pk")] == [
        "invitation.sent",
        "membership.joined",
    ]


def test_only_the_hash_of_the_token_is_kept(in_scope, owner):
    invitation, token = invite(email="a@example.org", role=Role.VIEWER, actor=user_actor(owner))
    assert token.encode() not in bytes(invitation.token_hash)
    assert open_invitation(token).email == "a@example.org"
    assert open_invitation("something else") is None


def test_somebody_else_cannot_use_the_link(in_scope, owner, newcomer):
    _, token = invite(email="a@example.org", role=Role.VIEWER, actor=user_actor(owner))
    with pytest.raises(DomainError) as error:
        accept_invitation(token=token, user=newcomer, actor=user_actor(newcomer))
    assert error.value.code == "invitation_for_another"
    assert desks_of(newcomer.pk) == []


def test_an_old_invitation_is_worthless(in_scope, owner, newcomer):
    _, token = invite(email="new@example.org", role=Role.VIEWER, actor=user_actor(owner))
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert open_invitation(token) is None


def test_a_second_invitation_replaces_the_first(in_scope, owner):
    _, first = invite(email="a@example.org", role=Role.VIEWER, actor=user_actor(owner))
    _, second = invite(email="a@example.org", role=Role.EDITOR, actor=user_actor(owner))
    assert open_invitation(first) is None
    assert open_invitation(second).role == Role.EDITOR


def test_a_member_is_not_invited_again(in_scope, owner, editor):
    with pytest.raises(DomainError) as error:
        invite(email=editor.email, role=Role.VIEWER, actor=user_actor(owner))
    assert error.value.code == "already_member"


def test_the_last_owner_stays(in_scope, owner, editor):
    membership = Membership.objects.get(user=owner)
    for change in (
        lambda: remove_member(membership=membership, actor=user_actor(owner)),
        lambda: change_role(membership=membership, role=Role.EDITOR, actor=user_actor(owner)),
    ):
        with pytest.raises(DomainError) as error:
            change()
        assert error.value.code == "last_owner"
    assert Membership.objects.get(user=owner).role == Role.OWNER


def test_an_owner_goes_when_another_one_stays(in_scope, owner, editor):
    change_role(
        membership=Membership.objects.get(user=editor), role=Role.OWNER, actor=user_actor(owner)
    )
    remove_member(membership=Membership.objects.get(user=owner), actor=user_actor(owner))
    assert list(Membership.objects.values_list("user", "role")) == [(editor.pk, "owner")]
