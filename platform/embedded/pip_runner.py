"""Runs pip, shows its downloads, and turns its failures into a sentence. Standard library only."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from embedded.console import Progress
from embedded.errors import EmbeddedError

# The first pattern found in pip's output names the cause.
CAUSES = (
    (r"No space left on device|Errno 28", "the disk is full"),
    (r"DO NOT MATCH THE HASHES", "a download was broken or is not the file that was locked"),
    (
        r"Temporary failure in name resolution|NewConnectionError|Max retries|ConnectTimeout|"
        r"Read timed out|ReadTimeout|Connection (reset|aborted|broken)|IncompleteRead|ProxyError|"
        r"IncompleteDownload|SSLError|Download failed",
        "the package index could not be reached, or the connection broke",
    ),
    (
        r"No matching distribution found",
        "the package index has no such version for this Python and platform",
    ),
    (r"BadZipFile|is invalid|Invalid wheel", "a download was broken"),
    (r"Permission denied|Errno 13", "the virtual environment cannot be written"),
)
PIP_SETTINGS = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_ROOT_USER_ACTION": "ignore",
    "PYTHONUNBUFFERED": "1",
}
# Lines that a program can follow; the pip that a new environment starts with may not know it.
FOLLOWED = "--progress-bar=raw"
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_NOW = re.compile(r"(?:Collecting|Downloading|Processing|Using cached) (\S+)")


class PipFailed(EmbeddedError):
    """pip gave up; the message says why."""


def run_pip(python: Path, what: str, arguments: Sequence[str], log: Path) -> None:
    """Run `pip install` with the arguments, its whole output going to the end of `log`.

    Raises PipFailed with the cause in words.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(python), "-m", "pip", "install", "--no-input", *arguments]
    environment = {**os.environ, **PIP_SETTINGS}
    progress = Progress(what)
    follower, output = _Follower(progress), list[str]()
    with (
        log.open("a") as file,
        subprocess.Popen(  # noqa: S603
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
        ) as pip,
    ):
        file.write(f"$ {' '.join(command)}\n")
        for line in pip.stdout or ():
            follower.read(line)
            if not _PROGRESS.search(line):
                output.append(line)
                file.write(line)
    if pip.returncode:
        progress.failed()
        raise PipFailed(_explain(what, output, log))
    progress.done()


class _Follower:
    """Turns pip's lines into the detail of a progress line."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.current = ""

    def read(self, line: str) -> None:
        if found := _NOW.search(line):
            self.current = found[1].rsplit("/", 1)[-1]
            self.progress.update(self.current)
        elif found := _PROGRESS.search(line):
            done, total = (int(number) / 1e6 for number in found.groups())
            if total > 5:
                self.progress.update(f"{self.current} {done:.0f} of {total:.0f} MB")
        elif line.startswith("Installing collected"):
            self.progress.update("unpacking")


def _explain(what: str, output: Sequence[str], log: Path) -> str:
    text = "".join(output)
    cause = next((words for pattern, words in CAUSES if re.search(pattern, text)), "")
    errors = [line for line in output if line.startswith(("ERROR", "error:"))][-3:]
    shown = errors if cause else output[-10:]
    details = "".join(f"\n    {line.rstrip()[:300]}" for line in shown)
    return (
        f"{what}: {cause or 'pip failed'}.{details}\n"
        f"The whole output is in {log}. Nothing is lost: run the same command again."
    )
