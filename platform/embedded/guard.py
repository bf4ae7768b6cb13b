"""Ends the children's whole process groups when the supervisor is killed.

A parent death signal reaches a child but not its own children: Celery's and granian's workers.
The guard is a small process that reads the groups from a pipe; when the pipe ends, the
supervisor is gone, whatever killed it, and the guard sends each group its signal. It works on
macOS too, which has no parent death signal.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path


class Guard:
    """The supervisor's side of the pipe."""

    def __init__(self) -> None:
        self._groups: dict[int, signal.Signals] = {}
        self._process = self._start()

    def add(self, group: int, how: signal.Signals) -> None:
        """End this process group with `how` if the supervisor dies."""
        self._groups[group] = how
        self._send(f"add {group} {int(how)}")

    def remove(self, group: int) -> None:
        """Forget a group that has ended."""
        self._groups.pop(group, None)
        self._send(f"remove {group} 0")

    def ensure_alive(self) -> None:
        """Start the guard anew if somebody killed it."""
        if self._process.poll() is None:
            return
        self._process = self._start()
        for group, how in self._groups.items():
            self.add(group, how)

    def close(self) -> None:
        """End the guard after an orderly stop."""
        for group in list(self._groups):
            self.remove(group)
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.wait()

    def _start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-S", "-E", str(Path(__file__).resolve())],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _send(self, line: str) -> None:
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):  # ensure_alive sends everything again
                self._process.stdin.write(f"{line}\n")
                self._process.stdin.flush()


def watch(lines: Iterable[str]) -> None:
    """Keep the groups that `lines` names; at their end, signal those left, newest first."""
    groups: dict[int, int] = {}
    for line in lines:
        verb, group, how = line.split()
        if verb == "add":
            groups[int(group)] = int(how)
        else:
            groups.pop(int(group), None)
    for leader, number in reversed(groups.items()):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, number)


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    watch(sys.stdin)
