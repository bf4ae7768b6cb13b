"""PostgreSQL and Valkey together, and the environment that lets the rest of Copydesk find them.

`python -m embedded.services --data DIR [--fast] -- COMMAND...` runs COMMAND with both.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embedded import process
from embedded.errors import EmbeddedError
from embedded.ports import LOOPBACK, choose_ports, known_ports
from embedded.postgres import SUPERUSER, Postgres
from embedded.secret_store import load_secrets
from embedded.valkey import Valkey

# Variable: its user, the name of the password, the database. The last one makes the others.
DATABASES = {
    "DATABASE_URL": ("copydesk_app", "app", "copydesk"),
    "DATABASE_WORKER_URL": ("copydesk_worker", "worker", "copydesk"),
    "DATABASE_OWNER_URL": ("copydesk_owner", "owner", "copydesk"),
    "DATABASE_STAFF_URL": ("copydesk_staff", "staff", "copydesk"),
    "DATABASE_BACKUP_URL": ("copydesk_backup", "backup", "copydesk"),
    "DATABASE_SUPERUSER_URL": (SUPERUSER, "superuser", "postgres"),
}


@dataclass(frozen=True)
class Services:
    """The running servers of one data folder; None for one that the user brings along."""

    data: Path
    secrets: dict[str, str]
    postgres: Postgres | None
    valkey: Valkey | None

    def environment(self) -> dict[str, str]:
        """Every variable that Copydesk's settings read, secrets included."""
        return {
            "COPYDESK_DATA_DIR": str(self.data),
            "DJANGO_SECRET_KEY": self.secrets["django"],
            "FIELD_ENCRYPTION_KEY": self.secrets["field_encryption"],
            **self._database_urls(),
            **self._valkey_urls(),
        }

    @property
    def servers(self) -> list[Postgres | Valkey]:
        """Those that run here, in the order in which they are started."""
        return [server for server in (self.postgres, self.valkey) if server is not None]

    def dead(self) -> list[Postgres | Valkey]:
        """Those that have ended without being asked to."""
        return [server for server in self.servers if server.child.poll() is not None]

    def stop(self) -> None:
        """Stop both; whatever was committed is on disk."""
        for server in reversed(self.servers):
            server.stop()

    def _database_urls(self) -> dict[str, str]:
        if self.postgres is None:
            return {}
        place = f"{LOOPBACK}:{self.postgres.port}"
        return {
            variable: f"postgres://{user}:{self.secrets[name]}@{place}/{database}"
            for variable, (user, name, database) in DATABASES.items()
        }

    def _valkey_urls(self) -> dict[str, str]:
        if self.valkey is None:
            return {}
        place = f"redis://:{self.valkey.password}@{LOOPBACK}:{self.valkey.port}"
        return {"CELERY_BROKER_URL": f"{place}/0", "CACHE_URL": f"{place}/1"}


def start_services(
    data: Path, *, fast: bool = False, postgres: bool = True, valkey: bool = True
) -> Services:
    """Start the servers of the data folder `data` and return once they answer.

    fast: give up durability for speed, for tests. postgres, valkey: leave one out.
    The servers die with the calling process; call it from the main thread.
    Raises EmbeddedError with words for the user.
    """
    data.mkdir(parents=True, exist_ok=True)
    choose_ports(data / "ports.json", ("postgres", "valkey"))
    services = known_services(data, fast=fast, postgres=postgres, valkey=valkey)
    try:
        for server in services.servers:
            server.start()
    except BaseException:
        services.stop()
        raise
    return services


def known_services(
    data: Path, *, fast: bool = False, postgres: bool = True, valkey: bool = True
) -> Services:
    """The servers of a data folder that has been started before; nothing is started here.

    While another process runs them this gives the environment that reaches them.
    """
    data = data.resolve()
    logs = data / "log"
    logs.mkdir(parents=True, exist_ok=True)
    secrets = load_secrets(data / "secrets.json")
    port = known_ports(data / "ports.json")
    database = Postgres(
        data / "postgres", port["postgres"], secrets["superuser"], logs / "postgres.log", fast
    )
    broker = Valkey(data / "valkey", port["valkey"], secrets["valkey"], logs / "valkey.log", fast)
    return Services(data, secrets, database if postgres else None, broker if valkey else None)


@contextmanager
def running_services(data: Path, *, fast: bool = False) -> Iterator[Services]:
    """Both servers for the length of a with block."""
    services = start_services(data, fast=fast)
    try:
        yield services
    finally:
        services.stop()


def main(arguments: list[str]) -> int:
    """Run a command with both servers and give back its exit status."""
    parser = argparse.ArgumentParser(prog="python -m embedded.services", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="data folder, made if missing")
    parser.add_argument("--fast", action="store_true", help="no durability: for tests only")
    parser.add_argument("command", nargs="+", help="what to run, after --")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with running_services(options.data, fast=options.fast) as services:
        environment = {**os.environ, **services.environment()}
        with subprocess.Popen(  # noqa: S603
            options.command,
            env=environment,
            preexec_fn=process.dying_with(os.getpid(), signal.SIGTERM),
        ) as command:
            return command.wait()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EmbeddedError as problem:
        sys.exit(f"error: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
