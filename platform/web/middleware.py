"""What htmx needs from every answer; goes after HtmxMiddleware and MessageMiddleware."""

from collections.abc import Callable

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from web.htmx import ToastLevel, add_toast
from web.http import wants_whole_page

LEVELS: dict[str, ToastLevel] = {"success": "success", "warning": "warning", "error": "error"}


class FragmentMiddleware:
    """Turn redirects of fragment requests into page loads and messages into toasts.

    Without it the browser would follow a redirect silently and swap a whole page (the
    login form, after a session ended) into a table cell.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if wants_whole_page(HtmxDetails(request)):
            return response
        if 300 <= response.status_code < 400 and "Location" in response.headers:
            return _redirect_page(response)
        if "HX-Redirect" not in response.headers and "HX-Refresh" not in response.headers:
            _send_messages(request, response)
        return response


def _redirect_page(response: HttpResponse) -> HttpResponse:
    redirect = HttpResponseClientRedirect(response.headers["Location"])
    redirect.cookies = response.cookies
    return redirect


def _send_messages(request: HttpRequest, response: HttpResponse) -> None:
    if response.streaming:
        return
    for message in get_messages(request):
        add_toast(response, message.message, LEVELS.get(message.level_tag, "info"))
