"""Many products in one body of JSON Lines."""

import json

import pytest
from django.test import Client

from stores.models import CatalogueImport, Product
from stores.tasks import apply_import, read_import
from tests.api.test_authentication import problem

BULK = "/api/v1/products/bulk/"
LINES = "application/x-ndjson"


@pytest.fixture(autouse=True)
def _stored(settings, tmp_path):
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def upsert(partner):
    def send(*rows, query="", **kwargs):
        body = "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)
        return Client.post(partner, BULK + query, body, content_type=LINES, **kwargs)

    return send


def work(partner, address):
    with partner.rows():
        ids = {"merchant_id": partner.merchant.pk, "import_id": CatalogueImport.objects.get().pk}
    read_import(**ids)
    apply_import(**ids)
    return partner.get(address).json()


MUG = {"handle": "mug", "title": "Mug", "skus": [{"options": [], "price_minor": 1250}]}


def test_new_products_and_changes_come_in_and_each_line_is_accounted_for(partner, upsert):
    partner.post("/api/v1/products/", {"title": "Old mug", "handle": "mug", "vendor": "Hearth"})
    lid = {"handle": "lid", "title": "Lid", "skus": [{"options": [], "price_minor": "x"}]}
    response = upsert(MUG, {"handle": "pot", "title": "Pot"}, lid, "{")
    assert (response.status_code, response.json()["format"]) == (202, "")
    address = response["Location"]
    done = work(partner, address)
    assert (done["state"], done["format"]) == ("finished", "jsonl")
    counts = [done[f"n_{name}"] for name in ("new", "changed", "invalid", "applied")]
    assert counts == [1, 1, 2, 2]
    with partner.rows():
        mug = Product.objects.get(handle="mug")
        assert (mug.title, mug.vendor, mug.min_price_minor) == ("Mug", "Hearth", 1250)

    report = partner.get(f"{address}report/")
    assert report["Content-Type"] == f"{LINES}; charset=utf-8"
    rows = [json.loads(line) for line in report.getvalue().decode().splitlines()]
    found = [(row["line"], row["handle"], row["action"], row["is_applied"]) for row in rows]
    assert found[:3] == [
        (1, "mug", "changed", True),
        (2, "pot", "new", True),
        (3, "lid", "invalid", False),
    ]
    assert [each["column"] for each in rows[2]["problems"]] == ["skus[0].price_minor"]
    table = partner.get(f"{address}report/?format=csv").getvalue().decode().splitlines()
    assert table[0] == "line,handle,title,action,is_applied,kind,column,code,detail"
    assert table[3].startswith("3,lid,Lid,invalid,false,problem,skus[0].price_minor,")


def test_a_body_that_is_sent_again_is_taken_once(partner, upsert):
    headers = {"Idempotency-Key": "night-1"}
    first, second = (upsert(MUG, headers=headers) for _ in range(2))
    assert (second.status_code, second.content) == (202, first.content)
    problem(upsert({**MUG, "title": "x"}, headers=headers), 422, "idempotency_key_reused")
    with partner.rows():
        assert CatalogueImport.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("?locale=--", "locale"), ("?currency=euro", "currency"), ("?on_conflict=x", "on_conflict")],
)
def test_options_are_checked(partner, upsert, query, parameter):
    document = problem(upsert(MUG, query=query), 400, "validation_failed")
    assert [error["parameter"] for error in document["errors"]] == [parameter]


def test_a_body_that_is_too_large_or_of_another_kind_is_refused(partner, upsert, settings):
    problem(partner.post(BULK, {"products": []}), 415, "unsupported_media_type")
    settings.MAX_IMPORT_BYTES = 10
    problem(upsert(MUG), 413, "body_too_large")
    with partner.rows():
        assert not CatalogueImport.objects.exists()


def test_an_empty_body_is_refused(partner, upsert):
    problem(upsert(), 422, "file_empty")
    with partner.rows():
        assert not CatalogueImport.objects.exists()


def test_a_line_is_corrected_and_tried_again(partner, upsert):
    address = upsert({**MUG, "status": "gone"})["Location"]
    assert work(partner, address)["n_invalid"] == 1
    (row,) = partner.get(f"{address}items/").json()["results"]
    item = f"{address}items/{row['position']}/"
    shown = partner.get(item)
    corrected = json.dumps(MUG)
    headers = {"If-Match": shown["ETag"]}
    send = {"content_type": "application/json", "headers": headers}
    assert partner.patch(item, {"raw": corrected}, **send).json()["action"] == "new"
    problem(partner.patch(item, {"raw": corrected}, **send), 412, "precondition_failed")
    problem(
        partner.patch(item, {"raw": 5}, content_type="application/json"), 400, "validation_failed"
    )
    assert partner.post(f"{address}retry/").status_code == 202
    assert work(partner, address)["n_applied"] == 1
    with partner.rows():
        assert Product.objects.get().handle == "mug"
