"""The pages of a merchant's keys: made, used, changed, rotated, revoked."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from api.examples import curl_examples
from api.forms import ApiKeyChangesForm, ApiKeyForm, RotationForm
from api.models import ApiKey, Scope
from api.selectors import keys_of_merchant
from api.services import change_api_key, create_api_key, revoke_api_key, rotate_api_key
from api.usage import DayOfUse, use_by_day
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import OWNERS, roles
from tenants.requests import MerchantRequest
from web.components.charts import DayValue
from web.htmx import fragment_or_page

PAGE = "api/key_list.html"
DETAIL = "api/key_detail.html"


def _page(request: MerchantRequest, form: ApiKeyForm, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    keys = list(keys_of_merchant())
    use = use_by_day(key.pk for key in keys)
    context = {
        "keys": [{"it": key, **_figures(use[key.pk])} for key in keys],
        "days": _values([_sum_of(days) for days in zip(*use.values(), strict=True)]),
        "form": form,
        "now": timezone.now(),
        "n_scopes": len(Scope),
        "examples": curl_examples(settings.BASE_URL),
        **more,
    }
    return fragment_or_page(request, PAGE, context, status=status)


def _sum_of(days: tuple[DayOfUse, ...]) -> DayOfUse:
    n_requests = sum(day.n_requests for day in days)
    return DayOfUse(days[0].day, n_requests, sum(day.n_errors for day in days))


def _figures(days: list[DayOfUse]) -> dict[str, int]:
    return {
        "n_requests": sum(day.n_requests for day in days),
        "n_errors": sum(day.n_errors for day in days),
    }


def _values(days: list[DayOfUse]) -> list[DayValue]:
    return [DayValue(day.day, day.n_requests, day.n_errors) for day in days]


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
        with transaction.atomic():
            key, secret = create_api_key(**form.values, actor=user_actor(request.user))
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _page(request, form, status=422)
    # The only answer that shows the secret: it is kept nowhere, so no redirect can carry it.
    return _page(request, ApiKeyForm(), new_key=key, secret=secret)


@require_GET
@roles(OWNERS)
def key_detail(request: MerchantRequest, key: str) -> HttpResponse:
    found = get_object_or_404(ApiKey.objects.select_related("created_by"), public_id=key)
    return _detail(request, found)


def _detail(
    request: MerchantRequest, key: ApiKey, form: ApiKeyChangesForm | None = None, **more: Any
) -> HttpResponse:
    status = more.pop("status", 200)
    days = use_by_day([key.pk])[key.pk]
    context = {
        "key": key,
        "now": timezone.now(),
        "days": _values(days),
        "form": form or ApiKeyChangesForm(initial={"name": key.name, "scopes": key.scopes}),
        "rotation": RotationForm(),
        **_figures(days),
        **more,
    }
    return fragment_or_page(request, DETAIL, context, status=status)


@require_POST
@roles(OWNERS)
def key_edit(request: MerchantRequest, key: str) -> HttpResponse:
    found = get_object_or_404(ApiKey.objects, public_id=key)
    form = ApiKeyChangesForm(request.POST)
    if not form.is_valid():
        return _detail(request, found, form, status=422)
    try:
        with transaction.atomic():
            change_api_key(key=found, actor=user_actor(request.user), **form.cleaned_data)
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _detail(request, found, form, status=422)
    messages.success(request, _("Saved."))
    return redirect("api:key_detail", merchant=request.merchant.public_id, key=found.public_id)


@never_cache
@require_POST
@roles(OWNERS)
def key_rotate(request: MerchantRequest, key: str) -> HttpResponse:
    found = get_object_or_404(ApiKey.objects, public_id=key)
    form = RotationForm(request.POST)
    if not form.is_valid():
        return _detail(request, found, rotation=form, status=422)
    try:
        with transaction.atomic():
            rotated, secret = rotate_api_key(
                key=found, actor=user_actor(request.user), **form.cleaned_data
            )
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("api:key_detail", merchant=request.merchant.public_id, key=key)
    return _detail(request, rotated, secret=secret)


@require_POST
@roles(OWNERS)
def key_revoke(request: MerchantRequest, key: str) -> HttpResponse:
    found = get_object_or_404(ApiKey.objects, public_id=key)
    revoke_api_key(key=found, actor=user_actor(request.user))
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": found.name})
    return redirect("api:key_list", merchant=request.merchant.public_id)
