from pathlib import Path

from django.core.mail import EmailMessage

from accounts.outbox import OutboxEmailBackend, outbox


def test_a_mail_is_kept_where_only_this_user_reads_it(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path / "outbox"
    OutboxEmailBackend().send_messages([EmailMessage("Hello", "A link", to=["ada@example.org"])])
    (path,) = Path(settings.OUTBOX_DIR).glob("*.eml")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [(mail.to, mail.subject) for mail in outbox()] == [("ada@example.org", "Hello")]
