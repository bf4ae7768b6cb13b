"""The style guide in a real browser: what scripts, styles and the policy do together."""

import os
from importlib.resources import files
from pathlib import Path

import pytest
from django.urls import path
from django.views.i18n import set_language

from web.views import styleguide

CHROMIUM = Path("/usr/bin/chromium")
AXE = files("axe_playwright_python").joinpath("axe.min.js")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
NARROW, WIDE = 360, 1280

urlpatterns = [
    path("styleguide/", styleguide),
    path("language/", set_language, name="set_language"),
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists() and "CI" not in os.environ,
        reason="there is no Chromium on this machine",
    ),
    # Playwright's own loop runs in the thread in which the test database is flushed.
    pytest.mark.usefixtures("live_server"),
]


@pytest.fixture
def open_guide(live_server, settings, monkeypatch):
    """A function: the style guide in a window; its complaints land in `page.complaints`."""
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.ROOT_URLCONF = __name__
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)

        def visit(width=WIDE, scheme="light", query="", **options):
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                reduced_motion="reduce",
                **options,
            )
            page = context.new_page()
            page.complaints = []
            page.on(
                "console", lambda m: page.complaints.append(m.text) if m.type == "error" else None
            )
            page.on("pageerror", lambda e: page.complaints.append(str(e)))
            page.goto(f"{live_server.url}/styleguide/{query}")
            return page

        yield visit
        browser.close()


def test_nothing_offends_the_content_security_policy(open_guide):
    assert open_guide().complaints == []


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_page_never_scrolls_sideways(open_guide, width):
    page = open_guide(width)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_chosen_theme_survives_a_reload(open_guide):
    page = open_guide(scheme="light")
    page.click("[data-theme-choice=dark]")

    page.reload()

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert page.get_attribute("[data-theme-choice=dark]", "aria-pressed") == "true"


def test_question_mark_lists_the_shortcuts_of_the_page(open_guide):
    page = open_guide()
    page.locator("h1").click()
    page.keyboard.press("Shift+?")

    listed = page.inner_text("[data-shortcut-list=page]")
    assert "Search this list" in listed
    assert "Products" in page.inner_text("[data-shortcut-list=navigation]")
    page.keyboard.press("Escape")
    assert not page.is_visible("#shortcut-help")


def test_shortcuts_stay_quiet_while_typing(open_guide):
    page = open_guide()
    page.focus("#id_title")
    page.keyboard.type("?g p")

    assert page.input_value("#id_title") == "?g p"
    assert not page.is_visible("#shortcut-help")


def test_two_key_shortcut_follows_the_navigation(open_guide):
    page = open_guide()
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("r")

    assert page.url.endswith("#bolt")


def test_everything_that_matches_can_be_selected(open_guide):
    page = open_guide()
    bar = page.locator("[data-bulk-bar]")
    assert bar.is_hidden()

    page.check("[data-select-page]")
    assert bar.locator("[data-bulk-count]").inner_text() == "5 selected"
    bar.locator("[data-select-matching]").click()

    assert bar.locator("[data-bulk-count]").inner_text() == "All 312 selected"
    assert page.input_value("[data-all-matching]") == "1"
    page.locator("[data-select-row]").first.uncheck()
    assert page.input_value("[data-all-matching]") == ""
    assert bar.locator("[data-bulk-count]").inner_text() == "4 selected"


def test_shift_ticks_the_rows_between(open_guide):
    page = open_guide()
    rows = page.locator("[data-select-row]")
    rows.nth(0).click()
    rows.nth(3).click(modifiers=["Shift"])

    assert page.locator("[data-select-row]:checked").count() == 4


def test_confirmation_decides_whether_a_form_is_sent(open_guide):
    page = open_guide()
    page.click("button[form=guide-delete]")
    assert "Delete this product?" in page.inner_text("#confirm-dialog")
    page.click("#confirm-dialog [data-dialog-close]")
    assert page.url.endswith("/styleguide/")

    page.click("button[form=guide-delete]")
    with page.expect_navigation():
        page.click("[data-confirm-yes]")

    assert page.url.endswith("/styleguide/?")


def add_htmx(page, markup, status, body):
    """Put an element into the page whose requests to /answer/ get this answer."""
    page.route("**/answer/", lambda route: route.fulfill(status=status, body=body))
    page.evaluate(
        """markup => { const box = document.querySelector("h1").parentElement;
        box.insertAdjacentHTML("beforeend", markup); htmx.process(box); }""",
        markup,
    )


def test_htmx_asks_in_our_dialog_before_it_sends(open_guide):
    page = open_guide()
    markup = '<button id="ask" hx-post="/answer/" hx-confirm="Sure?" hx-target="this">x</button>'
    add_htmx(page, markup, 200, "sent")
    page.click("#ask")
    page.click("#confirm-dialog [data-dialog-close]")
    assert page.inner_text("#ask") == "x"

    page.click("#ask")
    page.click("[data-confirm-yes]")

    page.wait_for_selector("#ask:text-is('sent')")


@pytest.mark.parametrize(("status", "shown", "n_toasts"), [(422, "wrong", 0), (500, "x", 1)])
def test_invalid_form_is_swapped_and_a_failure_is_told(open_guide, status, shown, n_toasts):
    page = open_guide()
    markup = '<button id="go" hx-post="/answer/" hx-target="this">x</button>'
    add_htmx(page, markup, status, "wrong")
    with page.expect_response("**/answer/") as answer:
        page.click("#go")
    page.wait_for_function("!document.querySelector('.htmx-request')")

    assert answer.value.request.headers["x-csrftoken"]
    assert page.inner_text("#go") == shown
    assert page.locator(".toast-error").count() == n_toasts


def test_failing_poll_slows_down_without_complaint(open_guide):
    page = open_guide()
    asked = []
    page.on("request", lambda r: asked.append(r.url) if r.url.endswith("/answer/") else None)
    add_htmx(page, '<p hx-get="/answer/" hx-trigger="every 100ms">x</p>', 500, "")

    page.wait_for_timeout(2_000)

    # Once each, after skipping 1, 3, 7 and then 15 turns, where an eager poll asks 20 times.
    assert 2 <= len(asked) <= 5
    assert page.locator(".toast").count() == 0


def test_sorting_swaps_the_table_and_keeps_the_address(open_guide):
    page = open_guide(query="?q=mug")
    page.evaluate("window.unchanged = true")
    with page.expect_response("**sort=price**"):
        page.click("text=Price >> nth=0")
    page.wait_for_selector("th[aria-sort=ascending] >> text=Price")

    assert page.url.endswith("?q=mug&sort=price")
    assert page.evaluate("window.unchanged") is True


def test_dialog_returns_the_focus(open_guide):
    page = open_guide()
    page.click("[data-dialog-open=guide-dialog]")
    assert page.is_visible("#guide-dialog")
    page.keyboard.press("Escape")

    assert page.evaluate("document.activeElement.dataset.dialogOpen") == "guide-dialog"


def test_a_dialog_keeps_the_focus_inside(open_guide):
    page = open_guide()
    page.click("[data-dialog-open=guide-dialog]")
    for _ in range(8):
        page.keyboard.press("Tab")
        # Beyond its last button a native dialog hands over to the browser's own controls.
        assert page.evaluate(
            "(d => d.contains(document.activeElement) || document.activeElement === document.body)"
            "(document.getElementById('guide-dialog'))"
        )


def test_a_menu_is_walked_with_arrows_and_left_with_escape(open_guide):
    page = open_guide()
    summary = page.locator(".page-actions .menu > summary")
    summary.focus()
    page.keyboard.press("ArrowDown")
    first = page.evaluate("document.activeElement.textContent.trim()")
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.activeElement.textContent.trim()")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.textContent.trim()") == first != second

    page.keyboard.press("Escape")

    assert not page.locator(".page-actions .menu[open]").count()
    assert page.evaluate("document.activeElement.matches('.page-actions .menu > summary')")


def test_navigation_slides_in_on_a_phone(open_guide):
    page = open_guide(NARROW)
    assert not page.is_visible("#sidebar")
    page.click("[data-drawer-open]")
    assert page.is_visible("#sidebar")

    page.keyboard.press("Escape")

    page.wait_for_selector("#sidebar", state="hidden")
    assert page.evaluate("document.activeElement.matches('[data-drawer-open]')")


def test_menu_stays_inside_a_narrow_window(open_guide):
    page = open_guide(NARROW)
    page.locator(".page-actions .menu > summary").click()

    box = page.locator(".page-actions .menu-panel").bounding_box()

    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW


def test_toast_of_an_answer_shows_above_a_dialog_as_text(open_guide):
    page = open_guide()
    page.click("[data-dialog-open=guide-dialog]")
    page.evaluate(
        """document.body.dispatchEvent(new CustomEvent("copydesk:toast",
        {detail: {toasts: [{message: "<b>Saved</b>", level: "success"}]}}))"""
    )

    assert page.inner_text(".toast-success .toast-text") == "<b>Saved</b>"
    assert page.evaluate("document.getElementById('toasts').matches(':popover-open')")


def test_page_works_without_script(open_guide):
    page = open_guide(NARROW, java_script_enabled=False)

    assert page.is_visible("#sidebar")
    assert page.is_visible("[data-bulk-bar]")
    assert page.locator(".filters-apply").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_accessibility_checker_finds_nothing(open_guide, width, scheme):
    page = open_guide(width, scheme, bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))

    found = page.evaluate("axe.run()")["violations"]

    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
