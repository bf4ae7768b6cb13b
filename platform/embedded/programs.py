"""Copydesk's processes: their command lines, what they may see, how they show that they work."""

import sys
from collections.abc import Mapping

from embedded.health import InferenceProbe, answers, celery_answers, keeps_running
from embedded.plan import ROOT, Plan
from embedded.supervisor import Program

WEB, ADMIN, DEFAULT, INFERENCE, BEAT = "web", "admin", "worker", "inference", "beat"
PAGES = (WEB, ADMIN)
BEHIND = (INFERENCE, DEFAULT, BEAT)


def all_programs(plan: Plan, full: Mapping[str, str]) -> list[Program]:
    """Everything that runs."""
    worker = plan.environment_of("config.settings.worker", full)
    broker = full["CELERY_BROKER_URL"]
    scheduler = ["beat", "--schedule", str(plan.data / "celerybeat-schedule"), "--pidfile="]
    return [
        _pages(plan, full, WEB),
        _pages(plan, full, ADMIN),
        Program(
            INFERENCE,
            _celery(*_worker(INFERENCE, INFERENCE, n_processes=1)),
            worker,
            InferenceProbe(ROOT, worker),
        ),
        Program(
            DEFAULT,
            _celery(*_worker(DEFAULT, "default", n_processes=2)),
            worker,
            celery_answers(broker, f"{DEFAULT}@copydesk"),
        ),
        Program(BEAT, _celery(*scheduler, "--loglevel=INFO"), worker, keeps_running(2.0)),
    ]


def _pages(plan: Plan, full: Mapping[str, str], name: str) -> Program:
    is_admin = name == ADMIN
    settings = "config.settings.admin" if is_admin else "config.settings.web"
    port, url = (plan.admin_port, plan.admin_url) if is_admin else (plan.port, plan.web_url)
    application = "config.wsgi_admin:application" if is_admin else "config.wsgi:application"
    options = ["--interface=wsgi", "--no-ws", f"--host={plan.host}", f"--port={port}"]
    options += ["--workers=1", "--blocking-threads=4", "--respawn-failed-workers"]
    options += ["--workers-kill-timeout=5"]
    command = [sys.executable, "-m", "granian", *options, application]
    environment = plan.environment_of(settings, full)
    return Program(name, command, environment, answers(f"{url}/healthz/"))


def _celery(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--app=config.celery:app", *arguments]


def _worker(name: str, queue: str, n_processes: int) -> list[str]:
    options = ["--pool=prefork", f"--concurrency={n_processes}", "--loglevel=INFO"]
    quiet = ["--without-gossip", "--without-mingle"]
    return ["worker", f"--queues={queue}", f"--hostname={name}@copydesk", *options, *quiet]
