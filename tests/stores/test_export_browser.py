"""Exports and feeds in a real browser: by keyboard, on a phone, in both languages and themes."""

import os
from pathlib import Path

import pytest
from django.db import transaction

from stores.importers.base import ParsedImage, ParsedSku
from stores.models import CatalogueExport
from stores.services.export_work import write_export
from stores.services.products import create_product
from tenants.actor import SYSTEM
from tenants.scope import merchant_scope

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
SHOTS = os.environ.get("COPYDESK_SCREENSHOTS", "")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium on this machine"),
    # Playwright's own loop runs in the thread in which the test database is flushed.
    pytest.mark.usefixtures("live_server"),
]


@pytest.fixture
def work(merchant):
    """A function that writes what waits, as a worker does."""

    def write():
        with merchant_scope(merchant.pk):
            with transaction.atomic():
                waiting = list(CatalogueExport.objects.filter(state="queued"))
            for export in waiting:
                write_export(export.pk)

    with merchant_scope(merchant.pk), transaction.atomic():
        for n in range(3):
            create_product(
                title=f"Fjord mug {n}",
                actor=SYSTEM,
                description="<p>A mug.</p>",
                skus=[ParsedSku((), code=f"M-{n}", price_minor=1900 if n else None)],
                images=[ParsedImage("https://example.org/mug.jpg", "", 1)] if n < 2 else [],
            )
    return write


@pytest.fixture
def page(live_server, monkeypatch, merchant, editor, signed_in):
    """A signed-in editor's window; `page.open(path)` goes to a page of the merchant."""
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    cookie = signed_in(editor).cookies["copydesk_session"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        session = {"name": "copydesk_session", "value": cookie, "url": live_server.url}
        context.add_cookies([session])
        window = context.new_page()
        window.complaints = []
        window.on(
            "console", lambda m: window.complaints.append(m.text) if m.type == "error" else None
        )
        window.on("pageerror", lambda e: window.complaints.append(str(e)))
        window.open = lambda path: window.goto(f"{live_server.url}/m/{merchant.public_id}/{path}")
        yield window
        browser.close()


def look(page, name):
    """Nothing is wider than the window, in both themes, at both widths and in both languages."""
    for language in ("en", "zh-hans"):
        cookie = {"name": "django_language", "value": language, "url": page.url}
        page.context.add_cookies([cookie])
        page.reload()
        for width, scheme in ((1280, "light"), (360, "dark")):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            fits = "document.documentElement.scrollWidth <= window.innerWidth"
            assert page.evaluate(fits), (name, language, width)
            if SHOTS:
                page.wait_for_timeout(500)
                page.screenshot(path=f"{SHOTS}/{name}-{language}-{width}.png", full_page=True)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": page.url}])
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()


def test_an_export_is_watched_until_it_can_be_downloaded(page, work):
    page.open("exports/")
    page.get_by_text("Nothing has been exported yet").wait_for()
    look(page, "empty")
    page.get_by_role("main").get_by_role("link", name="Export products").first.click()
    look(page, "form")
    page.get_by_label("Google Merchant (XML)").check()
    page.get_by_label("Address of a product in your shop").fill("https://e.org/{handle}")
    page.get_by_role("button", name="Write the file").click()
    page.get_by_text("Waiting for a worker").first.wait_for()
    look(page, "waiting")
    work()
    page.get_by_role("link", name="Download").wait_for()
    assert page.get_by_text("It has no price.").count() == 1
    assert page.get_by_text("It has no image.").count() == 1
    look(page, "done")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".xml")
    page.open("exports/")
    look(page, "list")
    assert page.complaints == []


def test_a_feed_is_made_with_the_keyboard_and_fetched(page, work, live_server):
    page.open("feeds/new/")
    look(page, "feed-form")
    page.get_by_label("Name").focus()
    page.keyboard.type("Google")
    page.get_by_label("Shopify CSV").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Make feed").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Copy this address now").wait_for()
    address = page.locator("pre code").first.inner_text()
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/feed-made.png", full_page=True)
    path = "/feeds/" + address.split("/feeds/")[1]
    work()
    answer = page.request.get(live_server.url + path)
    assert (answer.status, b"Fjord mug" in answer.body()) == (200, True)
    page.open("exports/")
    look(page, "feeds")
    page.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").or_(
        page.get_by_role("dialog").get_by_role("button").last
    ).first.click()
    page.get_by_text("No feed yet").wait_for()
    assert page.request.get(live_server.url + path).status == 404
    assert page.complaints == []
