"""What a role may do, as decorators for views. A stranger never gets this far: the middleware answers 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase

from tenants.models import Role
from tenants.requests import MerchantRequest

View = Callable[..., HttpResponseBase]
EVERYBODY = frozenset(Role)
WRITERS = frozenset({Role.OWNER, Role.EDITOR})
OWNERS = frozenset({Role.OWNER})


def roles(allowed: frozenset[Role]) -> Callable[[View], View]:
    """Let only members with one of these roles in; others of the same merchant get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: MerchantRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.role not in allowed:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.allowed_roles = allowed  # type: ignore[attr-defined]
        return guarded

    return decorate
