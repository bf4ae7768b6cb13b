"""What a key looks like, and what a request that carries one may do."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from tenants.actor import Actor
from tenants.models import Merchant

_FORMAT = re.compile(r"cdk_([a-z0-9]{12})_([0-9a-f]{64})", re.ASCII)
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True)
class KeyFacts:
    """The key of a request, which the view finds as `request.auth`."""

    key_id: int
    prefix: str
    scopes: frozenset[str]
    merchant: Merchant

    @property
    def actor(self) -> Actor:
        """Who the audit log names."""
        return Actor("api_key", self.prefix)


def new_prefix() -> str:
    """The public part of a key, by which it is found."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


def new_secret() -> str:
    """256 random bits as 64 hexadecimal digits."""
    return secrets.token_hex(32)


def join(prefix: str, secret: str) -> str:
    """The key as its owner keeps it."""
    return f"cdk_{prefix}_{secret}"


def split(key: str) -> tuple[str, str] | None:
    """The prefix and the secret of a key, or None if this cannot be one."""
    match = _FORMAT.fullmatch(key)
    return (match[1], match[2]) if match else None


def hash_secret(secret: str) -> bytes:
    """What is stored. A random secret of 256 bits needs no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def is_same(secret: str, secret_hash: bytes) -> bool:
    """True if the hash is this secret's; takes as long for a wrong one."""
    return hmac.compare_digest(hash_secret(secret), bytes(secret_hash))
