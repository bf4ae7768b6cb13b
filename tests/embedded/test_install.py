import subprocess
import sys

import pytest

from embedded import install, machine
from embedded.errors import EmbeddedError
from embedded.pip_runner import PipFailed, run_pip

FAKE_PIP = """#!/bin/sh
echo 'Collecting torch==2.13.0'
echo 'Progress 5 of 10'
echo '{output}'
exit 1
"""


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "a download was"),
        ("Temporary failure in name resolution", "could not be reached"),
        ("ERROR: No matching distribution found for torch==9", "no such version"),
        ("zipfile.BadZipFile: File is not a zip file", "a download was broken"),
        ("something new", "pip failed"),
    ],
)
def test_pips_failures_get_a_sentence(tmp_path, output, cause):
    python = tmp_path / "python"
    python.write_text(FAKE_PIP.format(output=output))
    python.chmod(0o755)
    with pytest.raises(PipFailed, match=f"(?s)^torch: .*{cause}.*install.log.*run the same"):
        run_pip(python, "torch", ["torch"], tmp_path / "install.log")
    log = (tmp_path / "install.log").read_text()
    assert output in log
    assert "Progress" not in log


def test_missing_venv_module_is_named_with_its_package(monkeypatch):
    monkeypatch.setattr(machine.importlib.util, "find_spec", lambda name: None)
    problems = machine.missing_for_install(install.ROOT, 1)
    series = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"apt-get install python{series}-venv" in problems[0]


@pytest.mark.parametrize("version", [(3, 9, 2), (3, 15, 0)])
def test_unsupported_python_is_named(monkeypatch, version):
    monkeypatch.setattr(machine.sys, "version_info", version)
    assert "3.11 to 3.14 is needed" in machine.missing_for_install(install.ROOT, 1)[0]


def test_full_disk_little_memory_and_strange_machines_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "memory_mb", lambda: 900)
    monkeypatch.setattr(machine.platform, "machine", lambda: "riscv64")
    problems = "\n".join(machine.missing_for_install(tmp_path, 10**9))
    assert "1000000000 MB must be free" in problems
    assert "at least 2000 MB are needed, this machine has 900 MB" in problems
    assert "riscv64" in problems


def test_little_memory_is_advice_and_not_a_refusal(monkeypatch):
    monkeypatch.setattr(machine, "memory_mb", lambda: 3000)
    assert machine.memory_advice() == "Memory: 3000 MB is little; 4000 MB are comfortable."


def test_unknown_kind_of_torch_is_refused(monkeypatch):
    monkeypatch.setenv("TORCH", "rocm")
    with pytest.raises(EmbeddedError, match="TORCH is 'rocm'; it may be cpu or cuda"):
        install.plan_steps(dev=False, model=True)


def test_a_step_is_done_again_only_when_its_key_changes(monkeypatch, tmp_path):
    monkeypatch.setattr(install, "STAMPS", tmp_path / "stamps.json")
    monkeypatch.setattr(install, "VENV", tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    for step in install.plan_steps(dev=False, model=True):
        install._remember(step)
    assert install.missing_steps() == []
    monkeypatch.setenv("TORCH", "cuda")
    assert [step.name for step in install.missing_steps()] == ["torch", "runtime.txt"]
    (tmp_path / "bin" / "python").unlink()
    assert len(install.missing_steps()) == 6


def test_the_lock_of_the_tests_covers_the_one_that_runs(monkeypatch, tmp_path):
    monkeypatch.setattr(install, "STAMPS", tmp_path / "stamps.json")
    monkeypatch.setattr(install, "VENV", tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    for step in install.plan_steps(dev=True, model=True):
        install._remember(step)
    assert install.missing_steps() == []


def test_the_installer_needs_nothing_but_the_standard_library():
    code = "import sys; sys.path.insert(0, 'platform'); import embedded.install, embedded.doctor"
    python = [sys.executable, "-S", "-I", "-c", code]
    subprocess.run(python, cwd=install.ROOT, check=True)
