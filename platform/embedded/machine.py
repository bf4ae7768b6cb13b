"""Whether this machine can run Copydesk. Standard library only: used before installing."""

import importlib.util
import os
import platform
import shutil
import sys
from pathlib import Path

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)
PLATFORMS = {
    ("Linux", "x86_64"),
    ("Linux", "aarch64"),
    ("Darwin", "arm64"),
}
MIN_MEMORY_MB, GOOD_MEMORY_MB = 2000, 4000
_CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def missing_for_install(folder: Path, needed_mb: int) -> list[str]:
    """What this machine lacks, in words with the remedy; empty when all is well.

    needed_mb: free disk space that is wanted in `folder`, in megabytes.
    """
    problems = [_python_problem(), _venv_problem(), _platform_problem(), _libc_problem()]
    problems += [disk_problem(folder, needed_mb), _memory_problem(), _write_problem(folder)]
    return [problem for problem in problems if problem]


def disk_problem(folder: Path, needed_mb: int) -> str:
    """A sentence if less than `needed_mb` are free where `folder` lies, else empty."""
    free_mb = free_disk_mb(folder)
    if free_mb >= needed_mb:
        return ""
    return f"Disk: {needed_mb} MB must be free in {folder}, and only {free_mb} MB are."


def free_disk_mb(folder: Path) -> int:
    """Free megabytes on the disk of `folder`, which need not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free // 1_000_000


def memory_mb() -> int:
    """Memory of this machine or of the container it runs in, in megabytes."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in map(Path, _CGROUP_LIMITS):
        text = limit.read_text().strip() if limit.exists() else ""
        if text.isdigit():
            total = min(total, int(text))
    return total // 1_000_000


def memory_advice() -> str:
    """A sentence if there is enough memory to start but little, else empty."""
    have = memory_mb()
    if MIN_MEMORY_MB <= have < GOOD_MEMORY_MB:
        return f"Memory: {have} MB is little; {GOOD_MEMORY_MB} MB are comfortable."
    return ""


def _python_problem() -> str:
    if OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
        return ""
    oldest, newest = (".".join(map(str, v)) for v in (OLDEST_PYTHON, NEWEST_PYTHON))
    found = f"{platform.python_version()} ({sys.executable})"
    return (
        f"Python: {oldest} to {newest} is needed, this is {found}. "
        f"Install one and name it: make up PYTHON=python{oldest}"
    )


def _venv_problem() -> str:
    lacking = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if not lacking:
        return ""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    return (
        f"Python: its {' and '.join(lacking)} module is missing, which makes virtual environments. "
        f"On Debian and Ubuntu: apt-get install {package}"
    )


def _platform_problem() -> str:
    here = platform.system(), platform.machine()
    if here in PLATFORMS:
        return ""
    known = ", ".join(f"{system} {machine}" for system, machine in sorted(PLATFORMS))
    return (
        f"Platform: PostgreSQL and Valkey come as wheels for {known}; this is {' '.join(here)}. "
        "With servers of your own see docs/operating.md."
    )


def _libc_problem() -> str:
    if platform.system() != "Linux":
        return ""
    name, version = platform.libc_ver()
    if name == "glibc" and tuple(map(int, version.split(".")[:2])) >= (2, 28):
        return ""
    return f"Platform: glibc 2.28 or newer is needed, this is {name or 'another libc'} {version}."


def _memory_problem() -> str:
    have = memory_mb()
    if have >= MIN_MEMORY_MB:
        return ""
    return f"Memory: at least {MIN_MEMORY_MB} MB are needed, this machine has {have} MB."


def _write_problem(folder: Path) -> str:
    if os.access(folder, os.W_OK):
        return ""
    return f"Rights: {folder} cannot be written by you. Use a checkout of your own."
