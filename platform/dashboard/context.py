"""What every page of the dashboard shows around its content."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The side navigation of the merchant in scope; nothing outside one."""
    return {}
