"""What platform staff decide about a person's account."""

from accounts.models import User
from tenants.actor import Actor
from tenants.audit import record


def set_active(*, user: User, is_active: bool, actor: Actor) -> None:
    """Lock an account (its sessions end with the next request), or open it again."""
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    record("user.unlocked" if is_active else "user.locked", actor=actor, target=user.public_id)


def set_staff(*, user: User, is_staff: bool, actor: Actor) -> None:
    """Let a person into the staff's admin, or out of it, together with every right there."""
    user.is_staff = is_staff
    user.is_superuser = user.is_superuser and is_staff
    user.save(update_fields=["is_staff", "is_superuser"])
    action = "user.made_staff" if is_staff else "user.left_staff"
    record(action, actor=actor, target=user.public_id)
