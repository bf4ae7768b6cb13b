"""The documentation in a real browser."""

import os
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium on this machine"),
    # Playwright's own loop runs in the thread in which the test database is flushed.
    pytest.mark.usefixtures("live_server"),
]


@pytest.fixture
def open_page(live_server, monkeypatch):
    """A function: a page in a window; what it complains about lands in `page.complaints`."""
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)

        def visit(path, width=1280, scheme="light"):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.complaints = []
            page.on(
                "console", lambda m: page.complaints.append(m.text) if m.type == "error" else None
            )
            page.on("pageerror", lambda e: page.complaints.append(str(e)))
            page.goto(live_server.url + path)
            return page

        yield visit
        browser.close()


def shoot(page, name):
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_shows_every_operation_under_the_strict_policy(open_page, operations, scheme):
    page = open_page("/api/docs/", scheme=scheme)
    page.wait_for_selector(".opblock")
    assert page.locator(".opblock").count() == len(operations)
    shoot(page, f"docs-{scheme}")
    page.locator("#operations-products-create_product .opblock-summary-control").click()
    page.wait_for_selector(".opblock-body .model-example")
    page.locator("#operations-products-create_product").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    shoot(page, f"docs-{scheme}-open")
    assert page.complaints == []


def test_the_page_fits_a_phone(open_page):
    page = open_page("/api/docs/", width=360)
    page.wait_for_selector(".opblock")
    shoot(page, "docs-phone")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_operation_can_be_tried_from_the_page(open_page, partner):
    page = open_page("/api/docs/")
    page.click(".auth-wrapper .authorize")
    page.fill(".auth-container input", partner.secret)
    page.click(".auth-btn-wrapper .authorize")
    page.click(".auth-btn-wrapper .btn-done")
    listing = page.locator("#operations-products-list_products")
    listing.locator(".opblock-summary-control").click()
    listing.locator(".try-out__btn").click()
    listing.locator(".execute").click()
    answer = listing.locator(".live-responses-table .response-col_status").last
    answer.wait_for()
    assert answer.inner_text().startswith("200")
    assert page.complaints == []
