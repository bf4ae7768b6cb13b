"""What state the shop's texts are in, and what to do next."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from tenants.permissions import EVERYBODY, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page


@require_GET
@roles(EVERYBODY)
def home(request: MerchantRequest) -> HttpResponse:
    request.session["last_merchant"] = request.merchant.public_id
    return fragment_or_page(request, "dashboard/home.html", {})
