"""From the list of products to reviewed texts in a real browser."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from generation.models import GenerationRun
from stores.models import CopyVersion, Product
from stores.services.copy import add_draft
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
def shop(merchant):
    """A function: a transaction in the merchant's scope."""

    @contextmanager
    def opened():
        with merchant_scope(merchant.pk), transaction.atomic():
            yield

    return opened


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


def drafts(*handles):
    for handle in handles:
        add_draft(
            product=Product.objects.create(handle=handle, title=handle.title()),
            field="description",
            locale="en",
            text=f"<p>A plain {handle}.</p>",
            source="ai",
            actor=SYSTEM,
        )


def heading(page, text):
    page.wait_for_selector(f"h1:has-text('{text}')")


def texts():
    versions = CopyVersion.objects.order_by("pk")
    return list(versions.values_list("slot__product__handle", "text", "state"))


def test_drafts_are_reviewed_with_the_keyboard_alone(page, shop):
    with shop():
        drafts("bowl", "mug", "pan", "pot")
    page.open("review/")
    heading(page, "Bowl")
    page.keyboard.press("j")
    heading(page, "Mug")
    page.keyboard.press("k")
    heading(page, "Bowl")
    page.keyboard.press("a")
    heading(page, "Mug")
    page.keyboard.press("e")
    page.wait_for_selector("textarea:focus")
    page.keyboard.press("Control+End")
    page.keyboard.type(" Glazed.")
    assert page.inner_text(".field-count") == "20 characters"
    page.keyboard.press("Control+Enter")
    heading(page, "Pan")
    page.keyboard.press("r")
    page.wait_for_selector("#reject-dialog[open]")
    page.get_by_label("Wrong tone").check()
    page.keyboard.press("Control+Enter")
    heading(page, "Pot")
    page.keyboard.press("p")
    heading(page, "Review")
    with shop():
        assert texts() == [
            ("bowl", "<p>A plain bowl.</p>", "approved"),
            ("mug", "<p>A plain mug.</p>", "retired"),
            ("pan", "<p>A plain pan.</p>", "rejected"),
            ("pot", "<p>A plain pot.</p>", "published"),
            ("mug", "<p>A plain mug. Glazed.</p>", "approved"),
        ]
    assert page.complaints == []


def test_the_number_beside_review_follows_the_decisions(page, shop):
    with shop():
        drafts("bowl", "mug")
    page.open("review/")
    assert page.inner_text(".nav-item[aria-current] .nav-badge") == "2"
    page.keyboard.press("a")
    heading(page, "Mug")
    assert page.inner_text(".nav-item[aria-current] .nav-badge") == "1"


def test_all_that_match_go_to_the_form_of_a_run(page, shop):
    with shop():
        Product.objects.bulk_create(
            Product(handle=f"mug-{n}", title=f"Mug {n}", product_type="Cup") for n in range(60)
        )
        drafts("bowl")
    page.open("products/?copy_state=none")
    page.check("[data-select-page]")
    page.click("[data-select-matching]")
    assert page.inner_text("[data-bulk-count]") == "All 60 selected"
    page.click("button[value=generate]")
    page.wait_for_url("**/runs/new/?copy_state=none")
    assert "60 products" in page.inner_text("main")
    assert page.complaints == []


def test_a_run_stops_asking_once_it_is_over(page, shop):
    with shop():
        run = GenerationRun.objects.create(brief={"language": "en"}, n_total=1)
    page.open(f"runs/{run.public_id}/")
    page.wait_for_selector("#run[hx-trigger]")
    with shop():
        GenerationRun.objects.filter(pk=run.pk).update(
            state="finished", n_succeeded=1, finished_at=timezone.now()
        )
    page.wait_for_selector("#run:not([hx-trigger])")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []
