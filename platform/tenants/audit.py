"""Writing the audit log: the row commits with what it tells of."""

from collections.abc import Iterable
from typing import Any

from tenants.actor import Actor
from tenants.models import AuditEntry
from tenants.scope import current_merchant_id


def record(
    action: str, *, actor: Actor, target: str = "", using: str | None = None, **details: Any
) -> None:
    """Add an entry for the merchant in scope (the platform's own log where there is none).

    action: `noun.verb` in the past, such as copy.published. target: the public id it was done to.
    """
    AuditEntry.objects.using(using).create(
        merchant_id=current_merchant_id(),
        actor_kind=actor.kind,
        actor=actor.label,
        action=action,
        target=target,
        details=details,
    )


def record_many(action: str, *, actor: Actor, targets: Iterable[str], **details: Any) -> None:
    """Add one entry for each of many rows that one command changed."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            merchant_id=current_merchant_id(),
            actor_kind=actor.kind,
            actor=actor.label,
            action=action,
            target=target,
            details=details,
        )
        for target in targets
    )
