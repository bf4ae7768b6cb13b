"""What every result says about the circumstances: the commit, the machine and the server."""

import os
import platform
import subprocess
from pathlib import Path
from typing import Any

SERVER_SETTINGS = (
    *("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_level"),
    *("shared_buffers", "work_mem", "max_wal_size", "checkpoint_timeout"),
)


def circumstances(connection: Any) -> dict[str, Any]:
    """commit, machine and postgres. connection: a psycopg connection or Django's, which is not kept."""
    return {"commit": commit(), "machine": machine(), "postgres": server_settings(connection)}


def commit() -> str:
    """The commit of this checkout, with a + where files differ from it; "" outside of one."""
    known = _git("rev-parse", "HEAD")
    return known + ("+" if known and _git("status", "--porcelain", "--untracked-files=no") else "")


def machine() -> dict[str, Any]:
    """Processor, cores, memory, system, and how busy it is now."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def server_settings(connection: Any) -> dict[str, str]:
    """The settings of the server that decide how safe and how quick it writes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s)",
            [list(SERVER_SETTINGS)],
        )
        return dict(cursor.fetchall())


def peak_rss_mb() -> float:
    """The most memory that this process has had so far, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return round(int(lines["VmHWM"].split()[0]) / 1024, 1)
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 1)  # bytes on macOS


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _git(*arguments: str) -> str:
    root = Path(__file__).resolve().parents[1]
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
