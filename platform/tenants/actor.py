"""Who does something: handed from views, API and tasks to services, and kept in the audit log."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Actor:
    """kind: user, api_key, staff or system. label: e-mail, key prefix or task name. user_id: where a person did it."""

    kind: str
    label: str
    user_id: int | None = None


SYSTEM = Actor("system", "copydesk")


def user_actor(user: Any) -> Actor:
    """The actor that stands for a signed-in person."""
    return Actor("user", user.email, user.pk)
