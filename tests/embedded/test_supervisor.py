import subprocess
import sys

import pytest

from embedded.errors import EmbeddedError
from embedded.guard import Guard
from embedded.supervisor import Program, Supervisor
from tests.embedded.conftest import processes_naming, wait_until

# A stand-in for Celery and granian: a process with a child that ignores everything but SIGKILL.
TREE = """
import os, signal, sys, time
if not os.fork():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(600)
"""
SUPERVISOR = """
import pathlib, sys, time
from embedded.guard import Guard
from embedded.supervisor import Program, Supervisor
folder = pathlib.Path(sys.argv[1])
supervisor = Supervisor(folder, folder, Guard())
for name in ("one", "two"):
    command = [sys.executable, f"{folder}/tree.py", name]
    supervisor.start(Program(name, command, {}, lambda: True))
time.sleep(600)
"""


@pytest.fixture
def supervisor(tmp_path):
    guard = Guard()
    made = Supervisor(tmp_path, tmp_path, guard)
    yield made
    made.stop()
    guard.close()


def program(name, code, is_ready=lambda: True):
    return Program(name, [sys.executable, "-c", code], {}, is_ready)


def test_kill_9_of_the_supervisor_leaves_no_grandchild(tmp_path, embedded_process):
    (tmp_path / "tree.py").write_text(TREE)
    (tmp_path / "run.py").write_text(SUPERVISOR)
    parent = embedded_process(str(tmp_path / "run.py"), str(tmp_path))
    wait_until(lambda: len(processes_naming(f"{tmp_path}/tree.py")) == 4)
    parent.kill()
    wait_until(lambda: not processes_naming(f"{tmp_path}/tree.py"), 5)


def test_stop_takes_grandchildren_along(tmp_path, supervisor):
    (tmp_path / "tree.py").write_text(TREE)
    command = [sys.executable, f"{tmp_path}/tree.py"]
    supervisor.start(Program("tree", command, {}, lambda: True))
    wait_until(lambda: len(processes_naming(f"{tmp_path}/tree.py")) == 2)
    supervisor.stop()
    wait_until(lambda: not processes_naming(f"{tmp_path}/tree.py"), 2)


def test_a_crashed_program_is_started_again_after_a_pause(supervisor, tmp_path, capsys):
    supervisor.start(program("web", "import time; time.sleep(600)"))
    first = supervisor.children["web"].process
    first.kill()
    first.wait()
    supervisor.tend()
    assert supervisor.children["web"].process is first
    wait_until(lambda: supervisor.tend() or supervisor.children["web"].process is not first)
    assert supervisor.children["web"].process.poll() is None
    told = capsys.readouterr()
    assert "web ended (killed by SIGKILL); again in 1 s." in told.err
    assert "web was started again." in told.out


def test_a_program_that_never_starts_is_shown_with_the_end_of_its_log(supervisor):
    supervisor.start(program("admin", "raise SystemExit('no such module')", lambda: False))
    with pytest.raises(EmbeddedError, match="(?s)admin does not start.*no such module"):
        supervisor.wait_for(["admin"], 30)


def test_a_program_that_is_never_ready_is_named(supervisor):
    supervisor.start(program("web", "import time; time.sleep(600)", lambda: False))
    with pytest.raises(EmbeddedError, match="web is not ready after 0 s"):
        supervisor.wait_for(["web"], 0.3)


def test_a_killed_guard_is_replaced_and_knows_every_group(tmp_path):
    guard = Guard()
    victim = subprocess.Popen(["sleep", "600"], start_new_session=True)
    guard.add(victim.pid, 9)
    guard._process.kill()
    guard._process.wait()
    guard.ensure_alive()
    guard._process.stdin.close()  # as if the supervisor had died
    assert victim.wait(10) == -9


def test_a_long_log_is_put_aside_at_the_next_start(tmp_path, supervisor, monkeypatch):
    monkeypatch.setattr("embedded.supervisor.MAX_LOG_BYTES", 10)
    (tmp_path / "web.log").write_text("a long story")
    supervisor.start(program("web", "print('new')"))
    wait_until(lambda: (tmp_path / "web.log").read_text() == "new\n")
    assert (tmp_path / "web.log.1").read_text() == "a long story"
