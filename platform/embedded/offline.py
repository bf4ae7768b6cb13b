"""The servers of a data folder for a tool that runs beside or instead of `make up`."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from embedded.binaries import postgres_binary
from embedded.errors import EmbeddedError
from embedded.instance import AlreadyRunning, only_instance
from embedded.plan import ROOT, Plan, manage
from embedded.services import known_services, start_services


@contextmanager
def database_environment(plan: Plan) -> Iterator[dict[str, str]]:
    """The full environment, with a database that answers: the user's, the running one, or ours."""
    if plan.uses_own_database:
        yield plan.full_environment({})
        return
    try:
        with stopped_copydesk(plan) as environment:
            yield environment
    except AlreadyRunning:
        yield plan.full_environment(known_services(plan.data).environment())


@contextmanager
def stopped_copydesk(plan: Plan) -> Iterator[dict[str, str]]:
    """The full environment with our database alone; raises AlreadyRunning while `make up` runs."""
    if plan.uses_own_database:
        raise EmbeddedError(
            "DATABASE_URL names a database of your own: use its own tools, see docs/operating.md."
        )
    with only_instance(plan.data, "a tool at work"):
        services = start_services(plan.data, valkey=False)
        try:
            yield plan.full_environment(services.environment())
        finally:
            services.stop()


def run_postgres_tool(
    name: str, arguments: list[str], url: str, database: str | None = None
) -> None:
    """Run pg_dump, pg_restore or psql on the database of `url`; raise EmbeddedError if it fails.

    The password goes through the environment: command lines can be read by everybody.
    """
    parts = urlsplit(url)
    where = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": parts.username or "",
        "PGPASSWORD": parts.password or "",
        "PGDATABASE": database or parts.path.lstrip("/"),
    }
    command = [str(postgres_binary(name)), "--no-password", *arguments]
    done = subprocess.run(  # noqa: S603
        command, env={**os.environ, **where}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise EmbeddedError(f"{name} failed:\n{done.stderr.strip()[-1500:]}")


def run_manage(environment: Mapping[str, str], *arguments: str) -> str:
    """Run a management command; what it printed."""
    done = subprocess.run(  # noqa: S603
        manage(*arguments),
        env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "config.settings.web"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise EmbeddedError(f"manage.py {arguments[0]} failed:\n{done.stderr.strip()[-1500:]}")
    return done.stdout


def timestamped(folder: Path, name: str, suffix: str) -> Path:
    """A new file name with the present time (UTC) in it; the folder is made."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    now = datetime.now(UTC)
    return folder / f"{name}-{now:%Y%m%d-%H%M%S}{suffix}"
