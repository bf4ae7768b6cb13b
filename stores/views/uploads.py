"""A file that the browser sends in pieces; the form that starts its import then only names it."""

from django import forms
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stores.models import Upload
from stores.services.uploads import (
    MAX_PIECE_BYTES,
    PIECE_BYTES,
    WrongOffset,
    add_piece,
    begin_upload,
)
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import WRITERS, roles
from tenants.requests import MerchantRequest


class UploadForm(forms.Form):
    """What is known of a file before it arrives."""

    file_name = forms.CharField(max_length=1_000)
    size_bytes = forms.IntegerField()


@transaction.non_atomic_requests
@require_POST
@roles(WRITERS)
def upload_create(request: MerchantRequest) -> JsonResponse:
    form = UploadForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"code": "invalid", "message": _("The file has no name.")}, status=422)
    try:
        with transaction.atomic():
            upload = begin_upload(**form.cleaned_data, actor=user_actor(request.user))
    except DomainError as error:
        return _refusal(error)
    return JsonResponse(_state(request, upload), status=201)


@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def upload_piece(request: MerchantRequest, upload: str) -> JsonResponse:
    """GET: how much has arrived. POST: the body is what follows at Upload-Offset."""
    with transaction.atomic():
        found = get_object_or_404(Upload.objects, public_id=upload, catalogue_import=None)
    if request.method == "GET":
        return JsonResponse(_state(request, found))
    offset = request.headers.get("Upload-Offset", "")
    piece = _body(request)
    if piece is None or not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        message = _("The piece did not arrive whole. Send it again.")
        return JsonResponse({"code": "piece_cut_off", "message": message}, status=400)
    try:
        with transaction.atomic():
            found.n_received_bytes = add_piece(upload=found, offset=int(offset), piece=piece)
    except DomainError as error:
        return _refusal(error)
    return JsonResponse(_state(request, found))


def _body(request: HttpRequest) -> bytes | None:
    """The whole body of the length that was announced; None if there is more or less of it."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdigit() or int(length) > MAX_PIECE_BYTES:
        return None
    try:
        body: bytes = request.read(int(length))
    except OSError:  # the connection was cut
        return None
    return body if len(body) == int(length) else None


def _state(request: MerchantRequest, upload: Upload) -> dict[str, object]:
    return {
        "upload": upload.public_id,
        "url": reverse("stores:upload_piece", args=[request.merchant.public_id, upload.public_id]),
        "n_received_bytes": upload.n_received_bytes,
        "size_bytes": upload.size_bytes,
        "piece_bytes": PIECE_BYTES,
    }


def _refusal(error: DomainError) -> JsonResponse:
    problem: dict[str, object] = {"code": error.code, "message": str(error.message)}
    if isinstance(error, WrongOffset):
        problem["n_received_bytes"] = error.n_received_bytes
    return JsonResponse(problem, status=error.status)
