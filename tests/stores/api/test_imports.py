import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stores.models import CatalogueImport, Product
from stores.tasks import apply_import, read_import
from tests.api.test_authentication import problem

IMPORTS = "/api/v1/imports/"
CSV = b"""Handle,Title,Body (HTML),Variant Price
mug,Mug,<p>Holds tea.</p>,12.50
lid,Lid,,"1.234,56 x"
"""


@pytest.fixture
def upload(partner, settings, tmp_path):
    """A function: a file uploaded by the partner."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }

    def send(content=CSV, name="shop.csv", headers=None, **options):
        body = {"file": SimpleUploadedFile(name, content), **options}
        return Client.post(partner, IMPORTS, body, headers=headers)

    return send


def work(partner, task, address):
    with partner.rows():
        ids = {"merchant_id": partner.merchant.pk, "import_id": CatalogueImport.objects.get().pk}
    task(**ids)
    return partner.get(address).json()


def test_a_file_is_uploaded_previewed_and_confirmed(partner, upload):
    response = upload(locale="en", currency="USD", is_human_written=True)
    assert response.status_code == 202
    started = response.json()
    assert (started["state"], started["file_name"], started["size_bytes"]) == (
        "uploaded",
        "shop.csv",
        len(CSV),
    )
    assert started["sha256"] == hashlib.sha256(CSV).hexdigest()
    address = response["Location"]
    previewed = work(partner, read_import, address)
    assert previewed["state"] == "previewed"
    assert [previewed[f"n_{name}"] for name in ("new", "invalid")] == [1, 1]

    items = partner.get(f"{address}items/").json()["results"]
    assert [(item["handle"], item["first_row"], item["action"]) for item in items] == [
        ("mug", 2, "new"),
        ("lid", 3, "invalid"),
    ]
    wrong = items[1]["problems"][0]
    assert (wrong["row"], wrong["column"], wrong["code"]) == (3, "Variant Price", "not_a_price")
    assert wrong["detail"] == "“1.234,56 x” is not a price."
    of_one_kind = partner.get(f"{address}items/", {"action": "new"}).json()["results"]
    assert [item["handle"] for item in of_one_kind] == ["mug"]

    confirmed = partner.post(f"{address}confirm/")
    assert (confirmed.status_code, confirmed.json()["state"]) == (202, "applying")
    finished = work(partner, apply_import, address)
    assert (finished["state"], finished["n_applied"]) == ("finished", 1)
    product = partner.get("/api/v1/products/").json()["results"][0]
    assert (product["handle"], product["skus"][0]["price_minor"]) == ("mug", 1250)
    texts = partner.get(f"/api/v1/products/{product['id']}/copy/").json()["results"]
    assert [(text["source"], text["plain_text"]) for text in texts] == [("human", "Holds tea.")]
    problem(partner.post(f"{address}confirm/"), 409, "import_not_previewed")


def test_a_profile_is_used_where_columns_were_assigned_before(partner, upload):
    address = upload(b"a,b\nMug,Hearth\n")["Location"]
    work(partner, read_import, address)
    wrong = {"mapping": {"a": "vendor", "b": "title"}}
    assert partner.post(f"{address}reread/", wrong).status_code == 202
    body = {
        "name": "Right",
        "columns": ["a", "b"],
        "options": {"mapping": {"a": "title", "b": "vendor"}},
    }
    profile = partner.post("/api/v1/mapping-profiles/", body).json()["id"]
    work(partner, read_import, address)
    assert partner.post(f"{address}reread/", {"profile": profile}).status_code == 202
    work(partner, read_import, address)
    (item,) = partner.get(f"{address}items/").json()["results"]
    assert item["title"] == "Mug"


def test_items_come_in_pages(partner, upload):
    rows = b"".join(b"p-%d,P %d,,1.00\n" % (n, n) for n in range(5))
    address = upload(CSV.splitlines(keepends=True)[0] + rows)["Location"]
    work(partner, read_import, address)
    first = partner.get(f"{address}items/?limit=3").json()
    second = partner.get(first["next"]).json()
    handles = [item["handle"] for page in (first, second) for item in page["results"]]
    assert handles == [f"p-{n}" for n in range(5)]
    assert second["next"] is None


def test_a_file_is_uploaded_once(partner, upload):
    headers = {"Idempotency-Key": "file-1"}
    first, second = upload(headers=headers), upload(headers=headers)
    assert (second.status_code, second.content) == (202, first.content)
    with partner.rows():
        assert CatalogueImport.objects.count() == 1


def test_an_import_is_cancelled_once(partner, upload):
    address = upload()["Location"]
    assert partner.post(f"{address}cancel/").json()["state"] == "cancelled"
    problem(partner.post(f"{address}cancel/"), 409, "import_is_over")
    with partner.rows():
        assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7 ", "file_is_pdf"),
        (b"PK\x03\x04", "workbook_broken"),
        (b"a,b\n", "no_products"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused(partner, upload, content, code):
    problem(upload(content), 422, code)
    with partner.rows():
        assert not CatalogueImport.objects.exists()


def test_an_empty_file_and_no_file_are_refused(partner, upload):
    for response in (upload(b""), Client.post(partner, IMPORTS, {"locale": "en"})):
        document = problem(response, 400, "validation_failed")
        assert [error["pointer"] for error in document["errors"]] == ["/file"]


def test_a_file_is_not_sent_as_json(partner):
    problem(partner.post(IMPORTS, {"file": "x"}), 415, "unsupported_media_type")


def test_a_currency_has_three_letters(partner, upload):
    document = problem(upload(currency="euro"), 400, "validation_failed")
    assert [error["pointer"] for error in document["errors"]] == ["/currency"]


def test_a_file_that_is_too_large_is_refused(partner, upload, settings):
    settings.MAX_IMPORT_BYTES = 10
    problem(upload(), 413, "import_too_large")
