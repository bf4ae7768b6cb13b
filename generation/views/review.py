"""Review: one draft after the other, with everything that it takes to decide beside it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from generation.forms.review import RegenerateForm, RejectForm
from generation.models import GenerationRun
from generation.review import choose_candidate, finding_words, other_candidates, waiting_for
from generation.services import regenerate
from stores.forms.copy import CopyForm, copy_initial
from stores.models import CopyVersion, Product
from stores.selectors.catalogue import (
    drafts_to_review,
    n_texts,
    next_in_queue,
    place_in_queue,
    text_it_replaces,
)
from stores.services.copy import (
    approve_copy,
    edit_copy,
    publish_approved,
    publish_copy,
    reject_copy,
    reopen_copy,
)
from stores.words.provenance import provenance_facts, source_facts
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page

ITEM, EMPTY = "generation/review_item.html", "generation/review_empty.html"
PANELS = frozenset({"edit", "reject", "regenerate"})
Answer = HttpResponse | CopyVersion | None


@require_GET
@roles(EVERYBODY)
def review(request: MerchantRequest) -> HttpResponse:
    """The oldest draft of the queue, or that there is none."""
    first = drafts_to_review(run=_run(request)).first()
    if first is not None:
        return redirect(_url(request, first))
    context = {"n_approved": n_texts(CopyVersion.State.APPROVED), "run": _run(request)}
    return fragment_or_page(request, EMPTY, context, partial="review")


@require_GET
@roles(EVERYBODY)
def review_item(request: MerchantRequest, version: str) -> HttpResponse:
    extra: dict[str, Any] = {}
    if waiting := request.GET.get("waiting"):
        found = get_object_or_404(GenerationRun.objects, public_id=waiting)
        extra["waiting"] = waiting_for(found)
    return _item(request, _version(version), extra)


@require_POST
@roles(WRITERS)
def review_act(request: MerchantRequest, version: str, action: str) -> HttpResponse:
    """Decide about a draft and go on to the next one."""
    decide, shown = _ACTIONS.get(action), _version(version)
    if decide is None:
        raise Http404
    following = next_in_queue(shown, drafts_to_review(run=_run(request)))
    try:
        answer = decide(request, shown)
    except DomainError as error:
        messages.error(request, str(error.message))
        answer = shown
    if isinstance(answer, HttpResponse):
        return answer
    return _go_to(request, answer or following)


@require_POST
@roles(WRITERS)
def review_publish(request: MerchantRequest) -> HttpResponse:
    """Publish every approved text of the shop."""
    n = publish_approved(products=Product.objects.all(), actor=user_actor(request.user))
    text = ngettext("%(n)s text published.", "%(n)s texts published.", n)
    messages.success(request, text % {"n": n})
    return redirect(_url(request, None))


@require_GET
@roles(EVERYBODY)
def review_waiting(request: MerchantRequest, version: str, run: str) -> HttpResponse:
    """How far the text is that was asked for; polls itself until it is there."""
    found = get_object_or_404(GenerationRun.objects, public_id=run)
    context = {
        "version": _version(version),
        "waiting": waiting_for(found),
        "query": _query(request),
    }
    return fragment_or_page(request, "generation/review_waiting.html", context)


def _approve(request: MerchantRequest, version: CopyVersion) -> Answer:
    approve_copy(version=version, actor=user_actor(request.user))
    messages.success(request, _("Approved."))
    return None


def _publish(request: MerchantRequest, version: CopyVersion) -> Answer:
    publish_copy(version=version, actor=user_actor(request.user))
    messages.success(request, _("Published."))
    return None


def _reopen(request: MerchantRequest, version: CopyVersion) -> Answer:
    return reopen_copy(version=version, actor=user_actor(request.user))


def _reject(request: MerchantRequest, version: CopyVersion) -> Answer:
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _item(request, version, {"panel": "reject", "reject_form": form}, status=422)
    reject_copy(version=version, reason=form.words(), actor=user_actor(request.user))
    messages.success(request, _("Rejected."))
    return None


def _edit(request: MerchantRequest, version: CopyVersion) -> Answer:
    """Keep the new wording; `then` says whether it is approved or published at once."""
    form, actor = CopyForm(request.POST), user_actor(request.user)
    if not form.is_valid():
        return _item(request, version, {"panel": "edit", "edit_form": form}, status=422)
    try:
        edited = edit_copy(
            version=version,
            text=form.cleaned_data["html"],
            actor=actor,
            expected_state=request.POST.get("state", ""),
        )
    except DomainError as error:  # what was typed stays in the form, which now knows the new state
        form.add_error(None, str(error.message))
        panel = {"panel": "edit", "edit_form": form}
        return _item(request, _version(version.public_id), panel, status=422)
    then = {"approve": _approve, "publish": _publish}.get(request.POST.get("then", ""))
    if then is not None:
        return then(request, edited)
    messages.success(request, _("Saved as version %(number)s.") % {"number": edited.number})
    return edited


def _regenerate(request: MerchantRequest, version: CopyVersion) -> Answer:
    form = RegenerateForm(request.POST)
    if not form.is_valid():
        return _item(request, version, {"panel": "regenerate", "regenerate_form": form}, status=422)
    run = regenerate(
        version=version,
        instructions=form.cleaned_data["instructions"],
        actor=user_actor(request.user),
    )
    if request.htmx:
        return _item(request, version, {"waiting": waiting_for(run)})
    url, separator = _url(request, version), "&" if _query(request) else "?"
    return redirect(f"{url}{separator}waiting={run.public_id}")


def _choose(request: MerchantRequest, version: CopyVersion) -> Answer:
    candidate = request.POST.get("candidate", "")
    return choose_candidate(version=version, candidate=candidate, actor=user_actor(request.user))


_ACTIONS: dict[str, Callable[[MerchantRequest, CopyVersion], Answer]] = {
    "approve": _approve,
    "publish": _publish,
    "reopen": _reopen,
    "reject": _reject,
    "edit": _edit,
    "regenerate": _regenerate,
    "choose": _choose,
}


def _version(public_id: str) -> CopyVersion:
    versions = CopyVersion.objects.select_related("slot__product", "reviewed_by", "created_by")
    version: CopyVersion = get_object_or_404(versions, public_id=public_id)
    return version


def _go_to(request: MerchantRequest, version: CopyVersion | None) -> HttpResponse:
    """A plain request is redirected; htmx gets the fragment at once and the address in a header."""
    url = _url(request, version)
    if not request.htmx or version is None:
        return redirect(url)
    response = _item(request, _version(version.public_id), {})
    response["HX-Push-Url"] = url
    return response


def _item(
    request: MerchantRequest, version: CopyVersion, extra: dict[str, Any], status: int = 200
) -> HttpResponse:
    replaced = text_it_replaces(version)
    panel = next((name for name in PANELS if name in request.GET), "")
    context = {
        "version": version,
        "product": version.slot.product,
        "place": place_in_queue(version, drafts_to_review(run=_run(request))),
        "query": _query(request),
        "replaced": replaced,
        "has_marks": request.GET.get("marks") != "off",
        "candidates": [(c, finding_words(c)) for c in other_candidates(version)],
        "facts": source_facts(version.slot.product),
        "image": version.slot.product.images.first(),
        "provenance": provenance_facts(version),
        "n_approved": n_texts(CopyVersion.State.APPROVED),
        "n_drafts": partial(n_texts, CopyVersion.State.DRAFT),  # counted where it is shown
        "panel": panel if version.state == CopyVersion.State.DRAFT else "",
        "edit_form": CopyForm(initial=copy_initial(version.text)),
        "reject_form": RejectForm(),
        "regenerate_form": RegenerateForm(),
        "waiting": None,
    }
    return fragment_or_page(request, ITEM, context | extra, partial="review", status=status)


def _run(request: MerchantRequest) -> str:
    run = request.GET.get("run", "")
    return run if run.isidentifier() else ""


def _query(request: MerchantRequest) -> str:
    """The part of the address that says which queue this is."""
    return f"?run={run}" if (run := _run(request)) else ""


def _url(request: MerchantRequest, version: CopyVersion | None) -> str:
    where = [request.merchant.public_id, *([version.public_id] if version else [])]
    name = "generation:review_item" if version else "generation:review"
    return reverse(name, args=where) + _query(request)
