"""Mail of a development server: one .eml file a message, shown on the outbox page."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


@dataclass(frozen=True)
class OutboxMail:
    name: str
    sent_at: datetime
    to: str
    subject: str
    body: str


class OutboxEmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message to the outbox folder; returns how many."""
        folder = Path(settings.OUTBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
            path = folder / f"{stamp}-{uuid.uuid4().hex[:8]}.eml"
            path.touch(mode=0o600)  # there are links in it that sign people in
            path.write_bytes(message.message().as_bytes())
        return len(email_messages)


def outbox(limit: int = 100) -> list[OutboxMail]:
    """The latest mails, newest first."""
    paths = sorted(Path(settings.OUTBOX_DIR).glob("*.eml"), reverse=True)[:limit]
    return [_read(path) for path in paths]


def _read(path: Path) -> OutboxMail:
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    body = message.get_body(("plain", "html"))
    sent_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    text = body.get_content() if body else ""
    return OutboxMail(path.stem, sent_at, message["To"], message["Subject"], text)
