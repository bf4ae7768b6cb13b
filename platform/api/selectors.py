"""Reads of keys: the one before a merchant is known goes through a function of the role directory."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, QuerySet

from api.models import ApiKey


@dataclass(frozen=True)
class Credential:
    """What the database knows of a prefix."""

    key_id: int
    merchant_id: int
    secret_hash: bytes
    scopes: frozenset[str]
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None
    old_secret_hash: bytes
    old_secret_until: dt.datetime | None


def resolve_credential(prefix: str) -> Credential | None:
    """The key with this prefix, of whichever merchant; needs no scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, merchant_id, secret_hash, scopes, expires_at, revoked_at,"
            " old_secret_hash, old_secret_until FROM resolve_credential(%s)",
            [prefix],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    old = bytes(row[6] or b"")
    return Credential(row[0], row[1], bytes(row[2]), frozenset(row[3]), row[4], row[5], old, row[7])


def keys_of_merchant() -> QuerySet[ApiKey]:
    """The keys of the merchant in scope, those in use first, then newest first."""
    keys: QuerySet[ApiKey] = ApiKey.objects.select_related("created_by")
    return keys.order_by(F("revoked_at").desc(nulls_first=True), "-created_at", "-pk")


def merchants_with_old_answers() -> list[int]:
    """The merchants that have saved answers of more than 24 hours ago; needs no scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT merchant_id FROM merchants_with_old_answers()")
        return [row[0] for row in cursor.fetchall()]
