"""Founding a merchant, and who works there."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError
from tenants.models import Invitation, Membership, Merchant, Role
from tenants.scope import merchant_scope, require_merchant_id

INVITATION_DAYS = 7


@dataclass(frozen=True)
class OpenInvitation:
    """What a person with the link may know before joining."""

    id: int
    merchant: Merchant
    email: str
    role: Role


def found_merchant(*, name: str, founder: Any, actor: Actor, **fields: Any) -> Merchant:
    """A new merchant whose owner is `founder`. fields: locale, time_zone, currency, brand_facts."""
    merchant = Merchant.objects.create(name=name, **fields)
    with merchant_scope(merchant.pk):
        Membership.objects.create(user=founder, role=Role.OWNER)
        record("merchant.founded", actor=actor, target=merchant.public_id)
    return merchant


def open_merchant(
    *, name: str, owner_email: str, actor: Actor, **fields: Any
) -> tuple[Merchant, Invitation, str]:
    """A new merchant without members, the invitation of its owner, and the token for its link."""
    merchant = Merchant.objects.create(name=name, **fields)
    with merchant_scope(merchant.pk):
        record("merchant.founded", actor=actor, target=merchant.public_id)
        invitation, token = invite(email=owner_email, role=Role.OWNER, actor=actor)
    return merchant, invitation, token


def change_merchant(*, merchant: Merchant, actor: Actor, **fields: Any) -> Merchant:
    """Save the given fields of the merchant in scope."""
    for name, value in fields.items():
        setattr(merchant, name, value)
    merchant.save(update_fields=list(fields))
    record("merchant.changed", actor=actor, target=merchant.public_id, fields=sorted(fields))
    return merchant


def invite(*, email: str, role: Role, actor: Actor) -> tuple[Invitation, str]:
    """An invitation and the token for its link; the token is not kept and cannot be shown again.

    A still open invitation of the same address is replaced. Raises DomainError already_member.
    """
    email = email.strip().lower()
    if Membership.objects.filter(user__email=email).exists():
        raise DomainError("already_member", _("This person already works here."))
    Invitation.objects.filter(email=email, accepted_at=None).delete()
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        token_hash=_hash(token),
        invited_by_id=actor.user_id,
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    record("invitation.sent", actor=actor, target=invitation.public_id, email=email, role=role)
    return invitation, token


def withdraw_invitation(*, invitation: Invitation, actor: Actor) -> None:
    """Make the link in the mail worthless."""
    record("invitation.withdrawn", actor=actor, target=invitation.public_id)
    invitation.delete()


def open_invitation(token: str) -> OpenInvitation | None:
    """The invitation that a link opens; None if it is unknown, used or expired."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, merchant_id, email, role, expires_at, accepted_at FROM invitation_of(%s)",
            [_hash(token)],
        )
        row = cursor.fetchone()
    if row is None or row[5] is not None or row[4] < timezone.now():
        return None
    return OpenInvitation(row[0], Merchant.objects.get(pk=row[1]), row[2], Role(row[3]))


def accept_invitation(*, token: str, user: Any, actor: Actor) -> Merchant:
    """Make the user a member. Raises DomainError invitation_invalid or invitation_for_another."""
    found = open_invitation(token)
    if found is None:
        raise DomainError("invitation_invalid", _("This invitation is no longer valid."))
    if found.email != user.email.lower():
        raise DomainError(
            "invitation_for_another", _("This invitation was sent to another e-mail address.")
        )
    with merchant_scope(found.merchant.pk), transaction.atomic():
        _join(found, user, actor)
    return found.merchant


def _join(found: OpenInvitation, user: Any, actor: Actor) -> None:
    accepted = Invitation.objects.filter(pk=found.id, accepted_at=None)
    if not accepted.update(accepted_at=timezone.now()):
        raise DomainError("invitation_invalid", _("This invitation is no longer valid."))
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=user, role=found.role)
    except IntegrityError as error:
        raise DomainError("already_member", _("You already work here.")) from error
    record("membership.joined", actor=actor, target=membership.public_id, role=found.role)


def change_role(*, membership: Membership, role: Role, actor: Actor) -> None:
    """Give a member another role. Raises DomainError last_owner."""
    _keep_an_owner(membership, leaves=role != Role.OWNER)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    record(
        "membership.role_changed",
        actor=actor,
        target=membership.public_id,
        before=before,
        after=role,
    )


def remove_member(*, membership: Membership, actor: Actor) -> None:
    """End a membership. Raises DomainError last_owner."""
    _keep_an_owner(membership, leaves=True)
    record("membership.removed", actor=actor, target=membership.public_id, role=membership.role)
    membership.delete()


def _keep_an_owner(membership: Membership, *, leaves: bool) -> None:
    # Two owners who remove each other at once would leave none: the lock makes them take turns.
    Merchant.objects.select_for_update().get(pk=require_merchant_id())
    if not leaves or membership.role != Role.OWNER:
        return
    if not Membership.objects.filter(role=Role.OWNER).exclude(pk=membership.pk).exists():
        raise DomainError("last_owner", _("A shop needs at least one owner."))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
