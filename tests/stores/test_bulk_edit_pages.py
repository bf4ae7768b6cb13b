from urllib.parse import parse_qs, urlsplit

import pytest

from stores.importers.base import ParsedSku
from stores.models import BulkEdit, Product
from stores.selectors.filters import ProductFilter
from stores.services import bulk_edit_work
from stores.services.bulk_edits import confirm_bulk_edit, start_bulk_edit
from stores.services.products import create_product, update_product
from tenants.actor import Actor

ANN = Actor("user", "ann@example.org")


@pytest.fixture
def catalogue(in_scope):
    return [
        create_product(
            title=f"Mug {n}", vendor="H", skus=[ParsedSku((), price_minor=1000)], actor=ANN
        )
        for n in range(3)
    ]


@pytest.fixture
def pages(merchant):
    return f"/m/{merchant.public_id}/products/bulk-edits/"


def started(*changes):
    found = start_bulk_edit(products=ProductFilter(), changes=changes, actor=ANN)
    bulk_edit_work.prepare(found.pk)
    found.refresh_from_db()
    return found


def test_ticked_products_lead_to_the_form(catalogue, merchant, editor, signed_in):
    client = signed_in(editor)
    data = {"do": "edit", "selected": [one.public_id for one in catalogue[:2]]}
    answer = client.post(f"/m/{merchant.public_id}/products/selected/", data)
    assert urlsplit(answer.url).path.endswith("/bulk-edits/new/")
    assert parse_qs(urlsplit(answer.url).query)["ids"] == [
        f"{catalogue[0].public_id},{catalogue[1].public_id}"
    ]
    page = client.get(answer.url).content.decode()
    assert "2 products" in page
    assert "2 chosen products" in page


def test_a_bulk_edit_is_put_together_step_by_step(catalogue, pages, editor, signed_in):
    client = signed_in(editor)
    new = f"{pages}new/?vendor=H"
    first = client.post(new, {"more": "price-percent", "add": "1"}).content.decode()
    assert 'name="change-0-value"' in first
    assert 'name="change-0-rounding"' in first
    data = {"kind": ["price-percent"], "change-0-value": "-10", "more": "tags-add", "add": "1"}
    second = client.post(new, data).content.decode()
    assert 'value="-10"' in second
    data |= {"kind": ["price-percent", "tags-add"], "change-1-value": "sale"}
    done = {name: value for name, value in data.items() if name not in ("add", "more")}
    third = client.post(new, done | {"without": "0"}).content.decode()
    assert 'value="sale"' in third
    assert 'value="-10"' not in third
    answer = client.post(new, done)
    found = BulkEdit.objects.get()
    assert answer.url == f"{pages}{found.public_id}/"
    assert (found.query, found.changes) == (
        "vendor=H",
        [
            {"do": "adjust", "field": "price", "value": "-10", "unit": "percent"},
            {"do": "add", "field": "tags", "value": "sale"},
        ],
    )


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": ["price-set"], "change-0-value": "cheap"},
        {"kind": ["price-set"]},
        {"kind": ["price-percent"], "change-0-value": "much"},
        {"kind": ["attribute-set"], "change-0-value": "oak"},
        {"kind": ["locale-set"], "change-0-value": "!!"},
        {"kind": ["title-replace"], "change-0-value": "x"},
        {"kind": ["status-set"], "change-0-value": "sold"},
        {"kind": ["nonsense"]},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_started(catalogue, pages, editor, signed_in, data):
    answer = signed_in(editor).post(f"{pages}new/", data, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "has-errors" in page or "Say what is to be changed." in page
    assert BulkEdit.objects.count() == 0


def test_the_preview_shows_old_and_new_and_is_confirmed(catalogue, pages, editor, signed_in):
    client = signed_in(editor)
    found = started(
        {"do": "adjust", "field": "price", "unit": "percent", "value": "-10"},
        {"do": "set", "field": "status", "value": "draft"},
    )
    page = client.get(f"{pages}{found.public_id}/").content.decode()
    for shown in (
        "3 of 3 products would change",
        "Change 3 products",
        "Lower Price by 10\N{NO-BREAK SPACE}%",
        "<del>10.00</del>",
        "<ins>9.00</ins>",
        "<ins>Draft</ins>",
        "Mug 0",
    ):
        assert shown in page
    assert "hx-trigger" not in page
    client.post(f"{pages}{found.public_id}/confirm/")
    page = client.get(f"{pages}{found.public_id}/").content.decode()
    assert 'hx-trigger="every 1s"' in page
    bulk_edit_work.apply(found.pk)
    page = client.get(f"{pages}{found.public_id}/").content.decode()
    assert "3 products were changed." in page
    client.post(f"{pages}{found.public_id}/undo/")
    bulk_edit_work.undo(found.pk)
    page = client.get(f"{pages}{found.public_id}/").content.decode()
    assert "3 products are as they were before." in page
    assert set(Product.objects.values_list("status", flat=True)) == {"active"}


def test_left_products_are_listed_with_the_reason(catalogue, pages, viewer, signed_in):
    found = started({"do": "set", "field": "vendor", "value": "New"})
    update_product(product=catalogue[1], actor=ANN, vendor="Other")
    bulk_edit_work.apply(confirm_bulk_edit(bulk_edit=found, actor=ANN).pk)
    page = signed_in(viewer).get(f"{pages}{found.public_id}/?show=skipped").content.decode()
    assert "1 had been changed since the preview" in page
    assert "Somebody has changed it in the meantime." in page
    assert "Mug 1" in page
    assert "Undo" not in page


def test_products_that_cannot_take_the_change_are_listed(catalogue, pages, editor, signed_in):
    found = started({"do": "replace", "field": "title", "find": "Mug 1", "value": ""})
    page = signed_in(editor).get(f"{pages}{found.public_id}/").content.decode()
    assert "The title would be empty." in page
    assert "Nothing would change" in page


def test_the_history_of_bulk_edits(catalogue, pages, viewer, signed_in):
    client = signed_in(viewer)
    assert "No bulk edit yet" in client.get(pages).content.decode()
    started({"do": "add", "field": "tags", "value": "<b>sale</b>"})
    page = client.get(pages).content.decode()
    assert "Add “&lt;b&gt;sale&lt;/b&gt;” to Tags" in page


def test_a_refusal_is_told(catalogue, pages, editor, signed_in):
    client = signed_in(editor)
    found = started({"do": "clear", "field": "tags"})
    client.post(f"{pages}{found.public_id}/confirm/")
    page = client.get(f"{pages}{found.public_id}/").content.decode()
    assert "not waiting for an answer" in page
    client.post(f"{pages}{found.public_id}/cancel/")
    found.refresh_from_db()
    assert found.state == "cancelled"


def test_what_is_not_finished_is_not_blamed_yet(catalogue, pages, editor, signed_in):
    client = signed_in(editor)
    data = {"kind": ["price-percent"], "more": "attribute-replace", "add": "1"}
    page = client.post(f"{pages}new/", data).content.decode()
    assert 'name="change-1-find"' in page
    assert "has-errors" not in page
