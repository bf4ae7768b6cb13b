"""Taking the catalogue out, with the published texts in it: files of the moment, and feeds."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stores.exporters.problems import message_of
from stores.exporters.registry import all_exporters
from stores.forms.exports import ExportForm, FeedForm, FormatForm
from stores.models import CatalogueExport, Feed, Product
from stores.selectors.exports import export_history, feeds_with_last_export, when_last_exported
from stores.selectors.filters import ProductFilter
from stores.services.exports import (
    OPEN_STATES,
    cancel_export,
    filter_of,
    last_link_template,
    note_download,
    start_export,
)
from stores.services.feeds import create_feed, revoke_feed, rotate_feed
from stores.words.filters import filter_words
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import client_redirect, fragment_or_page

LIST = "stores/export_list.html"
FORM = "stores/export_form.html"
DETAIL = "stores/export_detail.html"
FEED_FORM = "stores/feed_form.html"
PER_PAGE = 25
MOST_COUNTED = 10_000


@require_GET
@roles(WRITERS)
def export(request: MerchantRequest) -> HttpResponse:
    """The address that older links have: the form, with the same products."""
    query = request.GET.urlencode()
    return redirect(_url(request, "export_create") + (f"?{query}" if query else ""))


@require_GET
@roles(EVERYBODY)
def export_list(request: MerchantRequest) -> HttpResponse:
    return _list(request)


def _list(request: MerchantRequest, **more: Any) -> HttpResponse:
    page = Paginator(export_history(), PER_PAGE).get_page(request.GET.get("page"))
    feeds: list[Any] = list(feeds_with_last_export())
    states = {*(export.state for export in page), *(feed.last_state for feed in feeds)}
    context = {
        "page": page,
        "rows": [_row(export) for export in page],
        "feeds": [_row(feed) for feed in feeds],
        "is_under_way": bool(states & set(OPEN_STATES)),
        **more,
    }
    return fragment_or_page(request, LIST, context, partial="exports")


def _row(row: CatalogueExport | Feed) -> dict[str, Any]:
    exporter = all_exporters().get(row.format)
    return {
        "it": row,
        "format": exporter.label if exporter else row.format,
        "words": filter_words(filter_of(row)),
    }


@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def export_create(request: MerchantRequest) -> HttpResponse:
    """The products are those of the filter in the address."""
    form = ExportForm(request.POST or None, initial={"link_template": last_link_template()})
    if request.method == "GET" or not form.is_valid():
        return _form(request, FORM, form)
    started = start_export(
        products=ProductFilter.from_query(request.GET),
        actor=user_actor(request.user),
        **form.cleaned_data,
    )
    return redirect(_url(request, "export_detail", started.public_id))


def _form(request: MerchantRequest, template: str, form: FormatForm) -> HttpResponse:
    chosen = ProductFilter.from_query(request.GET)
    last = when_last_exported(chosen.query())
    n_products = chosen.apply(Product.objects.all())[: MOST_COUNTED + 1].count()
    context = {
        "form": form,
        "formats": [{"it": e, "last": last.get(name)} for name, e in form.exporters.items()],
        "chosen_format": form["format"].value(),
        "n_products": min(n_products, MOST_COUNTED),
        "has_more": n_products > MOST_COUNTED,
        "words": filter_words(chosen),
        "query": chosen.query(),
    }
    status = 422 if form.is_bound else 200
    return fragment_or_page(request, template, context, status=status)


@require_GET
@roles(EVERYBODY)
def export_detail(request: MerchantRequest, export: str) -> HttpResponse:
    found = _found(export)
    context = {
        "export": found,
        **_row(found),
        "is_under_way": found.state in OPEN_STATES,
        "failure": message_of(found.error_code) if found.error_code else "",
        "left_out": [{**one, "reason": message_of(one["code"])} for one in found.left_out],
        "n_more_left_out": found.n_left_out - len(found.left_out),
    }
    return fragment_or_page(request, DETAIL, context, partial="export")


@transaction.non_atomic_requests
@require_GET
@roles(EVERYBODY)
def export_download(request: MerchantRequest, export: str) -> HttpResponseBase:
    """The file as it was written; who takes it is in the audit log."""
    with transaction.atomic():
        found = _found(export)
        if found.state != CatalogueExport.State.FINISHED or not found.file:
            raise Http404
        note_download(export=found, actor=user_actor(request.user))
    try:
        file: Any = default_storage.open(str(found.file), "rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    exporter = all_exporters().get(found.format)
    kind = exporter.content_type if exporter else "application/octet-stream"
    return FileResponse(file, as_attachment=True, filename=found.file_name, content_type=kind)


@require_POST
@roles(WRITERS)
def export_cancel(request: MerchantRequest, export: str) -> HttpResponse:
    found = _found(export)
    try:
        cancel_export(export=found, actor=user_actor(request.user))
        messages.success(request, _("Export cancelled."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return client_redirect(request, _url(request, "export_detail", found.public_id))


@never_cache
@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def feed_create(request: MerchantRequest) -> HttpResponse:
    """A feed of the products of the filter in the address."""
    form = FeedForm(request.POST or None, initial={"link_template": last_link_template()})
    if request.method == "GET" or not form.is_valid():
        return _form(request, FEED_FORM, form)
    try:
        feed, url = create_feed(
            products=ProductFilter.from_query(request.GET),
            actor=user_actor(request.user),
            **form.cleaned_data,
        )
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _form(request, FEED_FORM, form)
    # The only answer that shows the address: it is kept nowhere, so no redirect can carry it.
    return _list(request, new_feed=feed, address=url)


@never_cache
@require_POST
@roles(WRITERS)
def feed_rotate(request: MerchantRequest, feed: str) -> HttpResponse:
    found = get_object_or_404(Feed.objects, public_id=feed)
    try:
        rotated, url = rotate_feed(feed=found, actor=user_actor(request.user))
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect(_url(request, "export_list"))
    return _list(request, new_feed=rotated, address=url)


@require_POST
@roles(WRITERS)
def feed_revoke(request: MerchantRequest, feed: str) -> HttpResponse:
    found = get_object_or_404(Feed.objects, public_id=feed)
    revoke_feed(feed=found, actor=user_actor(request.user))
    messages.success(request, _("The feed “%(name)s” opens no longer.") % {"name": found.name})
    return redirect(_url(request, "export_list"))


def _found(public_id: str) -> CatalogueExport:
    exports = CatalogueExport.objects.select_related("created_by", "feed")
    found: CatalogueExport = get_object_or_404(exports, public_id=public_id)
    return found


def _url(request: MerchantRequest, name: str, *parts: str) -> str:
    return reverse(f"stores:{name}", args=[request.merchant.public_id, *parts])
