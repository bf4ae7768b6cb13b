"""Answering htmx requests: fragments, toasts and redirects."""

import json
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from web.http import wants_whole_page

VARYING_HEADERS = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")

ToastLevel = Literal["success", "info", "warning", "error"]


def fragment_or_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `template#partial` for an htmx request and the whole template otherwise.

    partial: a `{% partialdef %}` of the template; None always renders the page.

    Boosted and history-restore requests get the whole page. The answer varies on the
    headers that decide, so that no cache shows a fragment as a page.
    """
    details = HtmxDetails(request)
    name = template if partial is None or wants_whole_page(details) else f"{template}#{partial}"
    response = render(request, name, context, status=status)
    patch_vary_headers(response, VARYING_HEADERS)
    return response


def add_toast(response: HttpResponse, message: str, level: ToastLevel = "success") -> HttpResponse:
    """Make the browser show a toast once it has received this htmx response."""
    triggers = _existing_triggers(response)
    toasts = triggers.setdefault("copydesk:toast", {"toasts": []})
    toasts["toasts"].append({"message": str(message), "level": level})
    # Header values are latin-1: ASCII-escaped JSON keeps Chinese messages intact.
    response["HX-Trigger"] = json.dumps(triggers)
    return response


def close_dialog(response: HttpResponse) -> HttpResponse:
    """Make the browser close the open dialog once it has received this htmx response."""
    triggers = _existing_triggers(response)
    triggers["copydesk:close-dialog"] = {}
    response["HX-Trigger"] = json.dumps(triggers)
    return response


def client_redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect as a whole page, for htmx and plain requests alike."""
    if HtmxDetails(request):
        return HttpResponseClientRedirect(url)
    return HttpResponse(status=303, headers={"Location": url})


def _existing_triggers(response: HttpResponse) -> dict[str, Any]:
    """Read HX-Trigger back, which may be a JSON object or a comma-separated list of names."""
    header = response.headers.get("HX-Trigger", "")
    if header.startswith("{"):
        triggers: dict[str, Any] = json.loads(header)
        return triggers
    return {name.strip(): {} for name in header.split(",") if name.strip()}
