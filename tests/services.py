"""Pytest plugin: a real PostgreSQL and Valkey for the whole test run.

It is loaded with `-p tests.services`, before Django reads its settings. Servers named by
DATABASE_OWNER_URL in the environment are used instead. The processes of pytest-xdist inherit
the environment of the first one and so share its servers.
"""

import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "platform"))

from embedded.errors import EmbeddedError
from embedded.services import running_services

_running = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    # A wrapper, so that it comes before pytest-django's hook, which reads the settings.
    if "DATABASE_OWNER_URL" not in os.environ and not _only_looks(early_config):
        _start()
    return (yield)


def _start():
    folder = _running.enter_context(tempfile.TemporaryDirectory(prefix="copydesk-tests-"))
    try:
        services = _running.enter_context(running_services(Path(folder), fast=True))
    except EmbeddedError as problem:
        pytest.exit(f"The test database could not be started: {problem}", returncode=3)
    os.environ.update(services.environment())


def pytest_unconfigure():
    _running.close()


def _only_looks(config):
    options = config.known_args_namespace
    return options.help or options.version or getattr(options, "markers", False)
