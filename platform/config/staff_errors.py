"""Error pages of the staff's process: the dashboard's own would link to pages that it does not have."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

PAGE = "admin/copydesk/error.html"


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    context = {"heading": _("You may not do this"), "text": _("Your account does not include it.")}
    return render(request, PAGE, context, status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    context = {
        "heading": _("Page not found"),
        "text": _("There is nothing at this address, or it is gone."),
    }
    return render(request, PAGE, context, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    context = {
        "heading": _("Something went wrong"),
        "text": _("The error is in the log of the admin's process."),
    }
    return render(request, PAGE, context, status=500)
