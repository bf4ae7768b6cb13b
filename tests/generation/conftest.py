import pytest
from django.db import connections

from generation.engine.backends.echo import EchoBackend
from generation.worker import InferenceService


@pytest.fixture
def as_worker(transactional_db):
    """The default connection, and those of new threads, act as the role worker."""
    database = connections["default"]
    before = database.settings_dict["OPTIONS"]["options"]
    database.close()
    database.settings_dict["OPTIONS"]["options"] = "-c role=copydesk_worker"
    yield
    database.close()
    database.settings_dict["OPTIONS"]["options"] = before


@pytest.fixture
def service(as_worker):
    """A worker in this process with the echo backend, started and stopped."""
    services = []

    def start(**options):
        options.setdefault("build", EchoBackend)
        made = InferenceService(**options)
        services.append(made)
        made.start()
        return made

    yield start
    for made in services:
        made.stop()
