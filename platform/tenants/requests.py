"""The type of requests to pages of a merchant, as the middleware leaves them."""

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tenants.models import Merchant, Role
from tenants.selectors import Desk


class MerchantRequest(HttpRequest):
    """merchant, role: where the person is and as what. desks: every shop they work for."""

    merchant: Merchant
    role: Role
    desks: list[Desk]
    user: Any
    htmx: HtmxDetails
