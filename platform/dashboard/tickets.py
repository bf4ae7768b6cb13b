"""One-click links into the demo: signed, for fifteen minutes, for one use, from this machine only."""

import hashlib
import secrets
from pathlib import Path

from django.conf import settings
from django.core import signing

SALT = "copydesk.demo"
MAX_AGE_SECONDS = 900


def make_ticket(email: str) -> str:
    """A ticket that signs this person in once."""
    return signing.dumps({"email": email, "nonce": secrets.token_hex(16)}, salt=SALT)


def redeem(ticket: str) -> str | None:
    """The person's address; None if the ticket is forged, old or used."""
    try:
        email: str = signing.loads(ticket, salt=SALT, max_age=MAX_AGE_SECONDS)["email"]
    except signing.BadSignature:
        return None
    folder = Path(settings.DATA_DIR) / "demo-tickets"
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(ticket.encode()).hexdigest()
    try:
        (folder / name).touch(exist_ok=False)  # atomic: the second one finds the file
    except FileExistsError:
        return None
    return email
