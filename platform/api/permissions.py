"""What a key may do: its scopes against the scope that the method needs."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from api.keys import KeyFacts


class MissingScope(PermissionDenied):
    """The key lacks the scope that this method needs."""

    default_code = "missing_scope"

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__(_("This needs an API key with the scope “{scope}”.").format(scope=scope))


class HasScope(BasePermission):
    """Reads need the view's `read_scope`, all other methods its `write_scope`; "" needs a key only."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, KeyFacts):
            return False
        scope = view.read_scope if request.method in SAFE_METHODS else view.write_scope
        if scope and scope not in request.auth.scopes:
            raise MissingScope(scope)
        return True
