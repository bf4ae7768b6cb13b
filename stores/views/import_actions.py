"""What a person tells an import to do, and the report of what is wrong with its file."""

import csv
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.forms.imports import ON_CONFLICT
from stores.forms.rereading import RereadForm
from stores.formulas import make_safe
from stores.models import CatalogueImport
from stores.services.import_corrections import error_rows
from stores.services.imports import (
    cancel_import,
    confirm_import,
    reread_import,
    retry_corrected,
)
from stores.views.imports import import_url, show_import
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from tenants.scope import merchant_scope
from web.htmx import client_redirect

BYTE_ORDER_MARK = "\ufeff"


@require_POST
@roles(WRITERS)
def import_confirm(request: MerchantRequest, catalogue_import: str) -> HttpResponse:
    choice = request.POST.get("on_conflict", "")
    known = choice if choice in dict(ON_CONFLICT) else ""
    return _act(request, catalogue_import, confirm_import, on_conflict=known)


@require_POST
@roles(WRITERS)
def import_cancel(request: MerchantRequest, catalogue_import: str) -> HttpResponse:
    done = _("Import cancelled. What was written stays.")
    return _act(request, catalogue_import, cancel_import, done)


@require_POST
@roles(WRITERS)
def import_retry(request: MerchantRequest, catalogue_import: str) -> HttpResponse:
    return _act(request, catalogue_import, retry_corrected)


@require_POST
@roles(WRITERS)
def import_reread(request: MerchantRequest, catalogue_import: str) -> HttpResponse:
    found = get_object_or_404(CatalogueImport.objects, public_id=catalogue_import)
    form = RereadForm(request.POST, found=found)
    if not form.is_valid():
        return show_import(request, found, form, status=422)
    return _act(request, catalogue_import, reread_import, options=form.options())


def _act(
    request: MerchantRequest,
    catalogue_import: str,
    service: Callable[..., Any],
    done: str = "",
    **arguments: Any,
) -> HttpResponse:
    """Let a service do it; a refusal is told on the import's page."""
    found = get_object_or_404(CatalogueImport.objects, public_id=catalogue_import)
    try:
        service(catalogue_import=found, actor=user_actor(request.user), **arguments)
        if done:
            messages.success(request, done)
    except DomainError as error:
        messages.error(request, str(error.message))
    return client_redirect(request, import_url(request, found))


@transaction.non_atomic_requests
@require_GET
@roles(EVERYBODY)
def import_errors(request: MerchantRequest, catalogue_import: str) -> StreamingHttpResponse:
    """The error report as a table; streamed, each piece in a transaction of its own."""
    with transaction.atomic():
        found = get_object_or_404(CatalogueImport.objects, public_id=catalogue_import)
    pieces = _in_scope(_report(found), found.merchant_id)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    stem = slugify(PurePath(found.file_name).stem) or "import"
    response["Content-Disposition"] = f'attachment; filename="{stem}-errors.csv"'
    return response


def _report(found: CatalogueImport) -> Iterator[str]:
    writer = csv.writer(_Echo())
    columns = [_("Row"), _("Column"), _("Handle"), _("Title"), _("Kind"), _("What is wrong")]
    yield BYTE_ORDER_MARK + writer.writerow(columns)
    for line in error_rows(found):
        kind = _("Warning") if line.is_warning else _("Error")
        texts = (line.column, line.handle, line.title, kind, line.message)
        yield writer.writerow([line.row, *map(make_safe, texts)])


def _in_scope(pieces: Iterator[str], merchant_id: int) -> Iterator[str]:
    """Each piece is made in the merchant's scope, which nobody else's code ever runs in."""
    while True:
        with merchant_scope(merchant_id):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


class _Echo:
    """A file that gives back what is written to it, so that a row can be streamed."""

    def write(self, text: str) -> str:
        return text
