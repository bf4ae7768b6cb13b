"""What state the shop's texts are in, and what to do next."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tenants.permissions import EVERYBODY, roles
from web.htmx import fragment_or_page


@require_GET
@roles(EVERYBODY)
def home(request: HttpRequest) -> HttpResponse:
    request.session["last_merchant"] = request.merchant.public_id
    return fragment_or_page(request, "dashboard/home.html", {})
