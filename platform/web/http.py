"""Decisions about requests and links that every page needs."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

LINK_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})


def wants_whole_page(details: HtmxDetails) -> bool:
    """Say whether the browser will replace the whole page with the answer."""
    return not details or details.boosted or details.history_restore_request


def safe_link(url: object) -> str:
    """Return the URL, or '#' when following it would run script or read local files."""
    # Browsers drop tabs and newlines from URLs, and leading control characters.
    text = "".join(c for c in str(url) if c > " ")
    try:
        scheme = urlsplit(text).scheme.lower()
    except ValueError:
        return "#"
    return text if scheme in LINK_SCHEMES else "#"


def next_url(request: HttpRequest, fallback: str, *, parameter: str = "next") -> str:
    """Return the address to go to next, only if it lies on this site; else the fallback."""
    candidate = request.POST.get(parameter) or request.GET.get(parameter) or ""
    is_local = url_has_allowed_host_and_scheme(
        candidate, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return candidate if is_local else fallback
