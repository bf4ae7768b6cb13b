"""Idempotency-Key: a POST that is sent again gets the first answer again, and does its work once.

The saved answer commits with the work, so there is never one without the other, and a request that
failed leaves no key behind. While the first request runs, an advisory lock stands for its key.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from api.keys import KeyFacts
from api.models import IdempotencyKey

KEPT = dt.timedelta(hours=24)
_SAVED_HEADERS = ("Content-Type", "Location", "ETag")


class KeyInUse(APIException):
    status_code = 409
    default_code = "idempotency_key_in_use"
    default_detail = ""
    wait = 1


class KeyReused(APIException):
    status_code = 422
    default_code = "idempotency_key_reused"


class InvalidKey(APIException):
    status_code = 400
    default_code = "invalid_idempotency_key"


@dataclass(frozen=True)
class Attempt:
    """One POST under a key, inside its transaction."""

    facts: KeyFacts
    key: str
    fingerprint: bytes

    def earlier_answer(self) -> HttpResponse | None:
        """The answer that was given before, or None: then the key is ours until the transaction ends.

        Raises KeyInUse while another request has it, KeyReused if it stood for another request.
        """
        if not self._lock():
            raise KeyInUse(_("Send the same request again in a moment."))
        saved = self._rows().filter(created_at__gt=timezone.now() - KEPT).first()
        if saved is None:
            return None
        if bytes(saved.fingerprint) != self.fingerprint:
            raise KeyReused(_("The key belongs to a request with another address or body."))
        headers = {**saved.headers, "Idempotent-Replayed": "true"}
        return HttpResponse(saved.body.encode(), status=saved.status, headers=headers)

    def save(self, response: HttpResponse) -> None:
        """Keep the answer for as long as a client may send the request again."""
        self._rows().delete()
        IdempotencyKey.objects.create(
            api_key_id=self.facts.key_id,
            key=self.key,
            fingerprint=self.fingerprint,
            status=response.status_code,
            body=response.content.decode(),
            headers={name: response[name] for name in _SAVED_HEADERS if name in response},
        )

    def _rows(self) -> Any:
        return IdempotencyKey.objects.filter(api_key_id=self.facts.key_id, key=self.key)

    def _lock(self) -> bool:
        name = hashlib.sha256(f"idempotency {self.facts.key_id} {self.key}".encode()).digest()
        number = int.from_bytes(name[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            return bool(cursor.fetchone()[0])


def attempt_of(request: Request, facts: KeyFacts) -> Attempt | None:
    """The attempt that a request is, or None if it names no key or is no POST."""
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST":
        return None
    if not (0 < len(key) <= 255 and key.isascii() and key.isprintable()):
        raise InvalidKey(_("Use 1 to 255 visible ASCII characters."))
    return Attempt(facts, key, _fingerprint(request))


def forget_old_keys() -> int:
    """Delete the scope's answers that nobody may ask for again; returns how many there were."""
    old = IdempotencyKey.objects.filter(created_at__lte=timezone.now() - KEPT)
    return int(old.delete()[0])


def _fingerprint(request: Request) -> bytes:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    data = request.data
    fields = dict(data.lists()) if hasattr(data, "lists") else data
    files = {name: fields.pop(name) for name in request.FILES} if request.FILES else {}
    digest.update(json.dumps(fields, sort_keys=True, ensure_ascii=False, default=str).encode())
    for name, uploads in sorted(files.items()):
        for upload in uploads:
            digest.update(f"\n{name} {upload.name} {upload.size}\n".encode())
            for chunk in upload.chunks():
                digest.update(chunk)
            upload.seek(0)
    return digest.digest()
