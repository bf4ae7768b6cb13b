"""Every page of the dashboard with a furnished shop: open to everybody, on a phone, on paper."""

import pytest
from django.urls import reverse

from tests.browser import LANGUAGES, NARROW, WIDE, barriers, in_browser, sideways
from tests.shop import furnish
from tests.test_routes import MERCHANT_PAGES, ROUTES

pytestmark = in_browser

# Answers that are no page of their own.
NO_PAGES = frozenset(
    ["generation:review_waiting", "stores:import_errors", "stores:upload_piece"]
    + ["stores:export_download"]
)
# In another state of the shop.
MORE = {"stores:import_list": "?state=failed", "stores:import_detail": "?show=invalid"}
ALONE = ("account_login", "account_signup", "account_reset_password")
PERSONAL = ("accounts_start:profile", "accounts_start:merchant_create")


def addresses(merchant, rows):
    """(name, address) of every page that a signed-in owner can open."""
    names = [n for n, (_roles, how) in MERCHANT_PAGES.items() if how == "get" and n not in NO_PAGES]
    for name in names:
        values = {p: rows[p] for p in ROUTES[name] if p != "merchant"}
        address = reverse(name, kwargs={"merchant": merchant.public_id, **values})
        yield name, address
        if name in MORE:
            yield f"{name}{MORE[name]}", address + MORE[name]
    mapping = reverse("stores:import_mapping", args=[merchant.public_id, rows["waiting_import"]])
    yield "stores:import_mapping (waiting)", mapping
    yield from ((name, reverse(name)) for name in PERSONAL)


@pytest.fixture
def pages(merchant, owner):
    return list(addresses(merchant, furnish(merchant)))


def opened(page, name, address):
    """What is wrong with the page before it is looked at."""
    status = page.open(address).status
    return [] if status == 200 else [(name, status)]


def in_the_dark(page):
    """A page that changes its colours while one looks is measured again, from its beginning."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    if barriers(page, "color-contrast"):
        page.reload()
    return barriers(page, "color-contrast")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_kept_out_of_any_page(browse, pages, owner, language):
    """axe-core in both themes; colours are all that a theme changes."""
    page, found = browse(owner, WIDE, language=language, bypass_csp=True), []
    for name, address in pages:
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        found += opened(page, name, address)
        found += [(name, "light", *barrier) for barrier in barriers(page)]
        found += [(name, "dark", *barrier) for barrier in in_the_dark(page)]
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways_on_a_phone_or_on_paper(browse, pages, owner, language):
    page, found = browse(owner, NARROW, language=language), []
    for name, address in pages:
        found += opened(page, name, address)
        found += [(name, "phone", *excess) for excess in [sideways(page)] if excess]
        page.emulate_media(media="print")
        found += [(name, "paper", *excess) for excess in [sideways(page)] if excess]
        page.emulate_media(media="screen")
    assert not found, "\n".join(map(str, found))
    assert page.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_kept_out_of_the_entrance(browse, db, language):
    page, found = browse(None, NARROW, language=language, bypass_csp=True), []
    for name in ALONE:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += opened(page, name, reverse(name))
            found += [(name, scheme, *barrier) for barrier in barriers(page)]
        found += [(name, *excess) for excess in [sideways(page)] if excess]
    assert not found, "\n".join(map(str, found))
