"""Everything between running servers and running processes: database, files, model, demo."""

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from embedded import process
from embedded.console import Progress
from embedded.errors import EmbeddedError
from embedded.plan import ROOT, Plan, manage
from embedded.translations import compile_translations

CODE = ("platform", "stores", "generation", "analytics")
STATIC = ("static", "platform/config/settings")
STAMP = "prepared.json"
MODEL_FOLDER = Path("models", "smollm2-135m-instruct")
# htmx's extensions, which nothing here uses, name modules that do not exist.
COLLECT = ("--noinput", "--verbosity=0", "--ignore=django_htmx/ext/*")
NO_SPACE = "No space left on device"


def prepare(plan: Plan, full: Mapping[str, str]) -> None:
    """Bring the database, the static files, the model and the demo up to this checkout.

    What has not changed since the last start is skipped: that makes a second start fast.
    """
    done = _Done(plan.data / STAMP)
    code, static = digest_of(*CODE), digest_of(*STATIC)
    if plan.uses_own_database or done.is_new("database", code):
        _prepare_database(plan, full)
        done.remember("database", code)
    compile_translations()
    if done.is_new("static", static):
        _step("Static files", manage("collectstatic", *COLLECT), full)
        done.remember("static", static)
    if plan.needs_builtin_model and not (plan.data / MODEL_FOLDER).exists():
        module = "generation.engine.builtin_model"
        command = [sys.executable, "-m", module, "--data", str(plan.data)]
        _step("The built-in model, converted once", command, full)
    if plan.demo and done.is_new("demo", "loaded"):
        _step("The demo: two merchants with catalogues", manage("load_demo"), full)
        done.remember("demo", "loaded")


def forget(data: Path, *names: str) -> None:
    """Have the next start do these steps again; all of them without names."""
    done = _Done(data / STAMP)
    for name in names or list(done.known):
        done.forget(name)


def remember_demo(data: Path) -> None:
    """Keep the next start from loading the demo among the data that are there."""
    _Done(data / STAMP).remember("demo", "loaded")


def digest_of(*folders: str) -> str:
    """A fingerprint of the files below these folders, from names, sizes and times, and the lock."""
    digest = hashlib.sha256(sys.version.encode())
    for folder in (ROOT / name for name in folders):
        for path in sorted(folder.rglob("*")):
            if path.suffix != ".pyc" and path.is_file():
                status = path.stat()
                digest.update(f"{path}{status.st_size}{status.st_mtime_ns}".encode())
    digest.update((ROOT / "requirements" / "runtime.txt").read_bytes())
    return digest.hexdigest()


def _prepare_database(plan: Plan, full: Mapping[str, str]) -> None:
    if "DATABASE_SUPERUSER_URL" in full:
        _step("Database roles", manage("bootstrap_database"), full)
    _step("Database tables", manage("migrate", "--noinput", "--verbosity=1"), full)


def _step(what: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run a command, its last line of output as the progress; raise with its end if it fails."""
    progress = Progress(what)
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.web"}
    output: list[str] = []
    environment = {**os.environ, **environment, **settings}
    with process.piped(command, env=environment, cwd=ROOT) as running:
        for line in running.stdout or ():
            output.append(line.rstrip())
            progress.update(line.strip())
    if running.returncode:
        progress.failed()
        raise EmbeddedError(_explain(what, output))
    progress.done()


def _explain(what: str, output: Sequence[str]) -> str:
    if any(NO_SPACE in line for line in output):
        return f"{what}: the disk is full."
    return f"{what} failed:\n" + "\n".join(f"    {line}" for line in output[-15:])


class _Done:
    """A small file that says which steps were done, and on what."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def is_new(self, name: str, value: str) -> bool:
        return self.known.get(name) != value

    def remember(self, name: str, value: str) -> None:
        self.known[name] = value
        self.path.write_text(json.dumps(self.known, indent=1))

    def forget(self, name: str) -> None:
        self.known.pop(name, None)
        self.path.write_text(json.dumps(self.known, indent=1))
