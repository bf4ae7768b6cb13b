"""The texts of one product: written by hand, compared, taken in and out of the shop."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stores.forms.copy import CopyForm, copy_initial
from stores.models import CopyVersion, Product
from stores.selectors.catalogue import DESCRIPTION, base_of_comparison, copy_history
from stores.services.copy import (
    add_draft,
    approve_copy,
    edit_copy,
    publish_copy,
    reopen_copy,
    restore_copy,
    unpublish_copy,
)
from stores.words.provenance import provenance_facts
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page
from web.http import next_url

FORM, VERSION = "stores/copy_form.html", "stores/copy_version.html"
ACTIONS = {
    "approve": (approve_copy, gettext_lazy("Approved.")),
    "publish": (publish_copy, gettext_lazy("Published.")),
    "unpublish": (unpublish_copy, gettext_lazy("Taken out of the shop.")),
    "restore": (restore_copy, gettext_lazy("The earlier text is published again.")),
    "reopen": (reopen_copy, gettext_lazy("It is a draft again.")),
}


@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def copy_write(request: MerchantRequest, product: str) -> HttpResponse:
    """A text by hand: from nothing, or from the version that `from` names."""
    found = get_object_or_404(Product, public_id=product)
    base = _version(found, request.GET["from"]) if request.GET.get("from") else None
    if request.method == "GET":
        form = CopyForm(initial=copy_initial(base.text) if base else None)
        return _form(request, found, base, form)
    form = CopyForm(request.POST)
    if not form.is_valid():
        return _form(request, found, base, form, status=422)
    try:
        _save(request, found, base, form.cleaned_data["html"])
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _form(request, found, base, form, status=422)
    return _back(request, found.public_id)


@require_GET
@roles(EVERYBODY)
def copy_version(request: MerchantRequest, product: str, version: str) -> HttpResponse:
    """One version beside another of its slot: the one named by `against`, or what it came from."""
    found = get_object_or_404(Product, public_id=product)
    shown = _version(found, version)
    others = copy_history(found).filter(slot=shown.slot_id).exclude(pk=shown.pk)
    against = request.GET.get("against")
    base = get_object_or_404(others, public_id=against) if against else base_of_comparison(shown)
    context = {
        "product": found,
        "version": shown,
        "base": base,
        "others": others,
        "provenance": provenance_facts(shown),
    }
    return fragment_or_page(request, VERSION, context)


@require_POST
@roles(WRITERS)
def copy_act(request: MerchantRequest, product: str, version: str, action: str) -> HttpResponse:
    found = get_object_or_404(Product, public_id=product)
    shown = _version(found, version)
    if action not in ACTIONS:
        raise Http404
    act, done = ACTIONS[action]
    try:
        act(version=shown, actor=user_actor(request.user))
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, str(done))
    return _back(request, found.public_id)


def _version(product: Product, public_id: str) -> CopyVersion:
    version: CopyVersion = get_object_or_404(copy_history(product), public_id=public_id)
    return version


def _save(request: MerchantRequest, product: Product, base: CopyVersion | None, html: str) -> None:
    actor = user_actor(request.user)
    if base:
        version = edit_copy(version=base, text=html, actor=actor)
    else:
        version = add_draft(
            product=product,
            field=DESCRIPTION,
            locale=product.locale,
            text=html,
            source=CopyVersion.Source.HUMAN,
            actor=actor,
        )
    if "publish" in request.POST:
        publish_copy(version=version, actor=actor)
        messages.success(request, _("Published."))
    else:
        messages.success(request, _("Saved as a draft."))


def _form(
    request: MerchantRequest,
    product: Product,
    base: CopyVersion | None,
    form: CopyForm,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"product": product, "base": base, "form": form}
    return fragment_or_page(request, FORM, context, partial="copy-form", status=status)


def _back(request: MerchantRequest, product: str) -> HttpResponse:
    fallback = reverse("stores:product_detail", args=[request.merchant.public_id, product])
    return redirect(next_url(request, fallback))
