"""`make doctor`: looks at this machine and this installation and says what is wrong.

Standard library only, since it must run where the installation failed.
"""

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from embedded.binaries import postgres_binary, valkey_binary
from embedded.console import say
from embedded.errors import EmbeddedError
from embedded.health import answers
from embedded.install import missing_steps
from embedded.instance import AlreadyRunning, only_instance
from embedded.machine import free_disk_mb, memory_advice, memory_mb, missing_for_install
from embedded.plan import ROOT, Plan, make_plan
from embedded.ports import is_free
from embedded.privileges import find_disguise
from embedded.tool import run_tool

NEEDED_MB = 300


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. remedy: empty when it is well."""

    what: str
    remedy: str = ""


def main(arguments: list[str]) -> int:
    """Print every finding; 1 if one of them needs doing something about."""
    findings = list(examine(make_plan(os.environ)))
    for finding in findings:
        say(f"  {'ok     ' if not finding.remedy else 'PROBLEM'} {finding.what}")
        if finding.remedy:
            say(f"          {finding.remedy}")
    n_problems = sum(bool(finding.remedy) for finding in findings)
    say(f"\n{n_problems} problem{'' if n_problems == 1 else 's'} found.")
    return 1 if n_problems else 0


def examine(plan: Plan) -> Iterator[Finding]:
    """Look at the machine, the installation, the data folder and what runs, in this order."""
    yield from _machine()
    yield from _installation()
    yield from _data_folder(plan.data)
    yield from _what_runs(plan)


def _machine() -> Iterator[Finding]:
    problems = missing_for_install(ROOT, NEEDED_MB)
    yield from (Finding(problem.split(":")[0], problem) for problem in problems)
    if not problems:
        yield Finding(f"Python {sys.version.split()[0]}, platform, memory, rights")
    yield Finding(
        f"{free_disk_mb(ROOT) / 1000:.1f} GB free disk, {memory_mb() / 1000:.1f} GB memory"
    )
    if advice := memory_advice():
        yield Finding("Memory", advice)


def _installation() -> Iterator[Finding]:
    missing = ", ".join(step.name for step in missing_steps())
    remedy = f"Not installed or out of date: {missing}. Run `make up`." if missing else ""
    yield Finding("Libraries", remedy)
    try:
        valkey_binary()
        disguise = find_disguise(postgres_binary("postgres"))
        yield Finding(f"PostgreSQL and Valkey would run as {disguise.name}")
    except EmbeddedError as problem:
        yield Finding("PostgreSQL and Valkey", str(problem))


def _data_folder(data: Path) -> Iterator[Finding]:
    if not data.exists():
        yield Finding(f"Data folder {data}: not made yet")
        return
    owner = data.stat().st_uid
    is_ours = owner == os.geteuid() or os.geteuid() == 0
    yield Finding(
        f"Data folder {data}",
        "" if is_ours else f"It belongs to user {owner}, not to you: start Copydesk as that user.",
    )
    secrets = data / "secrets.json"
    if is_ours and secrets.exists():
        is_private = stat.S_IMODE(secrets.stat().st_mode) == 0o600
        yield Finding(
            "Secrets are readable by their owner only", "" if is_private else f"chmod 600 {secrets}"
        )


def _what_runs(plan: Plan) -> Iterator[Finding]:
    if _runs(plan.data):
        for name, url in (("Dashboard", plan.web_url), ("Admin", plan.admin_url)):
            works = answers(f"{url}/healthz/")()
            remedy = "" if works else f"It does not answer. Look into {plan.data / 'log'}."
            yield Finding(f"{name} answers at {url}", remedy)
        return
    yield Finding("Copydesk does not run at present")
    for name, port in (("COPYDESK_PORT", plan.port), ("COPYDESK_ADMIN_PORT", plan.admin_port)):
        remedy = f"Another program has it: set {name} to another one."
        yield Finding(f"Port {port} is free", "" if is_free(port, plan.host) else remedy)


def _runs(data: Path) -> bool:
    if not data.exists():
        return False
    try:
        with only_instance(data, "make doctor"):
            return False
    except AlreadyRunning:
        return True


if __name__ == "__main__":
    sys.exit(run_tool(main))
