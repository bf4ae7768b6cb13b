"""`make backup`: the database, the uploads and the secrets in one tar file, mode 0600.

Without FIELD_ENCRYPTION_KEY the credentials in the database cannot be read, so that it is in there.
"""

import os
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from embedded.console import Progress, say
from embedded.offline import database_environment, run_postgres_tool, timestamped
from embedded.plan import Plan, make_plan
from embedded.secret_store import write_private
from embedded.tool import run_tool

DUMP, SECRETS, UPLOADS = "database.dump", "secrets.env", "uploads"
KEPT_SECRETS = ("DJANGO_SECRET_KEY", "FIELD_ENCRYPTION_KEY")


def main(arguments: list[str]) -> int:
    """Write a backup and say where it is."""
    plan = make_plan(os.environ)
    with database_environment(plan) as environment:
        say(f"The backup is {write_backup(plan, environment, 'copydesk')}")
    say(
        "It holds every merchant's data and the keys that decrypt it: keep it where nobody reads it."
    )
    return 0


def write_backup(plan: Plan, environment: Mapping[str, str], name: str) -> Path:
    """Make the tar file below the data folder's `backups`, whole or not at all; its path."""
    target = timestamped(plan.data / "backups", name, ".tar")
    partial = target.with_suffix(".partial")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            _fill(Path(folder), environment)
            _pack(Path(folder), plan.data / UPLOADS, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _fill(folder: Path, environment: Mapping[str, str]) -> None:
    progress = Progress("Database")
    # The role `backup` reads through policies of its own and could not change a row.
    options = ["--format=custom", "--enable-row-security", f"--file={folder / DUMP}"]
    run_postgres_tool("pg_dump", options, environment["DATABASE_BACKUP_URL"])
    secrets = "".join(f"{name}={environment[name]}\n" for name in KEPT_SECRETS)
    write_private(folder / SECRETS, secrets)
    progress.done(f"{(folder / DUMP).stat().st_size / 1e6:.1f} MB")


def _pack(folder: Path, uploads: Path, target: Path) -> None:
    progress = Progress("Uploads")
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
        tar.add(folder / DUMP, DUMP)
        tar.add(folder / SECRETS, SECRETS)
        if uploads.exists():
            tar.add(uploads, UPLOADS)
    progress.done()


if __name__ == "__main__":
    sys.exit(run_tool(main))
