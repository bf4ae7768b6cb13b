from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stores.models import CatalogueImport, Product
from stores.services.import_work import apply_items, read_file
from tenants.scope import merchant_scope

GOOD = (
    "Handle,Title,Body (HTML),Vendor,Variant SKU,Variant Price\nmug,Mug,<p>A mug.</p>,H,M1,12.00\n"
)
BAD = "Handle,Title,Variant Price\nbowl,Bowl,twelve\n"


@pytest.fixture
def url(merchant):
    return lambda name, *args: reverse(f"stores:{name}", args=[merchant.public_id, *args])


@pytest.fixture
def upload(url, editor, signed_in):
    client = signed_in(editor)

    def send(content, name="products.csv", **more):
        file = BytesIO(content if isinstance(content, bytes) else content.encode())
        file.name = name
        data = {"file": file, "locale": "en", "on_conflict": "keep", **more}
        return client.post(url("import_create"), data)

    return send


def the_import(merchant):
    with merchant_scope(merchant.pk):
        return CatalogueImport.objects.get()


def read(merchant):
    found = the_import(merchant)
    with merchant_scope(merchant.pk):
        read_file(found.pk)
    return the_import(merchant)


def test_a_file_is_uploaded_previewed_confirmed_and_written(
    url, upload, merchant, editor, signed_in
):
    response = upload(GOOD, is_human_written="on")
    found = read(merchant)
    assert response.url == url("import_detail", found.public_id)
    client = signed_in(editor)
    preview = client.get(response.url).content.decode()
    assert "1 new, 0 changed" in preview
    assert "every 1s" not in preview
    with merchant_scope(merchant.pk):
        assert Product.objects.count() == 0
    client.post(url("import_confirm", found.public_id))
    with merchant_scope(merchant.pk):
        apply_items(found.pk)
        product = Product.objects.get()
        version = product.slots.get().versions.get()
    assert (product.title, version.source, version.state) == ("Mug", "human", "published")
    assert "1 product was imported." in client.get(response.url).content.decode()


def test_an_invalid_row_is_shown_with_row_column_and_reason(upload, merchant, editor, signed_in):
    response = upload(BAD)
    read(merchant)
    page = signed_in(editor).get(response.url).content.decode()
    assert "Row 2, Variant Price" in page
    assert "twelve" in page


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.csv"), (b"PK\x03\x04rest", "book.xlsx"), (b"\x89PNG\r\n\x1a\n", "a.png"),
     (b"%PDF-1.7", "a.pdf")],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_place(upload, merchant, content, name):
    response = upload(content, name)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["file"]
    with merchant_scope(merchant.pk):
        assert CatalogueImport.objects.count() == 0


def test_no_file_is_said_in_place(url, editor, merchant, signed_in):
    response = signed_in(editor).post(url("import_create"), {"locale": "en", "on_conflict": "keep"})
    assert response.status_code == 422
    assert response.context["form"].errors["file"] == ["Choose a file first."]


def test_a_waiting_import_polls_and_a_viewer_sees_no_buttons(
    url, upload, merchant, viewer, signed_in
):
    address = upload(GOOD).url
    page = signed_in(viewer).get(address).content.decode()
    assert 'hx-trigger="every 1s"' in page
    read(merchant)
    page = signed_in(viewer).get(address).content.decode()
    assert "import_confirm" not in page
    assert "/confirm/" not in page


def test_a_cancelled_import_writes_nothing(url, upload, merchant, editor, signed_in):
    upload(GOOD)
    found = read(merchant)
    client = signed_in(editor)
    client.post(url("import_cancel", found.public_id))
    client.post(url("import_confirm", found.public_id))
    with merchant_scope(merchant.pk):
        apply_items(found.pk)
        assert Product.objects.count() == 0
    assert the_import(merchant).state == "cancelled"


def test_markup_in_cells_is_shown_as_text(upload, merchant, editor, signed_in):
    hostile = "<script>alert(1)</script>"
    address = upload(f"Handle,Title,Variant Price\nmug,{hostile},{hostile}\n").url
    read(merchant)
    page = signed_in(editor).get(address).content.decode()
    assert hostile not in page
    assert "&lt;script&gt;" in page


def test_the_preview_takes_as_many_queries_however_long_it_is(upload, merchant, editor, signed_in):
    client = signed_in(editor)
    address = upload(GOOD).url
    read(merchant)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    with merchant_scope(merchant.pk):
        CatalogueImport.objects.all().delete()
    rows = "".join(f"p{n},P{n},,H,S{n},1.00\n" for n in range(60))
    address = upload(GOOD + rows).url
    read(merchant)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
