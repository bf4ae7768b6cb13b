"""Writing the audit log: the row commits with what it tells of."""

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
