"""The demo's passwords: random, made once, kept in a file that only its owner can read."""

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def logins_path() -> Path:
    """Where the passwords lie."""
    return Path(settings.DATA_DIR) / "demo-logins.json"


def saved_logins() -> dict[str, str]:
    """Passwords by e-mail address; empty before the demo was loaded."""
    path = logins_path()
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def ensure_logins(emails: Iterable[str]) -> dict[str, str]:
    """A password for each address: the one in the file, or a new one that is written there."""
    known = saved_logins()
    complete = {email: known.get(email) or secrets.token_urlsafe(12) for email in emails}
    if complete != known:
        _write_private(logins_path(), json.dumps(complete, indent=1) + "\n")
    return complete


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    partial.replace(path)
