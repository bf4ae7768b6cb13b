"""The blocks of docs/quick-start.md, run as they stand against a real server."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generation.finishing import finish_request
from generation.models import GenerationRequest
from stores.models import CatalogueImport, CopyVersion
from stores.tasks import apply_import, read_import
from tests.generation.conftest import as_worker, service  # noqa: F401

PAGE = Path(__file__).parents[2] / "docs" / "quick-start.md"
TASKS = {"uploaded": read_import, "applying": apply_import}
SECONDS = 120


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.M | re.S)


@pytest.fixture
def run(live_server, partner, service, settings, tmp_path):  # noqa: F811
    """A function: runs a command to its end, and does the workers' part meanwhile."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    settings.API_REQUESTS_PER_MINUTE = 10_000
    environment = {**os.environ, "API": f"{live_server.url}/api/v1", "KEY": partner.secret}
    inference = service()

    def work():
        with partner.rows():
            imports = list(CatalogueImport.objects.filter(state__in=TASKS))
            requests = list(GenerationRequest.objects.filter(state="queued"))
        for each in imports:
            TASKS[each.state](merchant_id=partner.merchant.pk, import_id=each.pk)
        if requests:
            inference.serve(30)
            for each in requests:
                with partner.rows():
                    finish_request(each.pk)

    def run_it(*command):
        log = tmp_path / "log.txt"
        with log.open("w") as output:
            process = subprocess.Popen(
                command, cwd=tmp_path, env=environment, stdout=output, stderr=subprocess.STDOUT
            )
            until = time.monotonic() + SECONDS
            while process.poll() is None and time.monotonic() < until:
                work()
                time.sleep(0.1)
            process.kill()
        assert process.wait() == 0, log.read_text()
        return log.read_text()

    return run_it


def published(partner):
    with partner.rows():
        live = CopyVersion.objects.filter(state="published").select_related("slot__product")
        return {version.slot.product.handle: version.source for version in live}


def test_the_shell_blocks_lead_to_a_published_text(run, partner):
    script = "set -euo pipefail\n" + "\n".join(blocks("shell"))
    output = run("bash", "-c", script)
    assert published(partner) == {"oak-stool": "ai"}
    lines = output.splitlines()
    assert [line for line in lines if line == "Hearthside"] == ["Hearthside"]
    assert [each for each in lines if each.endswith("ed")] == ["approved", "published"]


def test_the_python_block_does_too(run, partner):
    (block,) = blocks("python")
    output = run(sys.executable, "-c", block)
    assert output.startswith("1 products written, 0 with a mistake\n")
    assert published(partner) == {"glass-lid": "ai"}
