"""Servers that an earlier parent left behind (macOS has no parent death signal)."""

import os
import signal
import subprocess
import time
from pathlib import Path

from embedded.errors import EmbeddedError

WAIT_SECONDS = 30.0


def end_leftover(pid_file: Path, program: str, how: signal.Signals) -> None:
    """Stop the server named in `pid_file` if it is still there and really is `program`.

    The caller holds the data folder's lock, so whoever still serves it has lost its parent.
    """
    pid = _pid_in(pid_file)
    if pid is None or program not in _command_of(pid):
        return
    os.kill(pid, how)
    deadline = time.monotonic() + WAIT_SECONDS
    while program in _command_of(pid):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"An earlier {program} (process {pid}) does not stop.")
        time.sleep(0.05)


def _pid_in(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _command_of(pid: int) -> str:
    command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603
