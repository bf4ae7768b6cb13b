"""Opens the scope of the merchant that a page's address names, for its members only."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from tenants.scope import merchant_scope
from tenants.selectors import desks_of


class MerchantMiddleware:
    """For views with a `merchant` in their address: sets request.merchant, request.role and request.desks.

    Anonymous people are sent to sign in; for anybody who is not a member the page does not exist.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as stack:
            request.scope_stack = stack  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(
        self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if "merchant" not in kwargs:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        public_id = kwargs.pop("merchant")
        request.desks = desks_of(request.user.pk)
        desk = next((d for d in request.desks if d.merchant.public_id == public_id), None)
        if desk is None:
            raise Http404
        request.merchant, request.role = desk.merchant, desk.role
        request.scope_stack.enter_context(merchant_scope(desk.merchant.pk))
        request.scope_stack.enter_context(timezone.override(desk.merchant.time_zone))
        return None
