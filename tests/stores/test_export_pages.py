"""Exports and feeds as people see them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stores.models import CatalogueExport, Feed, Product
from stores.services.export_work import write_export
from tenants.models import AuditEntry
from tenants.scope import merchant_scope


@pytest.fixture
def url(merchant):
    return lambda name, *args: reverse(f"stores:{name}", args=[merchant.public_id, *args])


@pytest.fixture
def shop(merchant):
    """A function that makes products."""

    def make(n, **more):
        with merchant_scope(merchant.pk):
            here = Product.objects.count()
            Product.objects.bulk_create(
                Product(handle=f"mug-{k}", title=f"Mug {k}", **more) for k in range(here, here + n)
            )

    make(2, vendor="H")
    return make


def the_export(merchant):
    with merchant_scope(merchant.pk):
        return CatalogueExport.objects.get()


def write(merchant):
    with merchant_scope(merchant.pk):
        write_export(CatalogueExport.objects.get().pk)
        return CatalogueExport.objects.get()


def test_from_the_form_to_the_file(url, shop, merchant, editor, signed_in):
    client = signed_in(editor)
    old_address = client.get(url("export") + "?vendor=H")
    assert old_address.url == url("export_create") + "?vendor=H"
    page = client.get(old_address.url).content.decode()
    assert "<strong>2 products</strong>" in page
    assert "Vendor: H" in page
    answer = client.post(old_address.url, {"format": "shopify_csv"})
    assert answer.url == url("export_detail", the_export(merchant).public_id)
    waiting = client.get(answer.url).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    found = write(merchant)
    done = client.get(answer.url).content.decode()
    assert "hx-trigger" not in done
    assert url("export_download", found.public_id) in done
    file = client.get(url("export_download", found.public_id))
    assert file.headers["Content-Disposition"] == f'attachment; filename="{found.file_name}"'
    assert b"".join(file.streaming_content).count(b"\r\n") == 3
    with merchant_scope(merchant.pk):
        actions = AuditEntry.objects.filter(merchant=merchant, target=found.public_id)
        assert list(actions.order_by("pk").values_list("action", flat=True)) == [
            "export.started", "export.finished", "export.downloaded",
        ]  # fmt: skip


def test_a_viewer_fetches_what_others_export(url, shop, merchant, editor, viewer, signed_in):
    signed_in(editor).post(url("export_create"), {"format": "shopify_csv"})
    found = the_export(merchant)
    client = signed_in(viewer)
    cancel = url("export_cancel", found.public_id)
    assert cancel not in client.get(url("export_detail", found.public_id)).content.decode()
    assert client.post(cancel).status_code == 403
    assert client.post(url("export_create"), {"format": "shopify_csv"}).status_code == 403
    assert write(merchant).state == "finished"
    page = client.get(url("export_list")).content.decode()
    assert url("export_create") not in page
    download = url("export_download", found.public_id)
    assert download in page
    assert client.get(download).status_code == 200


def test_a_form_that_is_wrong_says_so_and_starts_nothing(url, shop, merchant, editor, signed_in):
    wrong = {"format": "word", "link_template": "shop.example"}
    answer = signed_in(editor).post(url("export_create"), wrong)
    assert answer.status_code == 422
    assert "{handle} or {sku}" in answer.content.decode()
    with merchant_scope(merchant.pk):
        assert CatalogueExport.objects.count() == 0


def test_an_unfinished_file_cannot_be_fetched(url, shop, merchant, editor, signed_in):
    client = signed_in(editor)
    client.post(url("export_create"), {"format": "shopify_csv"})
    found = the_export(merchant)
    assert client.get(url("export_download", found.public_id)).status_code == 404
    client.post(url("export_cancel", found.public_id))
    assert "Cancelled before" in client.get(url("export_detail", found.public_id)).content.decode()


def test_left_out_products_are_listed_with_the_reason(url, shop, merchant, editor, signed_in):
    client = signed_in(editor)
    client.post(url("export_create"), {"format": "google_xml"})
    found = write(merchant)
    page = client.get(url("export_detail", found.public_id)).content.decode()
    assert (found.n_written, found.n_left_out) == (0, 2)
    with merchant_scope(merchant.pk):
        product = Product.objects.get(handle="mug-0")
    assert url("product_detail", product.public_id) in page
    assert "It has no price." in page


def test_the_history_takes_as_many_queries_however_long_it_is(url, merchant, editor, signed_in):
    client = signed_in(editor)

    def make(n):
        with merchant_scope(merchant.pk):
            for k in range(n):
                feed = Feed.objects.create(
                    name="f", format="csv", prefix=f"{n}-{k}", secret_hash=b"",
                    due_at="2026-01-01T00:00Z", created_by=editor,
                )  # fmt: skip
                for one in (None, feed):
                    CatalogueExport.objects.create(format="csv", feed=one, created_by=editor)

    def n_queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url("export_list")).status_code == 200
        return len(captured)

    make(1)
    few = n_queries()
    make(20)
    assert n_queries() == few


def test_a_feed_shows_its_address_once(url, shop, merchant, editor, signed_in):
    client = signed_in(editor)
    values = {"name": "Google", "format": "shopify_csv", "every_minutes": "1440"}
    made = client.post(url("feed_create") + "?vendor=H", values)
    with merchant_scope(merchant.pk):
        feed = Feed.objects.get()
    address = f"/feeds/{feed.prefix}-"
    assert (made.status_code, made.headers["Cache-Control"].count("no-store")) == (200, 1)
    assert f"http://127.0.0.1:8000{address}" in made.content.decode()
    later = client.get(url("export_list")).content.decode()
    assert f"{address}…" in later
    assert later.count(address) == 1
    assert feed.query == "vendor=H"


def test_a_feed_gets_a_new_address_and_ends(url, shop, merchant, editor, viewer, signed_in):
    values = {"name": "Google", "format": "shopify_csv", "every_minutes": "60"}
    assert signed_in(viewer).post(url("feed_create"), values).status_code == 403
    client = signed_in(editor)
    client.post(url("feed_create"), values)
    with merchant_scope(merchant.pk):
        before = Feed.objects.get()
    rotated = client.post(url("feed_rotate", before.public_id))
    with merchant_scope(merchant.pk):
        after = Feed.objects.get()
    assert before.prefix != after.prefix
    assert f"/feeds/{after.prefix}-" in rotated.content.decode()
    client.post(url("feed_revoke", before.public_id))
    assert client.post(url("feed_rotate", before.public_id)).url == url("export_list")
    with merchant_scope(merchant.pk):
        actions = AuditEntry.objects.filter(merchant=merchant, target=before.public_id)
        assert list(actions.order_by("pk").values_list("action", flat=True)) == [
            "feed.created", "feed.rotated", "feed.revoked",
        ]  # fmt: skip
        assert set(CatalogueExport.objects.values_list("state", flat=True)) == {"cancelled"}
