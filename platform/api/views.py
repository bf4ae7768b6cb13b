"""Pages: the keys of a merchant, the documentation, what a problem means."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from api.examples import curl_examples
from api.forms import ApiKeyForm
from api.models import ApiKey, Scope
from api.problem_types import PROBLEM_TYPES
from api.problems import of_type
from api.schema import rendered
from api.selectors import keys_of_merchant
from api.services import create_api_key, revoke_api_key
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import OWNERS, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page

PAGE = "api/key_list.html"


def _page(request: MerchantRequest, form: ApiKeyForm, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    context = {
        "keys": keys_of_merchant(),
        "form": form,
        "now": timezone.now(),
        "n_scopes": len(Scope),
        "examples": curl_examples(settings.BASE_URL),
        **more,
    }
    return fragment_or_page(request, PAGE, context, status=status)


@require_GET
@roles(OWNERS)
def key_list(request: MerchantRequest) -> HttpResponse:
    return _page(request, ApiKeyForm())


@never_cache
@require_POST
@roles(OWNERS)
def key_create(request: MerchantRequest) -> HttpResponse:
    form = ApiKeyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        key, secret = create_api_key(**form.values, actor=user_actor(request.user))
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _page(request, form, status=422)
    # The only answer that shows the secret: it is kept nowhere, so no redirect can carry it.
    return _page(request, ApiKeyForm(), new_key=key, secret=secret)


@require_POST
@roles(OWNERS)
def key_revoke(request: MerchantRequest, key: str) -> HttpResponse:
    found = get_object_or_404(ApiKey.objects, public_id=key)
    revoke_api_key(key=found, actor=user_actor(request.user))
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": found.name})
    return redirect("api:key_list", merchant=request.merchant.public_id)


@transaction.non_atomic_requests
@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html")


@transaction.non_atomic_requests
@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    wants_yaml = "yaml" in request.GET.get("format", request.headers.get("Accept", ""))
    content, content_type = rendered("yaml" if wants_yaml else "json")
    headers = {"Vary": "Accept", "Cache-Control": "max-age=300"}
    return HttpResponse(content, content_type=content_type, headers=headers)


@transaction.non_atomic_requests
@require_GET
def problem(request: HttpRequest, code: str) -> HttpResponse:
    if code not in PROBLEM_TYPES:
        raise Http404
    return render(request, "api/problem.html", {"problem": PROBLEM_TYPES[code]})


@transaction.non_atomic_requests
@csrf_exempt
def unknown_address(request: HttpRequest, rest: str) -> HttpResponseBase:
    with_slash = request.path_info + "/"
    if not rest.endswith("/") and _exists(with_slash):
        query = request.META.get("QUERY_STRING", "")
        # 308 keeps the method and the body, which 301 would lose.
        location = request.path + "/" + (f"?{query}" if query else "")
        return HttpResponse(status=308, headers={"Location": location})
    return of_type("not_found").response()


def _exists(path: str) -> bool:
    try:
        return resolve(path).func is not unknown_address
    except Resolver404:
        return False
