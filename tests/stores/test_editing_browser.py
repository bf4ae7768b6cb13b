"""Editing in a real browser: rows come and go, a broken picture gives way, nothing runs wide."""

from pathlib import Path

import pytest
from django.db import transaction

from stores.importers.base import ParsedImage, ParsedSku
from stores.models import BulkEdit, Product
from stores.services.products import create_product
from tenants.actor import SYSTEM
from tenants.scope import merchant_scope

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium on this machine"),
    # Playwright's own loop runs in the thread in which the test database is flushed.
    pytest.mark.usefixtures("live_server"),
]


@pytest.fixture
def mug(live_server, merchant):
    with merchant_scope(merchant.pk), transaction.atomic():
        return create_product(
            title="Mug",
            option_names=["Size"],
            skus=[ParsedSku(("S",), price_minor=1950)],
            images=[
                ParsedImage(f"{live_server.url}/static/demo/acacia-salad-bowl.svg", "Fine", 1),
                ParsedImage(f"{live_server.url}/static/nothing.jpg", "Broken", 2),
            ],
            actor=SYSTEM,
        )


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def window(request, live_server, monkeypatch, merchant, editor, signed_in):
    """A signed-in editor's window; `window.open(path)` goes to a page of the merchant."""
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    cookie = signed_in(editor).cookies["copydesk_session"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = browser.new_context(
            viewport={"width": 360, "height": 800}, java_script_enabled=request.param
        )
        context.add_cookies([{"name": "copydesk_session", "value": cookie, "url": live_server.url}])
        opened = context.new_page()
        opened.has_script = request.param
        opened.open = lambda path: opened.goto(f"{live_server.url}/m/{merchant.public_id}/{path}")
        yield opened
        browser.close()


def is_wide(window):
    return window.has_script and window.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def test_a_product_is_edited(window, mug, merchant):
    window.open(f"products/{mug.public_id}/edit/")
    assert not is_wide(window)
    window.fill("[name=title]", "Tall mug")
    window.click("button[value=skus]")
    window.fill("[name='skus-1-option_0']", "L")
    window.fill("[name='skus-1-price']", "much")
    window.press("[name='skus-1-price']", "Enter")
    window.wait_for_selector("text=is not a price")
    window.fill("[name='skus-1-price']", "24.50")
    window.press("[name='skus-1-price']", "Enter")
    window.wait_for_selector("h1:has-text('Tall mug')")
    with merchant_scope(merchant.pk), transaction.atomic():
        assert list(mug.skus.values_list("options", "price_minor")) == [
            (["S"], 1950),
            (["L"], 2450),
        ]


def test_a_bulk_edit_is_put_together(window, mug, merchant):
    window.open("products/bulk-edits/new/")
    for kind in ("price-percent", "tags-add", "title-add"):
        window.select_option("#more", kind)
        window.click("button[name=add]")
        window.wait_for_selector(f"input[name=kind][value={kind}]", state="attached")
    assert window.locator("#bulk-edit-form").count() == 1
    window.click("button[name=without][value='1']")
    window.wait_for_selector("input[value=tags-add]", state="detached")
    assert not is_wide(window)
    window.fill("[name='change-0-value']", "-10")
    window.fill("[name='change-1-value']", " (sale)")
    window.press("[name='change-1-value']", "Enter")
    window.wait_for_selector("text=Being worked out")
    with merchant_scope(merchant.pk), transaction.atomic():
        assert [change["field"] for change in BulkEdit.objects.get().changes] == ["price", "title"]


def test_a_picture_that_cannot_be_loaded_gives_way(window, mug):
    if not window.has_script:
        pytest.skip("without JavaScript the browser shows the alternative text")
    window.open(f"products/{mug.public_id}/")
    window.wait_for_selector(".picture.is-broken .picture-broken")
    assert window.locator(".picture.is-broken").count() == 1
    assert not is_wide(window)


def test_a_product_is_deleted_after_a_question(window, mug, merchant):
    window.open(f"products/{mug.public_id}/edit/")
    window.click("text=Delete this product")
    window.click("button:has-text('Delete')")
    window.wait_for_selector("h1:has-text('Products')")
    with merchant_scope(merchant.pk), transaction.atomic():
        assert not Product.objects.exists()
