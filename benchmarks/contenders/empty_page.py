"""The dashboard's addresses and one page more: the layout with nothing in it."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_GET

from config.urls import urlpatterns as all_pages
from tenants.permissions import EVERYBODY, roles
from tenants.requests import MerchantRequest

_PAGE = engines["django"].from_string(
    '{% extends "layouts/app.html" %}{% block page_title %}Nothing{% endblock %}'
)


@require_GET
@roles(EVERYBODY)
def empty_page(request: MerchantRequest) -> HttpResponse:
    """Signed in, in a merchant's scope, with navigation and all, and no content."""
    return HttpResponse(_PAGE.render({}, request))


urlpatterns = [path("m/<public_id:merchant>/nothing/", empty_page), *all_pages]
