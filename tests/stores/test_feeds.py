"""Feeds at their addresses, as a stranger with the address sees them."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from stores.models import CatalogueExport, Feed, Product
from stores.selectors.filters import ProductFilter
from stores.services.export_work import write_export
from stores.services.feeds import (
    build_due_feeds,
    create_feed,
    merchants_with_due_feeds,
    revoke_feed,
    rotate_feed,
)
from tenants.actor import SYSTEM
from tenants.models import Merchant
from tenants.scope import merchant_scope
from tests.conftest import acting_as

NOT_FOUND = (404, b"Not found.")


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def feed(in_scope):
    """A feed and the path of its address."""
    Product.objects.create(handle="mug", title="Mug")
    made, url = create_feed(
        name="Google", format="shopify_csv", products=ProductFilter(), every_minutes=60,
        actor=SYSTEM,
    )  # fmt: skip
    return made, url.removeprefix("http://127.0.0.1:8000")


def write():
    for export in CatalogueExport.objects.filter(state="queued"):
        write_export(export.pk)


def get(path, **headers):
    return Client().get(path, headers=headers)


def seen(path):
    response = get(path)
    return response.status_code, response.content


def test_a_feed_is_served_without_login_and_says_what_it_is(feed):
    made, path = feed
    assert get(path).status_code == 503
    write()
    response = get(path)
    export = CatalogueExport.objects.get()
    assert (response.status_code, response.headers["Content-Type"]) == (
        200, "text/csv; charset=utf-8",
    )  # fmt: skip
    body = b"".join(response.streaming_content)
    assert body.startswith(b"Handle,Title")
    assert response.headers["ETag"] == f'"{export.sha256}"'
    assert response.headers["Content-Length"] == str(len(body))
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in response.headers
    made.refresh_from_db()
    assert timezone.now() - made.last_fetched_at < timedelta(minutes=1)


def test_without_the_cache_a_feed_is_served(feed, monkeypatch):
    _, path = feed
    write()

    def refuse(*args, **more):
        raise RedisConnectionError

    monkeypatch.setattr(cache, "add", refuse)
    assert get(path).status_code == 200


def test_who_has_the_file_already_gets_304(feed):
    _, path = feed
    write()
    first = get(path)
    for headers in (
        {"if-none-match": first.headers["ETag"]},
        {"if-modified-since": first.headers["Last-Modified"]},
    ):
        again = get(path, **headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert get(path, **{"if-none-match": '"other"'}).status_code == 200


def test_head_tells_the_size_and_opens_no_file(feed, monkeypatch):
    _, path = feed
    write()
    monkeypatch.setattr("stores.views.feeds.default_storage", None)
    response = Client().head(path)
    export = CatalogueExport.objects.get()
    assert response.headers["Content-Length"] == str(export.size_bytes)
    assert response.headers["ETag"] == f'"{export.sha256}"'
    assert Client().post(path).status_code == 405


def test_what_opens_nothing_answers_always_the_same(feed, merchant):
    made, path = feed
    write()
    wrong = path[:-1] + ("0" if path[-1] != "0" else "1")
    for unknown in (wrong, "/feeds/nothing", f"/feeds/{'a' * 12}-{'0' * 64}", "/feeds/%00"):
        assert seen(unknown) == NOT_FOUND
    rotated, new_url = rotate_feed(feed=made, actor=SYSTEM)
    assert seen(path) == NOT_FOUND
    new_path = new_url.removeprefix("http://127.0.0.1:8000")
    assert get(new_path).status_code == 200
    Merchant.objects.filter(pk=merchant.pk).update(is_active=False)
    assert seen(new_path) == NOT_FOUND
    Merchant.objects.filter(pk=merchant.pk).update(is_active=True)
    revoke_feed(feed=rotated, actor=SYSTEM)
    assert seen(new_path) == NOT_FOUND


def test_too_many_requests_for_one_address_are_refused(feed, settings):
    _, path = feed
    write()
    settings.FEED_REQUESTS_PER_MINUTE = 2
    assert [get(path).status_code for _ in range(3)] == [200, 200, 429]


def test_a_fetch_is_noted_once_a_minute(feed):
    _, path = feed
    write()
    get(path)
    with CaptureQueriesContext(connection) as captured:
        get(path)
    assert not [q for q in captured if q["sql"].startswith("UPDATE")]


def test_a_feed_is_built_when_it_is_due_and_keeps_its_newest_file(feed):
    made, path = feed
    write()
    first = CatalogueExport.objects.get()
    assert build_due_feeds() == []
    Feed.objects.update(due_at=timezone.now())
    Product.objects.create(handle="pot", title="Pot")
    (second,) = build_due_feeds()
    Feed.objects.update(due_at=timezone.now())
    assert build_due_feeds() == []
    write()
    first.refresh_from_db()
    assert (first.state, first.file.name) == ("finished", "")
    made.refresh_from_db()
    assert made.due_at - timezone.now() > timedelta(minutes=59)
    assert b"Pot" in b"".join(get(path).streaming_content)
    assert CatalogueExport.objects.get(pk=second.pk).state == "finished"


def test_the_earlier_file_is_served_while_the_next_one_is_written(feed):
    _, path = feed
    write()
    etag = get(path).headers["ETag"]
    Feed.objects.update(due_at=timezone.now())
    (second,) = build_due_feeds()
    CatalogueExport.objects.filter(pk=second.pk).update(state="writing", file="exports/half")
    assert get(path).headers["ETag"] == etag


def test_beat_finds_the_merchants_with_due_feeds(feed, merchant, other_merchant):
    def found():
        with acting_as("worker"):
            return merchants_with_due_feeds()

    assert found() == []
    Feed.objects.update(due_at=timezone.now())
    assert found() == [merchant.pk]
    Merchant.objects.filter(pk=merchant.pk).update(is_active=False)
    assert found() == []


def test_feeds_of_others_are_not_built(feed, other_merchant):
    Feed.objects.update(due_at=timezone.now())
    with merchant_scope(other_merchant.pk), transaction.atomic():
        assert build_due_feeds() == []
