"""Which models write here: the workers' own, the platform's, and the merchant's."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from generation.endpoints import (
    default_model_name,
    delete_endpoint,
    is_builtin_default,
    probe_endpoint,
    save_merchant_endpoint,
)
from generation.engine.errors import BackendError
from generation.failures import failure_words
from generation.forms.endpoints import MerchantEndpointForm
from generation.models import MerchantEndpoint, PlatformModel
from generation.workers import shown_workers
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.models import Role
from tenants.permissions import EVERYBODY, OWNERS, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page

PAGE = "generation/model_list.html"
FORM = "generation/endpoint_form.html"


@require_GET
@roles(EVERYBODY)
def model_list(request: MerchantRequest) -> HttpResponse:
    context = {
        "default_name": default_model_name(),
        "is_builtin": is_builtin_default(),
        "workers": shown_workers(),
        "platform_models": PlatformModel.objects.filter(is_active=True).order_by("name"),
        "endpoints": MerchantEndpoint.objects.order_by("name"),
        "is_owner": request.role == Role.OWNER,
    }
    return fragment_or_page(request, PAGE, context, partial="workers")


@require_http_methods(["GET", "POST"])
@roles(OWNERS)
def endpoint_create(request: MerchantRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@roles(OWNERS)
def endpoint_edit(request: MerchantRequest, endpoint: str) -> HttpResponse:
    return _edit(request, get_object_or_404(MerchantEndpoint.objects, public_id=endpoint))


def _edit(request: MerchantRequest, endpoint: MerchantEndpoint | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = MerchantEndpointForm(data, instance=endpoint)
    if data is not None and form.is_valid() and _save(request, form, endpoint):
        messages.success(request, _("Model saved. Try it with the Test button."))
        return redirect("generation:model_list", merchant=request.merchant.public_id)
    context = {"form": form, "endpoint": endpoint}
    return fragment_or_page(request, FORM, context, status=200 if data is None else 422)


def _save(
    request: MerchantRequest, form: MerchantEndpointForm, endpoint: MerchantEndpoint | None
) -> bool:
    fields: dict[str, Any] = dict(form.cleaned_data)
    api_key = fields.pop("api_key")
    try:
        save_merchant_endpoint(
            endpoint=endpoint, fields=fields, api_key=api_key, actor=user_actor(request.user)
        )
    except DomainError as error:
        field = "name" if error.code == "endpoint_name_taken" else "base_url"
        form.add_error(field, str(error.message))
        return False
    return True


@require_POST
@roles(OWNERS)
def endpoint_delete(request: MerchantRequest, endpoint: str) -> HttpResponse:
    found = get_object_or_404(MerchantEndpoint.objects, public_id=endpoint)
    delete_endpoint(endpoint=found, actor=user_actor(request.user))
    messages.success(request, _("Model removed."))
    return redirect("generation:model_list", merchant=request.merchant.public_id)


@transaction.non_atomic_requests
@require_POST
@roles(OWNERS)
def endpoint_test(request: MerchantRequest, endpoint: str) -> HttpResponse:
    with transaction.atomic():
        found = get_object_or_404(MerchantEndpoint.objects, public_id=endpoint)
    try:
        report = probe_endpoint(found)
    except BackendError as error:
        message = f"{found.name}: {failure_words(error.code, error.message)}"
        messages.error(request, message)
    else:
        answer = _("%(name)s answered in %(seconds).1f s: “%(text)s”") % {
            "name": found.name,
            "seconds": report.latency_seconds,
            "text": report.text[:120],
        }
        messages.success(request, answer)
        if report.model_is_listed is False:
            messages.warning(request, _("The server does not list a model of this name."))
    return redirect("generation:model_list", merchant=request.merchant.public_id)
