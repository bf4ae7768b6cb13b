"""`Authorization: Bearer cdk_...`: who asks, and whose rows the request may touch."""

from contextlib import suppress
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from api import keys
from api.keys import KeyFacts
from api.selectors import Credential, resolve_credential
from api.services import note_use
from api.usage import write_use
from tenants.models import Merchant
from tenants.scope import merchant_scope

_NOBODY = bytes(32)


class ApiKeyAuthentication(BaseAuthentication):
    """Sets request.auth to the key's KeyFacts and opens the scope of its merchant.

    It runs in a short transaction of its own: the row of a busy key is never locked for as long
    as a request takes. The scope stays open until the response has left the middleware.
    """

    def authenticate(self, request: Request) -> tuple[None, KeyFacts] | None:
        scheme, _space, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        with transaction.atomic():
            facts = _facts(token.strip().decode("latin-1"))
            with merchant_scope(facts.merchant.pk):
                _note_use(facts.key_id)
        stack: Any = request._request.scope_stack  # type: ignore[attr-defined]
        stack.enter_context(merchant_scope(facts.merchant.pk))
        return None, facts

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Copydesk"'


def _facts(token: str) -> KeyFacts:
    parts = keys.split(token)
    found = resolve_credential(parts[0]) if parts else None
    if not _opens(parts[1] if parts else "", found) or found is None:
        raise AuthenticationFailed(_("This API key is unknown."), code="invalid_key")
    _refuse_ended(found)
    merchant = Merchant.objects.filter(pk=found.merchant_id, is_active=True).first()
    if merchant is None:
        raise AuthenticationFailed(
            _("This merchant's account is closed."), code="inactive_merchant"
        )
    return KeyFacts(found.key_id, parts[0] if parts else "", found.scopes, merchant)


def _opens(secret: str, found: Credential | None) -> bool:
    """Whether it is the key's secret, or the one before that still works for a while."""
    is_new = keys.is_same(secret, found.secret_hash if found else _NOBODY)
    is_old = keys.is_same(secret, (found.old_secret_hash if found else b"") or _NOBODY)
    until = found.old_secret_until if found else None
    return is_new or (is_old and until is not None and until > timezone.now())


def _refuse_ended(found: Credential) -> None:
    if found.revoked_at is not None:
        raise AuthenticationFailed(_("This API key has been revoked."), code="revoked_key")
    if found.expires_at is not None and found.expires_at <= timezone.now():
        raise AuthenticationFailed(_("This API key has expired."), code="expired_key")


def _note_use(key_id: int) -> None:
    with suppress(RedisError):  # the throttle logs it, and refuses nothing
        if cache.add(f"api-key-used:{key_id}", True, timeout=60):
            note_use(key_id)
            write_use(key_id)
