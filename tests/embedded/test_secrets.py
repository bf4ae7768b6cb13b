import stat

from cryptography.fernet import Fernet

from embedded.secret_store import PASSWORDS, load_secrets, write_private


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path):
    path = tmp_path / "secrets.json"
    first = load_secrets(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_secrets(path) == first
    assert set(first) == {*PASSWORDS, "django", "field_encryption"}
    assert len(set(first.values())) == len(first)
    assert min(len(first[name]) for name in PASSWORDS) == 32


def test_field_encryption_key_encrypts(tmp_path):
    key = load_secrets(tmp_path / "secrets.json")["field_encryption"]
    assert Fernet(key).decrypt(Fernet(key).encrypt(b"text")) == b"text"


def test_private_file_replaces_a_readable_one(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o600)
