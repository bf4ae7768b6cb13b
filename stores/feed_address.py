"""The address of a feed: who has it may fetch the file, so it is a key, and kept like one."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.urls import reverse

from api.keys import hash_secret, is_same, new_prefix, new_secret

_TOKEN = re.compile(r"([a-z0-9]{12})-([0-9a-f]{64})", re.ASCII)
_NOBODYS = bytes(32)


@dataclass(frozen=True, slots=True)
class NewAddress:
    """prefix and secret_hash are stored; url is shown once and kept nowhere."""

    prefix: str
    secret_hash: bytes
    url: str


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """What the database knows of an address before a merchant is known."""

    feed_id: int
    merchant_id: int
    secret_hash: bytes
    revoked_at: datetime | None


def new_address() -> NewAddress:
    """An address that nobody can guess: 256 random bits."""
    prefix, secret = new_prefix(), new_secret()
    url = settings.BASE_URL + reverse("feed", args=[f"{prefix}-{secret}"])
    return NewAddress(prefix, hash_secret(secret), url)


def resolve_feed(token: str) -> FoundFeed | None:
    """The feed that this last part of an address opens; None for an unknown, wrong or revoked one.

    Needs no scope. It compares in constant time, also where there is nothing to compare with.
    """
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    found = _find(match[1])
    is_right = is_same(match[2], found.secret_hash if found else _NOBODYS)
    if found is None or not is_right or found.revoked_at is not None:
        return None
    return found


def _find(prefix: str) -> FoundFeed | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, merchant_id, secret_hash, revoked_at FROM resolve_feed(%s)", [prefix]
        )
        row = cursor.fetchone()
    return FoundFeed(row[0], row[1], bytes(row[2]), row[3]) if row else None
