"""Windows of a real browser on the running application. In CI a missing browser is a failure."""

import os
from importlib.resources import files
from pathlib import Path

import pytest
from django.conf import settings as django_settings

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
NARROW, WIDE = 360, 1280
LANGUAGES = ("en", "zh-hans")
# Rules of other guides than WCAG are advice; these hold everywhere.
SERIOUS = {"serious", "critical"}

in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists() and "CI" not in os.environ,
        reason="there is no Chromium on this machine",
    ),
    # Playwright's own loop runs in the thread in which the test database is flushed.
    pytest.mark.usefixtures("live_server"),
]


# What pages show of other hosts is pictures of products.
PICTURE = {
    "content_type": "image/svg+xml",
    "body": '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"/>',
}


def _is_elsewhere(url):
    return not url.startswith(("http://localhost", "http://127.0.0.1", "data:"))


@pytest.fixture
def browse(live_server, monkeypatch, signed_in):
    """A function: a window, signed in as a person; `page.open(path)`, `page.complaints`."""
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)

        def window(person=None, width=WIDE, scheme="light", language="en", **options):
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                reduced_motion="reduce",
                **options,
            )
            cookies = {django_settings.LANGUAGE_COOKIE_NAME: language}
            if person is not None:
                name = django_settings.SESSION_COOKIE_NAME
                cookies[name] = signed_in(person).cookies[name].value
            context.add_cookies(
                [{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()]
            )
            context.route(_is_elsewhere, lambda route: route.fulfill(**PICTURE))
            page = context.new_page()
            page.complaints = []
            page.on(
                "console", lambda m: page.complaints.append(m.text) if m.type == "error" else None
            )
            page.on("pageerror", lambda e: page.complaints.append(str(e)))
            page.open = lambda path: page.goto(f"{live_server.url}{path}")
            return page

        yield window
        browser.close()


AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
# Colours are measured once they have come to rest.
_RUN = """async rules => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})));
    const only = rules.length ? {runOnly: {type: "rule", values: rules}} : {};
    const {violations} = await axe.run(document, only);
    return violations.map((v) => [v.id, v.impact, v.nodes[0].html.slice(0, 160)]);
}"""


def barriers(page, *rules):
    """What axe-core finds on a page that keeps people out: (rule, beginning of the element)."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE)
    found = page.evaluate(_RUN, list(rules))
    return [(rule, html) for rule, impact, html in found if impact in SERIOUS]


def sideways(page):
    """By how many pixels the page is wider than its window, and the elements that are to blame."""
    return page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            const excess = document.documentElement.scrollWidth - width;
            if (excess <= 1) return [];  // half a pixel is rounding
            const inside = (e) => { for (let p = e.parentElement; p; p = p.parentElement)
                if (getComputedStyle(p).overflowX !== "visible") return true; return false; };
            return [excess, ...[...document.querySelectorAll("main *, body > *")]
                .filter((e) => e.getBoundingClientRect().right > width + 1 && !inside(e))
                .slice(0, 3).map((e) => e.outerHTML.slice(0, 120))];
        }"""
    )
