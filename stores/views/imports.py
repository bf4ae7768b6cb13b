"""Bringing a catalogue file: upload, preview, progress and what became of it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stores.forms.imports import ON_CONFLICT, ImportForm
from stores.importers.problems import message_of
from stores.models import CatalogueImport, ImportItem, Product
from stores.services.imports import cancel_import, confirm_import, start_import, too_large
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import client_redirect, fragment_or_page
from web.uploads import upload_is_too_large

LIST = "stores/import_list.html"
FORM = "stores/import_form.html"
DETAIL = "stores/import_detail.html"
PER_PAGE = 25
State, Action = CatalogueImport.State, ImportItem.Action
UNDER_WAY = frozenset({State.UPLOADED, State.READING, State.APPLYING})
OPEN = UNDER_WAY | {State.PREVIEWED}
STATUSES = dict(Product.Status.choices)
FIELDS = {
    "title": gettext_lazy("Title"),
    "vendor": gettext_lazy("Vendor"),
    "product_type": gettext_lazy("Type"),
    "category": gettext_lazy("Category"),
    "tags": gettext_lazy("Tags"),
    "status": gettext_lazy("Status"),
    "description": gettext_lazy("Description"),
    "attribute": gettext_lazy("Attribute"),
    "option_names": gettext_lazy("Options"),
    "image": gettext_lazy("Image"),
    "alt_text": gettext_lazy("Alternative text"),
    "image_position": gettext_lazy("Position of an image"),
    "sku": gettext_lazy("SKU"),
    "sku_position": gettext_lazy("Position of a SKU"),
    "code": gettext_lazy("SKU"),
    "barcode": gettext_lazy("Barcode"),
    "price_minor": gettext_lazy("Price"),
    "compare_at_price_minor": gettext_lazy("Price before"),
    "currency": gettext_lazy("Currency"),
    "weight_grams": gettext_lazy("Weight in grams"),
    "image_url": gettext_lazy("Image of a SKU"),
    "cell": gettext_lazy("Other column"),
}


@require_GET
@roles(EVERYBODY)
def import_list(request: MerchantRequest) -> HttpResponse:
    imports = CatalogueImport.objects.select_related("created_by").order_by("-created_at", "-pk")
    page = Paginator(imports, PER_PAGE).get_page(request.GET.get("page"))
    return fragment_or_page(request, LIST, {"page": page}, partial="imports")


@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def import_create(request: MerchantRequest) -> HttpResponse:
    """The file is received outside a transaction; its row is written in a short one."""
    if request.method == "GET":
        return _form(request, _import_form(request))
    form = _import_form(request, request.POST, request.FILES)
    if upload_is_too_large(request):
        form.errors["file"] = form.error_class([too_large()])
    if not form.is_valid():
        return _form(request, form, status=422)
    upload = form.cleaned_data["file"]
    try:
        with transaction.atomic():
            started = start_import(
                file=upload,
                file_name=upload.name,
                options=form.options(),
                actor=user_actor(request.user),
            )
    except DomainError as error:
        form.add_error("file", str(error.message))
        return _form(request, form, status=422)
    return redirect(_url(request, started))


def _import_form(request: MerchantRequest, *data: Any) -> ImportForm:
    merchant = request.merchant
    return ImportForm(*data, currency=merchant.currency, initial={"locale": merchant.locale})


def _form(request: MerchantRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    with transaction.atomic():
        return fragment_or_page(request, FORM, {"form": form}, status=status)


def _url(request: MerchantRequest, found: CatalogueImport) -> str:
    return reverse("stores:import_detail", args=[request.merchant.public_id, found.public_id])


@require_GET
@roles(EVERYBODY)
def import_detail(request: MerchantRequest, catalogue_import: str) -> HttpResponse:
    found = get_object_or_404(
        CatalogueImport.objects.select_related("created_by"), public_id=catalogue_import
    )
    action = _shown_action(request, found)
    items = found.items.filter(action=action).order_by("position").defer("data")
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "import": found,
        "is_under_way": found.state in UNDER_WAY,
        "is_open": found.state in OPEN,
        "n_to_write": found.n_new + found.n_changed,
        "failure": _failure(found),
        "action": action,
        "tabs": _tabs(request, found, action),
        "page": page,
        "rows": [_row(item) for item in page],
        "on_conflict": ON_CONFLICT,
    }
    return fragment_or_page(request, DETAIL, context, partial="import")


def _shown_action(request: MerchantRequest, found: CatalogueImport) -> str:
    wanted = request.GET.get("show", "")
    if wanted in Action.values:
        return wanted
    counted = (action for action in Action if getattr(found, f"n_{action.value}"))
    return str(next(counted, Action.NEW))


def _tabs(request: MerchantRequest, found: CatalogueImport, shown: str) -> list[dict[str, Any]]:
    return [
        {
            "label": action.label,
            "url": f"{_url(request, found)}?show={action.value}",
            "count": getattr(found, f"n_{action.value}"),
            "is_current": action == shown,
        }
        for action in Action
    ]


def _failure(found: CatalogueImport) -> str:
    return message_of(found.error_code, found.error_params) if found.error_code else ""


def _row(item: ImportItem) -> dict[str, Any]:
    return {"item": item, "changes": list(_changes(item)), "problems": list(_problems(item))}


def _changes(item: ImportItem) -> Iterator[dict[str, Any]]:
    for change in item.changes:
        field = change["field"]
        details = " · ".join(filter(None, map(change.get, ("sku", "name", "image"))))
        shown = {"label": FIELDS.get(field, field), "details": details}
        if field == "status":
            shown |= {side: STATUSES.get(change[side], change[side]) for side in ("old", "new")}
        yield {**change, **shown, "is_text": field == "description"}


def _problems(item: ImportItem) -> Iterator[dict[str, Any]]:
    for problem in item.problems:
        params = {"row": problem["row"], "column": problem["column"], **problem["params"]}
        yield {**problem, "message": message_of(problem["code"], params)}


@require_POST
@roles(WRITERS)
def import_confirm(request: MerchantRequest, catalogue_import: str) -> HttpResponse:
    found = get_object_or_404(CatalogueImport.objects, public_id=catalogue_import)
    choice = request.POST.get("on_conflict", "")
    try:
        confirm_import(
            catalogue_import=found,
            on_conflict=choice if choice in dict(ON_CONFLICT) else "",  # type: ignore[arg-type]
            actor=user_actor(request.user),
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    return client_redirect(request, _url(request, found))


@require_POST
@roles(WRITERS)
def import_cancel(request: MerchantRequest, catalogue_import: str) -> HttpResponse:
    found = get_object_or_404(CatalogueImport.objects, public_id=catalogue_import)
    try:
        cancel_import(catalogue_import=found, actor=user_actor(request.user))
        messages.success(request, _("Import cancelled. What was written stays."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return client_redirect(request, _url(request, found))
