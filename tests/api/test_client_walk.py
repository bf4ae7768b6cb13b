"""A client that is generated from the OpenAPI document, as a partner would, driving a real server."""

import importlib
import json
import os
import subprocess
import sys
from functools import partial

import pytest
from django.test import Client as DjangoClient

from generation.finishing import finish_request
from generation.models import GenerationRequest
from stores.models import CatalogueExport, CatalogueImport
from stores.tasks import apply_import, read_import, write_export
from tests.generation.conftest import as_worker, service  # noqa: F401

CONFIG = """\
post_hooks: []
content_type_overrides:
  application/x-ndjson: application/octet-stream
"""
GENERATE = "from openapi_python_client.cli import app; app()"
LINES = [
    {
        "handle": "oak-stool",
        "title": "Oak stool",
        "attributes": [{"name": "Material", "value": "oak"}],
        "option_names": ["Colour"],
        "skus": [{"options": ["natural"], "price_minor": 8900}],
    },
    {"handle": "mug", "title": "Mug", "skus": [{"options": [], "price_minor": 1250}]},
    {"handle": "lid", "title": "Lid", "skus": [{"options": [], "price_minor": -1}]},
]


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """A function: a module of the client, which is made of the document without a warning."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "schema.json").write_bytes(DjangoClient().get("/api/schema/").content)
    (folder / "config.yaml").write_text(CONFIG)
    options = "--path schema.json --config config.yaml --output-path copydesk_client --meta none"
    command = [sys.executable, "-c", GENERATE, "generate", *options.split(), "--fail-on-warning"]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield lambda name: importlib.import_module(f"copydesk_client.{name}")
    sys.path.remove(str(folder))


@pytest.fixture
def call(generated, live_server, partner):
    """A function: an operation by its tag and name; what it answers, parsed."""
    client = generated("client").AuthenticatedClient(live_server.url, partner.secret)

    def operate(tag, name, *arguments, status=200, body=None, **parameters):
        operation = generated(f"api.{tag}.{name}")
        if body is not None:
            parameters["body"] = body
        response = operation.sync_detailed(*arguments, client=client, **parameters)
        assert response.status_code == status, response.content
        return response

    return operate


@pytest.fixture
def model(generated):
    return lambda name: getattr(generated("models"), name)


@pytest.fixture
def stored(settings, tmp_path):
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def worker(partner, request):
    """The workers' part, by hand: imports, texts with the echo backend, exports."""

    def key_of(kind):
        with partner.rows():
            return kind.objects.latest("pk").pk

    class Worker:
        def do_import(self):
            task = {"merchant_id": partner.merchant.pk, "import_id": key_of(CatalogueImport)}
            read_import(**task)
            apply_import(**task)

        def do_texts(self):
            request.getfixturevalue("service")().serve(30)
            with partner.rows():
                waiting = list(GenerationRequest.objects.values_list("pk", flat=True))
            for each in waiting:
                with partner.rows():
                    finish_request(each)

        def do_export(self):
            write_export(merchant_id=partner.merchant.pk, export_id=key_of(CatalogueExport))

    return Worker()


def test_a_partner_with_a_generated_client(call, model, generated, worker, stored, partner):
    me = call("me", "get_me").parsed
    assert (me.prefix, me.merchant) == (partner.key.prefix, partner.merchant.public_id)

    text = "".join(json.dumps(line) + "\n" for line in LINES).encode()
    file = generated("types").File(payload=text, file_name="products.jsonl")
    upsert = partial(call, "products", "upsert_products", status=202, idempotency_key="bulk-1")
    started = upsert(body=file).parsed
    again = upsert(body=file)
    assert (again.parsed.id, again.headers["Idempotent-Replayed"]) == (started.id, "true")
    worker.do_import()
    done = call("imports", "get_import", started.id).parsed
    assert (done.state, done.n_new, done.n_invalid, done.n_applied) == ("finished", 2, 1, 2)
    report = call("imports", "get_import_report", started.id).content.decode().splitlines()
    rows = [json.loads(line) for line in report]
    assert [(row["line"], row["handle"], row["action"]) for row in rows] == [
        (1, "oak-stool", "new"),
        (2, "mug", "new"),
        (3, "lid", "invalid"),
    ]
    assert rows[2]["problems"][0]["column"] == "skus[0].price_minor"

    found = call("products", "list_products", handle="oak-stool").parsed
    (stool,) = found.results
    seen = call("products", "get_product", stool.id).headers["ETag"]
    patch = model("PatchedProductInput")(vendor="Hearthside")
    update = partial(call, "products", "update_product", stool.id, body=patch, if_match=seen)
    assert update().parsed.vendor == "Hearthside"
    assert update(status=412).parsed.code == "precondition_failed"

    brief = model("BriefInput")(tone=model("ToneEnum").WARM)
    wanted = model("RunInput")(products=[stool.id], brief=brief, n_candidates=2)
    run = call("generation_runs", "create_generation_run", body=wanted, status=201).parsed
    worker.do_texts()
    run = call("generation_runs", "get_generation_run", run.id).parsed
    assert (run.state, run.n_succeeded) == ("finished", 1)
    drafts = model("ListCopyVersionsState").DRAFT
    (draft,) = call("copy_versions", "list_copy_versions", run=run.id, state=drafts).parsed.results
    requests = call("generation_runs", "list_run_requests", run.id).parsed.results
    both = call("generation_requests", "list_request_candidates", requests[0].id).parsed.results
    (other,) = [one.id for one in both if one.id != draft.candidate]
    chosen = call("candidates", "choose_candidate", other, status=201).parsed
    assert (chosen.candidate, chosen.state) == (other, "draft")

    call("copy_versions", "approve_copy_version", chosen.id)
    call("copy_versions", "publish_copy_version", chosen.id)
    (shown,) = call("products", "list_published_copy", stool.id).parsed.results
    assert (shown.id, shown.source) == (chosen.id, "ai")

    export = model("ExportInput")(format_=model("FormatEnum").JSONL)
    export = call("exports", "create_export", body=export, status=202).parsed
    assert call("exports", "get_export_file", export.id, status=409).parsed.code == (
        "export_not_finished"
    )
    worker.do_export()
    lines = call("exports", "get_export_file", export.id).content.decode().splitlines()
    assert sorted(json.loads(line)["handle"] for line in lines) == ["mug", "oak-stool"]
