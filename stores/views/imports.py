"""Bringing a catalogue file: upload, preview, progress and what became of it."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from stores.forms.imports import ON_CONFLICT, ImportForm
from stores.forms.rereading import RereadForm
from stores.importers.registry import all_importers
from stores.models import CatalogueImport, ImportItem, MappingProfile, Upload
from stores.services.imports import start_import, too_large
from stores.services.uploads import finish_upload
from stores.views.import_rows import FORMAT_NOTES, failure, format_label, item_row, reading_facts
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page
from web.uploads import upload_is_too_large

LIST = "stores/import_list.html"
FORM = "stores/import_form.html"
DETAIL = "stores/import_detail.html"
PER_PAGE = 25
State, Action = CatalogueImport.State, ImportItem.Action
UNDER_WAY = frozenset({State.UPLOADED, State.READING, State.APPLYING})
OPEN = UNDER_WAY | {State.PREVIEWED, State.MAPPING}
REREADABLE = frozenset({State.PREVIEWED, State.MAPPING, State.FAILED})
CORRECTABLE = frozenset({State.PREVIEWED, State.FINISHED})
WARNINGS = "warnings"
MAPPED = "mapped"


@require_GET
@roles(EVERYBODY)
def import_list(request: MerchantRequest) -> HttpResponse:
    imports = CatalogueImport.objects.select_related("created_by").order_by("-created_at", "-pk")
    wanted = request.GET.get("state", "")
    is_filtered = wanted in State.values
    if is_filtered:
        imports = imports.filter(state=wanted)
    page = Paginator(imports, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [{"import": one, "format": format_label(one.format)} for one in page],
        "states": [("", _("All")), *State.choices],
        "is_filtered": is_filtered,
    }
    return fragment_or_page(request, LIST, context, partial="imports")


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
    try:
        with transaction.atomic():
            started = _start(request, form)
    except DomainError as error:
        form.add_error("file", str(error.message))
        return _form(request, form, status=422)
    return redirect(import_url(request, started))


def _import_form(request: MerchantRequest, *data: Any) -> ImportForm:
    merchant = request.merchant
    return ImportForm(*data, currency=merchant.currency, initial={"locale": merchant.locale})


def _start(request: MerchantRequest, form: ImportForm) -> CatalogueImport:
    """Of the file in the form, or of one that has arrived in pieces before."""
    file, actor = form.cleaned_data["file"], user_actor(request.user)
    if file:
        return start_import(file=file, file_name=file.name, options=form.options(), actor=actor)
    upload = Upload.objects.filter(public_id=form.cleaned_data["upload"]).first()
    if upload is None:
        raise DomainError("upload_is_over", _("The uploaded file is gone. Choose it again."))
    return finish_upload(upload=upload, options=form.options(), actor=actor)


def _form(request: MerchantRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    with transaction.atomic():
        context = {
            "form": form,
            "uploaded": Upload.objects.filter(public_id=form["upload"].value() or "").first(),
            "max_bytes": settings.MAX_IMPORT_BYTES,
            "formats": _formats(),
            "profiles": list(MappingProfile.objects.order_by("name")[:10]),
        }
        return fragment_or_page(request, FORM, context, status=status)


def _formats() -> list[dict[str, Any]]:
    return [
        {
            "label": importer.label,
            "endings": ", ".join(importer.extensions),
            "note": FORMAT_NOTES.get(importer.name, ""),
        }
        for importer in sorted(all_importers().values(), key=lambda i: (i.name == MAPPED, i.name))
    ]


def import_url(request: MerchantRequest, found: CatalogueImport, name: str = "detail") -> str:
    """The address of one of an import's pages."""
    return reverse(f"stores:import_{name}", args=[request.merchant.public_id, found.public_id])


@require_GET
@roles(EVERYBODY)
def import_detail(request: MerchantRequest, catalogue_import: str) -> HttpResponse:
    found = get_object_or_404(
        CatalogueImport.objects.select_related("created_by", "profile"),
        public_id=catalogue_import,
    )
    return show_import(request, found)


def show_import(
    request: MerchantRequest,
    found: CatalogueImport,
    reread: RereadForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an import. reread: the form as it was sent, where something is wrong with it."""
    action = _shown_action(request, found)
    page = _Page(found, action).get_page(request.GET.get("page"))
    context = {
        "import": found,
        "is_under_way": found.state in UNDER_WAY,
        "is_open": found.state in OPEN,
        "is_rereadable": found.state in REREADABLE and not found.n_applied,
        "is_correctable": found.state in CORRECTABLE,
        "n_to_write": found.n_new + found.n_changed,
        "n_corrected": _n_corrected(found),
        "n_problems": found.n_invalid + found.n_warnings,
        "failure": failure(found),
        "facts": reading_facts(found),
        "reread": reread or RereadForm(found=found),
        "action": action,
        "tabs": _tabs(request, found, action),
        "page": page,
        "rows": [item_row(item) for item in page],
        "on_conflict": ON_CONFLICT,
    }
    return fragment_or_page(request, DETAIL, context, partial="import", status=status)


class _Page(Paginator):  # type: ignore[type-arg]  # a plain class where it runs
    """The items of one tab; how many there are is known already."""

    def __init__(self, found: CatalogueImport, action: str) -> None:
        items = found.items.order_by("position").defer("data")
        if action == WARNINGS:
            items = items.exclude(warnings=[])
        else:
            items = items.filter(action=action)
            self.__dict__["count"] = getattr(found, f"n_{action}")
        super().__init__(items, PER_PAGE)


def _shown_action(request: MerchantRequest, found: CatalogueImport) -> str:
    wanted = request.GET.get("show", "")
    if wanted in Action.values or wanted == WARNINGS:
        return wanted
    counted = (action for action in Action if getattr(found, f"n_{action.value}"))
    return str(next(counted, Action.NEW))


def _tabs(request: MerchantRequest, found: CatalogueImport, shown: str) -> list[dict[str, Any]]:
    kinds = [*((a.value, a.label) for a in Action), (WARNINGS, gettext_lazy("Warnings"))]
    return [
        {
            "label": label,
            "url": f"{import_url(request, found)}?show={kind}",
            "count": getattr(found, f"n_{kind}"),
            "is_current": kind == shown,
        }
        for kind, label in kinds
        if kind != WARNINGS or found.n_warnings
    ]


def _n_corrected(found: CatalogueImport) -> int:
    """Products that were corrected after the import had finished, and wait to be written."""
    if found.state != State.FINISHED or found.n_new + found.n_changed == found.n_applied:
        return 0
    waiting = found.items.filter(action__in=[Action.NEW, Action.CHANGED], is_applied=False)
    return int(waiting.count())
