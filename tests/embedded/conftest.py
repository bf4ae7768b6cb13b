import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def processes_naming(text):
    """Process ids whose command line holds `text`, this test's own process left out."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True
    )
    found = []
    for line in listed.stdout.splitlines():
        pid, _, command = line.strip().partition(" ")
        if text in command and int(pid) != os.getpid():
            found.append(int(pid))
    return found


def wait_until(condition, timeout_seconds=20.0):
    """Return once `condition()` is true; fail the test if it never is."""
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def embedded_process():
    """Starts a module or a file with Python in the background; whatever is left is killed at the end."""
    started = []

    def start(*arguments, **environment):
        clean = {k: v for k, v in os.environ.items() if not _names_a_service(k)}
        process = subprocess.Popen(
            [sys.executable, *(() if arguments[0].endswith(".py") else ("-m",)), *arguments],
            env={**clean, "PYTHONPATH": str(ROOT / "platform"), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()


def _names_a_service(variable):
    return variable.startswith(("DATABASE_", "COPYDESK_", "CELERY_", "DJANGO_")) or variable in (
        "CACHE_URL",
        "FIELD_ENCRYPTION_KEY",
        "MAKELEVEL",
    )


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 30 MB, where the system lets us mount one."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this container forbids mounting")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)
