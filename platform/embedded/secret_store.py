"""Random secrets, made at the first start and kept in a file that only its owner can read."""

import base64
import json
import os
import secrets
from pathlib import Path

PASSWORDS = ("superuser", "owner", "app", "worker", "staff", "backup", "valkey")


def load_secrets(path: Path) -> dict[str, str]:
    """The secrets of one data folder; missing ones are made and saved, mode 0600.

    Keys: the names in PASSWORDS, `django` (SECRET_KEY) and `field_encryption` (a Fernet key).
    """
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    complete = {name: known.get(name) or secrets.token_urlsafe(24) for name in PASSWORDS}
    complete["django"] = known.get("django") or secrets.token_urlsafe(48)
    complete["field_encryption"] = known.get("field_encryption") or _fernet_key()
    if complete != known:
        save_secrets(path, complete)
    return complete


def save_secrets(path: Path, secrets: dict[str, str]) -> None:
    """Keep these secrets instead of those in the file."""
    write_private(path, json.dumps(secrets, indent=1))


def write_private(path: Path, text: str) -> None:
    """Write a file whole or not at all, readable by its owner only from its first byte on."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()
