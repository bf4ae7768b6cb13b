"""`make bench NAME=imports`: one program of benchmarks/ with servers and an empty database of its own.

The program finds every credential in its environment, the superuser's too: it may have to measure
the bare database. Its last line of output is one JSON object.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from embedded.console import say
from embedded.errors import EmbeddedError
from embedded.offline import run_manage
from embedded.plan import ROOT, make_plan
from embedded.services import running_services
from embedded.tool import run_tool

FOLDER = ROOT / "benchmarks"
HELPERS = {"facts"}


def main(arguments: list[str]) -> int:
    """Start servers as safe as `make up` does, migrate, run the benchmark, clean up."""
    parser = argparse.ArgumentParser(prog="python -m embedded.bench", description=__doc__)
    parser.add_argument("name", choices=sorted(names()))
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="handed to the benchmark")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as folder:
        return _run(options.name, options.arguments, Path(folder))


def names() -> set[str]:
    """The benchmarks that there are."""
    return {path.stem for path in FOLDER.glob("*.py")} - HELPERS


def _run(name: str, arguments: list[str], folder: Path) -> int:
    own = ("DATABASE_", "CELERY_", "CACHE_", "COPYDESK_")
    given = {key: text for key, text in os.environ.items() if not key.startswith(own)}
    plan = make_plan({**given, "COPYDESK_DATA_DIR": str(folder)})
    with running_services(folder) as services:
        environment = {**given, **plan.full_environment(services.environment())}
        say("Making the database")
        run_manage(environment, "bootstrap_database")
        run_manage(environment, "migrate", "--verbosity=0")
        command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
        done = subprocess.run(command, env=environment, cwd=ROOT, check=False)  # noqa: S603
    if done.returncode:
        raise EmbeddedError(f"benchmarks/{name}.py failed.")
    return 0


if __name__ == "__main__":
    sys.exit(run_tool(main))
