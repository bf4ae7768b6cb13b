"""Making and revoking keys."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from api import keys
from api.models import ApiKey, Scope
from tenants import audit
from tenants.actor import Actor
from tenants.errors import DomainError

MAX_OLD_SECRET_HOURS = 7 * 24


def create_api_key(
    *, name: str, scopes: Iterable[str], expires_at: dt.datetime | None, actor: Actor
) -> tuple[ApiKey, str]:
    """A new key of the merchant in scope, and its text, which cannot be had a second time.

    Raises DomainError without a known scope, or if the key would have expired already.
    """
    chosen = _chosen(scopes)
    if expires_at is not None and expires_at <= timezone.now():
        raise DomainError("key_expires_in_past", _("Choose a date in the future."))
    prefix, secret = keys.new_prefix(), keys.new_secret()
    key: ApiKey = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        secret_hash=keys.hash_secret(secret),
        scopes=chosen,
        created_by_id=actor.user_id,
        expires_at=expires_at,
    )
    audit.record("api_key.created", actor=actor, target=key.public_id, name=name, scopes=chosen)
    return key, keys.join(prefix, secret)


def change_api_key(*, key: ApiKey, name: str, scopes: Iterable[str], actor: Actor) -> ApiKey:
    """The key under another name or with other scopes, from its next request on.

    Raises DomainError key_without_scope, key_revoked.
    """
    chosen = _chosen(scopes)
    locked = _in_use(key)
    locked.name, locked.scopes = name, chosen
    locked.save(update_fields=["name", "scopes"])
    audit.record("api_key.changed", actor=actor, target=key.public_id, name=name, scopes=chosen)
    return locked


def rotate_api_key(*, key: ApiKey, actor: Actor, hours: int = 24) -> tuple[ApiKey, str]:
    """The key with a new secret, and its text, shown once; the old secret works `hours` more.

    A secret that was rotated out before ends now. Raises DomainError key_revoked.
    """
    if not 0 <= hours <= MAX_OLD_SECRET_HOURS:
        raise ValueError(f"an old secret works 0 to {MAX_OLD_SECRET_HOURS} hours")
    locked, secret = _in_use(key), keys.new_secret()
    locked.old_secret_hash = locked.secret_hash if hours else None
    until = timezone.now() + dt.timedelta(hours=hours)
    locked.old_secret_until = until if hours else None
    locked.secret_hash = keys.hash_secret(secret)
    locked.save(update_fields=["secret_hash", "old_secret_hash", "old_secret_until"])
    audit.record("api_key.rotated", actor=actor, target=key.public_id, name=key.name, hours=hours)
    return locked, keys.join(locked.prefix, secret)


def revoke_api_key(*, key: ApiKey, actor: Actor) -> None:
    """Refuse every later request with this key; revoking twice changes nothing."""
    waiting = ApiKey.objects.filter(pk=key.pk, revoked_at=None)
    if waiting.update(revoked_at=timezone.now()):
        audit.record("api_key.revoked", actor=actor, target=key.public_id, name=key.name)


def note_use(key_id: int) -> None:
    """Write when a key was last used, at most once a minute, and never wait for another request."""
    now = timezone.now()
    stale = ApiKey.objects.filter(pk=key_id).exclude(last_used_at__gt=now - dt.timedelta(minutes=1))
    free = stale.select_for_update(skip_locked=True).values("pk")
    ApiKey.objects.filter(pk__in=free).update(last_used_at=now)


def _chosen(scopes: Iterable[str]) -> list[str]:
    wanted = set(scopes)
    chosen = [scope for scope in Scope.values if scope in wanted]
    if not chosen:
        raise DomainError("key_without_scope", _("Choose at least one thing the key may do."))
    return chosen


def _in_use(key: ApiKey) -> ApiKey:
    locked: ApiKey = ApiKey.objects.select_for_update().get(pk=key.pk)
    if locked.revoked_at is not None:
        raise DomainError("key_revoked", _("This key has been revoked. Make a new one."))
    return locked
