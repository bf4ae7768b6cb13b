"""`make restore FROM=FILE`: puts a backup in the place of the present data, which stays until then.

The new database is filled beside the old one and takes its name only when it is complete.
"""

import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from embedded.backup import DUMP, SECRETS, UPLOADS, write_backup
from embedded.console import Progress, say
from embedded.errors import EmbeddedError
from embedded.offline import run_manage, run_postgres_tool, stopped_copydesk
from embedded.plan import Plan, make_plan
from embedded.prepare import forget, remember_demo
from embedded.secret_store import load_secrets, save_secrets
from embedded.tool import run_tool

LIVE, INCOMING = "copydesk", "copydesk_incoming"


def main(arguments: list[str]) -> int:
    """Restore one backup file; the present data go into a backup of their own first."""
    if len(arguments) != 1 or not arguments[0]:
        raise EmbeddedError("Name the backup: make restore FROM=var/backups/copydesk-....tar")
    source = Path(arguments[0])
    plan = make_plan(os.environ)
    with stopped_copydesk(plan) as environment, tempfile.TemporaryDirectory() as folder:
        _unpack(source, Path(folder))
        has_data = (plan.data / "prepared.json").exists()
        run_manage(environment, "bootstrap_database")
        if has_data:
            say(f"The present data are kept in {write_backup(plan, environment, 'before-restore')}")
        _restore_database(Path(folder) / DUMP, environment)
        _restore_secrets(Path(folder), plan)
        _restore_uploads(Path(folder), plan)
        run_manage(environment, "bootstrap_database")
        forget(plan.data, "database")
        remember_demo(plan.data)
    say("Restored. `make up` starts Copydesk with it.")
    return 0


def _unpack(source: Path, folder: Path) -> None:
    if not source.is_file():
        raise EmbeddedError(f"There is no file {source}.")
    try:
        with tarfile.open(source) as tar:
            tar.extractall(folder, filter="data")
    except tarfile.TarError as error:
        raise EmbeddedError(f"{source} is not a backup of Copydesk: {error}") from None
    for name in (DUMP, SECRETS):
        if not (folder / name).is_file():
            raise EmbeddedError(f"{source} is not a backup of Copydesk: {name} is missing in it.")


def _restore_database(dump: Path, environment: Mapping[str, str]) -> None:
    progress = Progress("Database")
    admin = environment["DATABASE_SUPERUSER_URL"]

    def execute(*statements: str) -> None:
        commands = [text for statement in statements for text in ("--command", statement)]
        run_postgres_tool("psql", ["--quiet", "--set=ON_ERROR_STOP=1", *commands], admin)

    execute(
        f"DROP DATABASE IF EXISTS {INCOMING} WITH (FORCE)",
        f"CREATE DATABASE {INCOMING} OWNER copydesk_owner TEMPLATE template0",
    )
    options = ["--exit-on-error", "--single-transaction", f"--dbname={INCOMING}", str(dump)]
    run_postgres_tool("pg_restore", options, admin, INCOMING)
    execute(
        f"DROP DATABASE IF EXISTS {LIVE} WITH (FORCE)",
        f"ALTER DATABASE {INCOMING} RENAME TO {LIVE}",
    )
    progress.done()


def _restore_secrets(folder: Path, plan: Plan) -> None:
    lines = (folder / SECRETS).read_text().splitlines()
    kept = dict(line.split("=", 1) for line in lines)
    secrets = load_secrets(plan.data / "secrets.json")
    secrets["django"] = kept["DJANGO_SECRET_KEY"]
    secrets["field_encryption"] = kept["FIELD_ENCRYPTION_KEY"]
    save_secrets(plan.data / "secrets.json", secrets)


def _restore_uploads(folder: Path, plan: Plan) -> None:
    """The present uploads are in the backup that was made first."""
    shutil.rmtree(plan.data / UPLOADS, ignore_errors=True)
    if (folder / UPLOADS).exists():
        shutil.copytree(folder / UPLOADS, plan.data / UPLOADS)


if __name__ == "__main__":
    sys.exit(run_tool(main))
