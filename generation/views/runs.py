"""Starting a run, watching it, and all of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from generation.failures import request_reason
from generation.forms.runs import RunForm
from generation.models import Candidate, GenerationRequest, GenerationRun
from generation.selectors import progress_of, runs, seconds_for
from generation.services import cancel_run, retry_failed, start_run
from generation.workers import is_anybody_writing
from stores.models import CopyVersion, Product
from stores.selectors.filters import ProductFilter
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import client_redirect, fragment_or_page
from web.paging import Order, keyset_page

FORM = "generation/run_form.html"
LIST = "generation/run_list.html"
DETAIL = "generation/run_detail.html"
PER_PAGE = 25
LATEST = Order(fields=("created_at", "pk"), is_descending=True)


@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def run_create(request: MerchantRequest) -> HttpResponse:
    """For the products of the filter in the address."""
    chosen = ProductFilter.from_query(request.GET)
    products = chosen.apply(Product.objects.all())
    data = request.POST if request.method == "POST" else None
    form = RunForm(data, locale=request.merchant.locale)
    if data is not None and form.is_valid():
        try:
            run = start_run(
                products=products,
                brief=form.brief(),
                n_candidates=form.cleaned_data["n_candidates"],
                model=form.cleaned_data["model"],
                lane="interactive" if len(chosen.ids) == 1 else "bulk",
                actor=user_actor(request.user),
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            return redirect(_url(request, run))
    return _form(request, form, products.count(), chosen)


def _form(
    request: MerchantRequest, form: RunForm, n_products: int, chosen: ProductFilter
) -> HttpResponse:
    context = {
        "form": form,
        "n_products": n_products,
        "is_everything": chosen.is_empty,
        "seconds": seconds_for(n_products, "default"),
        "is_anybody_writing": is_anybody_writing(),
    }
    status = 422 if form.is_bound else 200
    return fragment_or_page(request, FORM, context, partial="form", status=status)


def _url(request: MerchantRequest, run: GenerationRun) -> str:
    return reverse("generation:run_detail", args=[request.merchant.public_id, run.public_id])


@require_GET
@roles(EVERYBODY)
def run_list(request: MerchantRequest) -> HttpResponse:
    page = keyset_page(runs().order_by(), LATEST, request.GET, PER_PAGE)
    return fragment_or_page(request, LIST, {"page": page}, partial="runs")


@require_GET
@roles(EVERYBODY)
def run_detail(request: MerchantRequest, run: str) -> HttpResponse:
    found = get_object_or_404(runs(), public_id=run)
    requests = found.requests.select_related("product")
    if (state := request.GET.get("state")) in GenerationRequest.State.values:
        requests = requests.filter(state=state)
    page = keyset_page(requests, Order(fields=("pk",)), request.GET, PER_PAGE)
    context = {
        "run": found,
        "progress": progress_of(found),
        "is_over": found.finished_at is not None,
        "page": page,
        "rows": _rows(list(page)),
        "states": [("", _("All")), *GenerationRequest.State.choices],
        "is_anybody_writing": is_anybody_writing(),
    }
    return fragment_or_page(request, DETAIL, context, partial="run")


def _rows(requests: list[GenerationRequest]) -> list[dict[str, Any]]:
    """Each request with its draft and, where it has none, the reason."""
    candidates = Candidate.objects.filter(request__in=requests).values_list(
        "public_id", "request_id"
    )
    request_of = dict(candidates)
    versions = CopyVersion.objects.filter(candidate__in=request_of, source="ai")
    drafts = {request_of[v.candidate]: v for v in versions}
    return [
        {"request": r, "draft": drafts.get(r.pk), "reason": request_reason(r)} for r in requests
    ]


@require_POST
@roles(WRITERS)
def run_cancel(request: MerchantRequest, run: str) -> HttpResponse:
    found = get_object_or_404(GenerationRun.objects, public_id=run)
    cancel_run(run=found, actor=user_actor(request.user))
    messages.success(request, _("Run cancelled. What was written stays."))
    return client_redirect(request, _url(request, found))


@require_POST
@roles(WRITERS)
def run_retry(request: MerchantRequest, run: str) -> HttpResponse:
    found = get_object_or_404(GenerationRun.objects, public_id=run)
    try:
        n = retry_failed(run=found, actor=user_actor(request.user))
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        words = ngettext("%(n)s text is tried again.", "%(n)s texts are tried again.", n)
        messages.success(request, words % {"n": n})
    return client_redirect(request, _url(request, found))
