"""The pages of keys in a real browser: a chart that everybody can read, on a phone too."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.utils import timezone

from api.models import ApiKeyUse
from tests.browser import NARROW, barriers, browse, in_browser  # noqa: F401
from tests.partner import Partner

pytestmark = in_browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def used(merchant):
    """A key that was used on every third day of a month, not always without an error."""
    partner = Partner(merchant)
    today = timezone.now().astimezone(dt.UTC).date()
    with partner.rows():
        for n in range(0, 30, 3):
            day = today - dt.timedelta(days=n)
            ApiKeyUse.objects.create(
                api_key=partner.key, day=day, n_requests=900 - 20 * n, n_errors=3 * n
            )
    return partner


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(1280, "light", "en"), (1280, "dark", "zh-hans"), (NARROW, "light", "zh-hans")],
)
def test_the_use_of_a_key_is_shown_to_everybody(
    browse,  # noqa: F811
    owner,
    merchant,
    used,
    width,
    scheme,
    language,
):
    page = browse(owner, width=width, scheme=scheme, language=language)
    keys = f"/m/{merchant.public_id}/settings/keys/"
    for name, path in (("keys", keys), ("key", f"{keys}{used.key.public_id}/")):
        page.open(path)
        assert page.locator(".day-chart-bar").count() == 10
        assert page.locator(".day-chart-bad").count() == 9
        assert page.locator(".day-chart-table tbody tr").count() == 10
        if SCREENSHOTS:
            shot = Path(SCREENSHOTS) / f"{name}-{width}-{scheme}-{language}.png"
            page.screenshot(path=shot, full_page=True)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.complaints == []
