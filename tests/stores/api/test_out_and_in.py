"""Uploads in pieces, exports, feeds, collections, views, bulk edits: what stands behind is tested there."""

import json

import pytest
from django.test import Client

from api.models import IdempotencyKey
from stores.models import BulkEdit, CatalogueExport, CatalogueImport, Product
from stores.tasks import apply_bulk_edit, prepare_bulk_edit, write_export
from tests.api.test_authentication import problem

API = "/api/v1/"
JSON = "application/json"
CONTENT = b'{"handle": "mug", "title": "Mug"}\n'


@pytest.fixture(autouse=True)
def _stored(settings, tmp_path):
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def mug(partner):
    return partner.post(f"{API}products/", {"title": "Mug", "vendor": "Hearth"}).json()


def send_piece(partner, upload, offset, piece):
    address = f"{API}uploads/{upload['id']}/piece/?offset={offset}"
    return Client.put(partner, address, piece, content_type="application/octet-stream")


def test_a_file_arrives_in_pieces(partner):
    body = {"file_name": "a.jsonl", "size_bytes": len(CONTENT)}
    upload = partner.post(f"{API}uploads/", body).json()
    assert send_piece(partner, upload, 0, CONTENT[:10]).json()["n_received_bytes"] == 10
    problem(send_piece(partner, upload, 20, CONTENT[20:]), 409, "upload_wrong_offset")
    problem(send_piece(partner, upload, 10, b""), 422, "piece_size_wrong")
    finish = f"{API}uploads/{upload['id']}/finish/"
    problem(partner.post(finish), 409, "upload_incomplete")
    assert send_piece(partner, upload, 10, CONTENT[10:]).status_code == 200
    finished = partner.post(finish, {"apply_at_once": True})
    assert (finished.status_code, finished.json()["size_bytes"]) == (202, len(CONTENT))
    assert finished["Location"].endswith(f"{API}imports/{finished.json()['id']}/")
    assert partner.post(finish).json()["id"] == finished.json()["id"]
    with partner.rows():
        assert CatalogueImport.objects.get().options["apply_at_once"] is True


def test_an_export_is_started_and_fetched(partner, mug):
    response = partner.post(f"{API}exports/", {"format": "jsonl", "filter": {"vendor": "Hearth"}})
    export = response.json()
    assert (response.status_code, export["state"]) == (202, "queued")
    assert export["filter"] == {"vendor": "Hearth"}
    file = f"{API}exports/{export['id']}/file/"
    problem(partner.get(file), 409, "export_not_finished")
    with partner.rows():
        key = CatalogueExport.objects.get().pk
    write_export(merchant_id=partner.merchant.pk, export_id=key)
    fetched = partner.get(file)
    assert fetched["ETag"] == f'"{partner.get(response["Location"]).json()["sha256"]}"'
    assert json.loads(fetched.getvalue())["handle"] == "mug"
    problem(partner.post(f"{API}exports/", {"format": "pdf"}), 400, "validation_failed")


def test_the_address_of_a_feed_is_shown_once_and_kept_nowhere(partner):
    headers = {"Idempotency-Key": "feed"}
    body = {"name": "Market", "format": "jsonl"}
    first, second = (partner.post(f"{API}feeds/", body, headers=headers) for _ in range(2))
    url = first.json()["url"]
    assert "/feeds/" in url
    assert second.json() == {**first.json(), "url": None}
    with partner.rows():
        assert url not in str(IdempotencyKey.objects.values_list("body", flat=True))
    feed = f"{API}feeds/{first.json()['id']}/"
    assert "url" not in partner.get(feed).json()
    assert partner.post(f"{feed}rotate/").json()["url"] != url
    assert partner.delete(feed).status_code == 204
    problem(partner.post(f"{feed}rotate/"), 409, "feed_is_revoked")


def test_a_collection_is_filled_by_hand_or_by_a_rule(partner, mug):
    by_hand = partner.post(f"{API}collections/", {"name": "Kitchen"}).json()
    assert (by_hand["rule"], by_hand["n_members"]) == ({}, 0)
    address = f"{API}collections/{by_hand['id']}/"
    filled = partner.post(f"{address}add-products/", {"products": [mug["id"]]}).json()
    assert filled["n_members"] == 1
    assert [p["id"] for p in partner.get(f"{address}products/").json()["results"]] == [mug["id"]]
    emptied = partner.post(f"{address}remove-products/", {"filter": {"vendor": "Hearth"}}).json()
    assert emptied["n_members"] == 0
    vanished = partner.post(f"{address}add-products/", {"filter": {"collection": "col_gone"}})
    assert (vanished.status_code, vanished.json()["n_members"]) == (200, 0)
    rule = {"name": "Hearth", "rule": {"vendor": "Hearth"}}
    ruled = f"{API}collections/{partner.post(f'{API}collections/', rule).json()['id']}/"
    assert [p["id"] for p in partner.get(f"{ruled}products/").json()["results"]] == [mug["id"]]
    refused = partner.post(f"{ruled}add-products/", {"products": [mug["id"]]})
    problem(refused, 422, "collection_has_rule")
    assert partner.delete(ruled).status_code == 204


def test_a_view_is_saved_renamed_and_deleted(partner):
    body = {"name": "Todo", "filter": {"copy_state": "none"}}
    view = partner.post(f"{API}saved-views/", body).json()
    partner.post(f"{API}saved-views/", {**body, "name": "Other"})
    address = f"{API}saved-views/{view['id']}/"
    changed = partner.patch(address, {"name": "To do"}, content_type=JSON).json()
    assert changed == {**view, "name": "To do"}
    problem(partner.patch(address, {"name": "Other"}, content_type=JSON), 409, "view_name_taken")
    assert partner.delete(address).status_code == 204


def test_categories_come_as_a_tree(partner):
    for title, category in (("A", "Home > Kitchen"), ("B", "Home > Kitchen > Mugs")):
        partner.post(f"{API}products/", {"title": title, "category": category})
    rows = partner.get(f"{API}categories/").json()["results"]
    assert [(row["path"], row["depth"], row["n_products"]) for row in rows] == [
        ("Home", 0, 2),
        ("Home > Kitchen", 1, 2),
        ("Home > Kitchen > Mugs", 2, 1),
    ]


def test_many_products_are_changed_after_a_preview(partner, mug):
    body = {
        "filter": {"vendor": "Hearth"},
        "changes": [{"field": "tags", "do": "add", "value": "sale"}],
    }
    response = partner.post(f"{API}bulk-edits/", body)
    edit = response.json()
    assert (response.status_code, edit["state"]) == (202, "preparing")
    address = f"{API}bulk-edits/{edit['id']}/"
    with partner.rows():
        ids = {"merchant_id": partner.merchant.pk, "bulk_edit_id": BulkEdit.objects.get().pk}
    prepare_bulk_edit(**ids)
    (item,) = partner.get(f"{address}items/").json()["results"]
    assert (item["product"], item["after"]) == (mug["id"], {"tags": ["sale"]})
    assert partner.post(f"{address}confirm/").status_code == 202
    apply_bulk_edit(**ids)
    assert partner.get(address).json()["n_applied"] == 1
    product = f"{API}products/{mug['id']}/"
    assert partner.get(product).json()["tags"] == ["sale"]
    (revision,) = partner.get(f"{product}history/").json()["results"]
    assert (revision["kind"], revision["origin"]) == ("bulk_edit", edit["id"])
    assert partner.post(f"{address}undo/").status_code == 202


def test_spaces_at_the_edges_of_an_added_text_stay(partner, mug):
    changes = [
        {"field": "title", "do": "add", "value": " (new)"},
        {"field": "vendor", "do": "set", "value": " Hearth & Co "},
        {"field": "status", "do": "set", "value": " draft "},
    ]
    response = partner.post(f"{API}bulk-edits/", {"products": [mug["id"]], "changes": changes})
    assert response.status_code == 202, response.content
    with partner.rows():
        edit = BulkEdit.objects.get()
    prepare_bulk_edit(merchant_id=partner.merchant.pk, bulk_edit_id=edit.pk)
    (item,) = partner.get(f"{API}bulk-edits/{edit.public_id}/items/").json()["results"]
    assert item["after"] == {"title": "Mug (new)", "vendor": "Hearth & Co", "status": "draft"}


def test_a_key_knows_itself_and_its_merchant(partner):
    me = partner.get(f"{API}me/").json()
    assert (me["prefix"], len(me["scopes"])) == (partner.key.prefix, 7)
    facts = {"brand_facts": {"Founded": "1998"}, "locale": "de"}
    changed = partner.patch(f"{API}merchant/", facts, content_type=JSON).json()
    assert (changed["id"], changed["locale"]) == (me["merchant"], "de")
    assert partner.get(f"{API}merchant/").json() == changed
    wrong = partner.patch(f"{API}merchant/", {"time_zone": "Mars/Base"}, content_type=JSON)
    problem(wrong, 400, "validation_failed")


def test_a_text_by_a_person_is_written_and_shown_at_once(partner, mug):
    body = {"product": mug["id"], "text": "<p>Holds tea.</p>", "publish": True}
    text = partner.post(f"{API}copy-versions/", body).json()
    assert (text["state"], text["source"], text["locale"]) == ("published", "human", "en")
    address = f"{API}copy-versions/{text['id']}/"
    assert partner.post(f"{address}unpublish/").json()["state"] == "retired"
    assert partner.post(f"{address}restore/").json()["state"] == "published"
    draft = partner.post(f"{API}copy-versions/", {**body, "publish": False}).json()
    address = f"{API}copy-versions/{draft['id']}/"
    assert partner.post(f"{address}withdraw/").json()["state"] == "retired"
    assert partner.post(f"{address}reopen/").json()["state"] == "draft"
    (slot,) = partner.get(f"{API}copy-slots/", {"product": mug["id"]}).json()["results"]
    assert (slot["id"], slot["n_versions"]) == (draft["slot"], 2)
    with partner.rows():
        assert Product.objects.get().copy_state == "draft"
