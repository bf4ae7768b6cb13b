import json
import os
import socket
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from generation.models import InferenceWorker
from tests.conftest import acting_as
from tests.generation.people import run_of, worker_with_lease


def status():
    told = StringIO()
    call_command("inference_status", stdout=told)
    return json.loads(told.getvalue())


def test_status_shows_living_workers_and_no_lanes_to_the_app(db):
    alive = worker_with_lease()
    worker_with_lease(seconds=-1)
    worker_with_lease(state="stopped")
    told = status()
    assert (told["ready"], told["backend"], told["lanes"]) == (True, "echo", None)
    assert [(w["host"], w["pid"], w["state"]) for w in told["workers"]] == [
        ("test", alive.pid, "ready")
    ]


def test_status_knows_that_a_process_of_this_machine_is_gone(db):
    worker_with_lease()
    gone = 2**22 + 1  # above the system's largest process id
    InferenceWorker.objects.update(host=socket.gethostname(), pid=gone)
    assert status()["workers"] == []
    InferenceWorker.objects.update(pid=os.getpid())
    assert len(status()["workers"]) == 1


def test_status_shows_the_lanes_to_the_role_worker(merchant):
    run_of(merchant, 2)
    with transaction.atomic(), acting_as("worker"):
        lanes = status()["lanes"]
    assert [(lane["lane"], lane["n_queued"]) for lane in lanes] == [("interactive", 0), ("bulk", 2)]


def test_a_loading_worker_is_not_ready(db):
    worker_with_lease(state="loading")
    assert status()["ready"] is False


def test_the_doctor_tries_the_model():
    told = StringIO()
    call_command("inference_doctor", stdout=told, no_color=True)
    lines = told.getvalue().splitlines()
    assert lines[0] == "backend      echo"
    assert lines[-1] == "The model can be used here."


def test_the_doctor_says_why_a_model_cannot_be_used(settings, tmp_path):
    settings.GENERATION = {
        **settings.GENERATION,
        "BACKEND": "transformers",
        "MODEL": str(tmp_path / "nowhere"),
    }
    with pytest.raises(CommandError, match="model_missing"):
        call_command("inference_doctor", stdout=StringIO())
