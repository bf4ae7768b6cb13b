"""Feeds at their addresses: no login, no session, a file."""

import hashlib
import logging
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from stores.exporters.registry import all_exporters
from stores.feed_address import FoundFeed, resolve_feed
from stores.models import CatalogueExport
from stores.services.feeds import current_file, note_fetch
from tenants.models import Merchant
from tenants.scope import merchant_scope

logger = logging.getLogger(__name__)
WINDOW_SECONDS = 60


@transaction.non_atomic_requests
@require_safe
def feed_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The newest whole file; for an address that opens nothing always the same plain 404."""
    if _is_too_often(token):
        return _plain("Too many requests.", 429, {"Retry-After": str(WINDOW_SECONDS)})
    found = _open_feed(token)
    if found is None:
        return _plain("Not found.", 404)
    with merchant_scope(found.merchant_id), transaction.atomic():
        export = current_file(found.feed_id)
        with suppress(RedisError):  # _is_too_often has logged it
            if cache.add(f"feed-fetched:{found.feed_id}", True, timeout=WINDOW_SECONDS):
                note_fetch(found.feed_id)
    if export is None:
        return _plain("The file is being written.", 503, {"Retry-After": str(WINDOW_SECONDS)})
    return _answer(request, export)


def _open_feed(token: str) -> FoundFeed | None:
    with transaction.atomic():
        found = resolve_feed(token)
        if found and Merchant.objects.filter(pk=found.merchant_id, is_active=True).exists():
            return found
    return None


def _answer(request: HttpRequest, export: CatalogueExport) -> HttpResponseBase:
    etag = f'"{export.sha256}"'
    written = int(export.finished_at.timestamp()) if export.finished_at else 0
    answer: HttpResponseBase | None = get_conditional_response(
        request, etag=etag, last_modified=written
    )
    if answer is None:
        answer = _file(request, export)
    answer["ETag"], answer["Last-Modified"] = etag, http_date(written)
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _file(request: HttpRequest, export: CatalogueExport) -> HttpResponseBase:
    exporter = all_exporters().get(export.format)
    kind = exporter.content_type if exporter else "application/octet-stream"
    if request.method == "HEAD":
        return HttpResponse(content_type=kind, headers={"Content-Length": str(export.size_bytes)})
    try:
        file: Any = default_storage.open(str(export.file), "rb")
    except FileNotFoundError:
        logger.exception("The file of export %s is gone", export.public_id)
        return _plain("The file is being written.", 503, {"Retry-After": str(WINDOW_SECONDS)})
    return FileResponse(file, content_type=kind, filename=export.file_name)


def _plain(text: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(text, status=status, headers=headers, content_type="text/plain")


def _is_too_often(token: str) -> bool:
    """Counted per address and minute; without a cache nothing is refused."""
    name = hashlib.sha256(token.encode()).hexdigest()
    key = f"feed:{int(time.time()) // WINDOW_SECONDS}:{name}"
    try:
        cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
        return bool(cache.incr(key) > settings.FEED_REQUESTS_PER_MINUTE)
    except (RedisError, ValueError):
        logger.exception("The cache does not answer: requests for feeds are not counted")
        return False
