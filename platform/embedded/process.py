"""Children that do not outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PR_SET_PDEATHSIG = 1


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    death_signal: signal.Signals,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a child in a session of its own that gets `death_signal` when its parent dies.

    Call it from the main thread: Linux sends the signal when the *thread* that forked ends.
    Output goes to the end of the file `log`. A session of its own keeps the terminal's Ctrl-C
    away from it, so that the supervisor decides the order in which things stop.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab", opener=_privately) as output:
        return subprocess.Popen(  # noqa: S603
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=dying_with(os.getpid(), death_signal),
        )


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextmanager
def piped(
    command: Sequence[str], *, env: Mapping[str, str], cwd: Path
) -> Iterator["subprocess.Popen[str]"]:
    """A child whose output is read line by line; killed if the block is left before its end."""
    child = subprocess.Popen(  # noqa: S603
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=dict(env),
        cwd=cwd,
        start_new_session=True,
        preexec_fn=dying_with(os.getpid(), signal.SIGKILL),
    )
    with child:
        try:
            yield child
        except BaseException:
            child.kill()
            raise


def die_with_parent(death_signal: signal.Signals) -> None:
    """Ask for `death_signal` when the process that started this one dies (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal))


def dying_with(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    """A preexec_fn: the child gets `death_signal` when the process `parent`, its own, dies."""

    def prepare() -> None:
        die_with_parent(death_signal)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return prepare


def stop(process: "subprocess.Popen[bytes]", how: signal.Signals, timeout_seconds: float) -> None:
    """Send `how`, wait, and kill what is still there after `timeout_seconds`."""
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(timeout_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path, n_lines: int = 15) -> str:
    """The last lines of a log file, for a message; empty when there is none."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16_384))
        lines = file.read().decode("utf-8", "replace").splitlines()
    return "\n".join(f"    {line}" for line in lines[-n_lines:])
