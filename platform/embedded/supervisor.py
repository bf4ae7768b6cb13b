"""Starts Copydesk's processes, restarts those that crash, and stops them in order."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from embedded import process
from embedded.console import complain, say
from embedded.errors import EmbeddedError
from embedded.guard import Guard

LONGEST_PAUSE_SECONDS = 30.0
CALM_AFTER_SECONDS = 60.0
# An inference worker finishes or gives back what it holds within 20 seconds.
STOP_TIMEOUT_SECONDS = 25.0
MAX_CRASHES_AT_START = 3
MAX_LOG_BYTES = 20_000_000


@dataclass(frozen=True)
class Program:
    """What to run, and how to see that it works."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    is_ready: Callable[[], bool]


@dataclass
class Child:
    """A program with its present process."""

    program: Program
    process: "subprocess.Popen[bytes]"
    started: float
    n_crashes: int = 0
    ready: bool = False
    restart_at: float | None = field(default=None)


class Supervisor:
    """Keeps a list of programs running. Use it from the main thread only (see process.spawn)."""

    def __init__(self, logs: Path, cwd: Path, guard: Guard) -> None:
        self.logs = logs
        self.cwd = cwd
        self.guard = guard
        self.children: dict[str, Child] = {}

    def start(self, program: Program) -> None:
        """Start a program; its output goes to a log file of its name."""
        _rotate(self.log_of(program.name))
        child = Child(program, self._spawn(program), time.monotonic())
        self.children[program.name] = child

    def log_of(self, name: str) -> Path:
        """The log file of a program."""
        return self.logs / f"{name}.log"

    def tend(self) -> None:
        """Look at every child once: note who is ready, restart who has crashed."""
        self.guard.ensure_alive()
        for child in self.children.values():
            if child.restart_at is not None:
                self._restart_when_due(child)
            elif child.process.poll() is not None:
                self._note_crash(child)
            elif not child.ready:
                child.ready = child.program.is_ready()

    def wait_for(self, names: Sequence[str], timeout_seconds: float) -> None:
        """Return once all of `names` are ready; raise EmbeddedError if one does not come up."""
        deadline = time.monotonic() + timeout_seconds
        while True:
            self.tend()
            waiting = [name for name in names if not self.children[name].ready]
            if not waiting:
                return
            self._give_up_on_failing(waiting)
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"{waiting[0]} is not ready after {timeout_seconds:.0f} s. Its log "
                    f"{self.log_of(waiting[0])} ends:\n{process.tail(self.log_of(waiting[0]))}"
                )
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask everybody to finish, the last started first; kill who takes too long."""
        alive = [c for c in reversed(self.children.values()) if c.process.poll() is None]
        for child in alive:
            child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        for child in alive:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
        for child in self.children.values():
            self._end_group(child)

    def _spawn(self, program: Program) -> "subprocess.Popen[bytes]":
        started = process.spawn(
            program.command,
            log=self.log_of(program.name),
            death_signal=signal.SIGKILL,
            env=program.environment,
            cwd=self.cwd,
        )
        self.guard.add(started.pid, signal.SIGKILL)
        return started

    def _note_crash(self, child: Child) -> None:
        status = child.process.returncode
        self._end_group(child)
        if time.monotonic() - child.started > CALM_AFTER_SECONDS:
            child.n_crashes = 0
        pause = min(2.0**child.n_crashes, LONGEST_PAUSE_SECONDS)
        is_first, child.n_crashes = not child.n_crashes, child.n_crashes + 1
        child.restart_at = time.monotonic() + pause
        log = self.log_of(child.program.name)
        complain(
            f"{child.program.name} ended ({_reason(status)}); again in {pause:.0f} s. Log: {log}"
        )
        if is_first:
            complain(process.tail(log, 5))

    def _restart_when_due(self, child: Child) -> None:
        if child.restart_at is None or time.monotonic() < child.restart_at:
            return
        child.process = self._spawn(child.program)
        child.started, child.restart_at, child.ready = time.monotonic(), None, False
        say(f"{child.program.name} was started again.")

    def _give_up_on_failing(self, names: Sequence[str]) -> None:
        for name in names:
            if self.children[name].n_crashes >= MAX_CRASHES_AT_START:
                log = self.log_of(name)
                raise EmbeddedError(f"{name} does not start. {log} ends:\n{process.tail(log)}")

    def _end_group(self, child: Child) -> None:
        """Kill what is left of a child's process group: workers that it did not take along."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        self.guard.remove(child.process.pid)


def _reason(status: int) -> str:
    if status < 0:
        return f"killed by {signal.Signals(-status).name}"
    return f"exit status {status}"


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
