"""`make up`: everything that Copydesk needs, on this machine, until Ctrl-C."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from types import FrameType
from typing import NoReturn

from embedded.console import Progress, complain, say
from embedded.errors import EmbeddedError
from embedded.guard import Guard
from embedded.instance import only_instance
from embedded.machine import disk_problem
from embedded.plan import ROOT, Plan, make_plan, manage
from embedded.ports import is_free
from embedded.prepare import prepare
from embedded.process import die_with_parent
from embedded.programs import BEHIND, INFERENCE, PAGES, all_programs
from embedded.services import Services, start_services
from embedded.supervisor import Supervisor

NEEDED_MB = 300
NEEDED_WITH_MODEL_MB = 1000
START_TIMEOUT_SECONDS = 120.0


class Stopped(BaseException):
    """Somebody asked this process to end."""


def main() -> int:
    """Run until told to stop; 0 after an orderly end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    if "MAKELEVEL" in os.environ:  # a killed make takes its recipe along
        die_with_parent(signal.SIGTERM)
    try:
        _run(make_plan(os.environ))
    except Stopped:
        return 0
    except EmbeddedError as problem:
        complain(f"\nerror: {problem}")
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        complain(f"\nerror: The disk is full ({problem.filename or 'while writing'}).")
    return 1


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise Stopped


def _run(plan: Plan) -> None:
    started = time.monotonic()
    with only_instance(plan.data, plan.web_url):
        _check_machine(plan)
        _serve(plan, Guard(), started)


def _check_machine(plan: Plan) -> None:
    has_model = not plan.needs_builtin_model or (plan.data / "models").exists()
    problem = disk_problem(plan.data, NEEDED_MB if has_model else NEEDED_WITH_MODEL_MB)
    if problem:
        raise EmbeddedError(problem)
    for name, port in (("COPYDESK_PORT", plan.port), ("COPYDESK_ADMIN_PORT", plan.admin_port)):
        if not is_free(port, plan.host):
            raise EmbeddedError(
                f"Port {port} of {plan.host} is taken by another program. Stop that one, or "
                f"choose another port: {name}={port + 80} make up"
            )


def _serve(plan: Plan, guard: Guard, started: float) -> None:
    say("Copydesk is starting.")
    services = _start_servers(plan, guard)
    supervisor = Supervisor(plan.data / "log", ROOT, guard)
    try:
        full = plan.full_environment(services.environment())
        prepare(plan, full)
        _start_programs(plan, supervisor, full, started)
        _keep_running(supervisor, services, guard, started)
    finally:
        _shut_down(supervisor, services, guard)


def _start_servers(plan: Plan, guard: Guard) -> Services:
    progress = Progress("PostgreSQL and Valkey")
    services = start_services(
        plan.data, postgres=not plan.uses_own_database, valkey=not plan.uses_own_broker
    )
    _guard_servers(services, guard)
    names = [server.title for server in services.servers]
    progress.done(f"{' and '.join(names)} answer" if names else "yours are used")
    return services


def _guard_servers(services: Services, guard: Guard) -> None:
    for server in services.servers:
        guard.add(server.child.pid, server.stop_signal)


def _start_programs(
    plan: Plan, supervisor: Supervisor, full: Mapping[str, str], started: float
) -> None:
    # Pages first: on two cores everything that starts beside them makes them wait.
    programs = {program.name: program for program in all_programs(plan, full)}
    for names, what in ((PAGES, "Web and admin"), (BEHIND, "Workers and beat")):
        progress = Progress(what)
        for name in names:
            supervisor.start(programs[name])
        supervisor.wait_for([n for n in names if n != INFERENCE], START_TIMEOUT_SECONDS)
        progress.done("all answer")
        if names == PAGES:
            pages_seconds = time.monotonic() - started
    _introduce(plan, full)
    say(f"\nPages answered {pages_seconds:.1f} s after the start; the model is loading.")


def _introduce(plan: Plan, full: Mapping[str, str]) -> None:
    say(f"\n  Dashboard   {plan.web_url}/")
    say(f"  Admin       {plan.admin_url}/")
    say(f"  API docs    {plan.web_url}/api/docs/")
    if plan.demo:
        say(f"  Outbox      {plan.web_url}/outbox/")
    say(f"  Logs        {plan.data / 'log'}")
    if plan.demo:
        environment = {**full, "DJANGO_SETTINGS_MODULE": "config.settings.web"}
        links = subprocess.run(  # noqa: S603
            manage("demo_links"), env=environment, capture_output=True, text=True, check=False
        )
        say(f"\n{links.stdout.rstrip()}" if not links.returncode else f"\n{links.stderr[-500:]}")
    elif "COPYDESK_DEMO" not in plan.given:
        say(f"\n  {plan.host} can be reached by others, so there is no demo.")


def _keep_running(
    supervisor: Supervisor, services: Services, guard: Guard, started: float
) -> NoReturn:
    announced = False
    while True:
        for server in services.dead():
            complain(f"{server.title} ended; it is started again. Log: {server.log}")
            guard.remove(server.child.pid)
            server.start()
            guard.add(server.child.pid, server.stop_signal)
        supervisor.tend()
        if not announced and supervisor.children[INFERENCE].ready:
            announced = True
            seconds = time.monotonic() - started
            say(
                f"The inference worker was ready {seconds:.1f} s after the start. Ctrl-C stops all."
            )
        time.sleep(0.2)


def _shut_down(supervisor: Supervisor, services: Services, guard: Guard) -> None:
    """Stop in order. A second Ctrl-C cuts it short; the guard, not closed then, ends the rest."""
    progress = Progress("Stopping")
    supervisor.stop()
    services.stop()
    guard.close()
    progress.done("everything has stopped")


if __name__ == "__main__":
    sys.exit(main())
