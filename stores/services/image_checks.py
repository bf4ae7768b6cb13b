"""Looking at the images of products: is there one, is it a picture, how large is it.

An image is claimed by its `checked_at` before it is asked for, so that two workers do not ask for
the same one, and one that hangs does not come first again.
"""

import hashlib
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from stores.models import Product, ProductImage
from stores.pictures import picture_of
from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError
from web.outbound import Head, PoliteClient, Unreachable

State = ProductImage.State
HEAD_BYTES = 64 * 1024
MIN_SIDE = 100
MAX_IN_FLIGHT = 2
IMAGES_PER_RUN = 60
RUN_SECONDS = 30.0
PAUSE_SECONDS = 1.0
DEFAULT_WAIT_SECONDS = 300
RETRY_AFTER = timedelta(hours=1)
RECHECK_AFTER = timedelta(days=30)
MERCHANTS_AT_ONCE = 5
ACCEPT = "image/avif,image/webp,image/svg+xml,image/*;q=0.9,*/*;q=0.1"
GONE, BUSY = frozenset({404, 410}), frozenset({429, 503})
FIELDS = ["state", "width", "height", "n_bytes", "checked_at"]


@dataclass(slots=True)
class Look:
    """At one image. state: "" while nothing was found out. was_checked_at: before it was claimed."""

    pk: int
    url: str
    was_checked_at: datetime | None
    state: str = ""
    width: int | None = None
    height: int | None = None
    n_bytes: int | None = None


def check_images(*, product_id: int | None = None) -> int:
    """Look at images of the merchant in scope that are due, or at all of one product's.

    Returns how many were looked at. Call it outside a transaction: it waits for other servers.
    """
    with transaction.atomic():
        looks = _claim(product_id)
    if not looks:
        return 0
    client = PoliteClient(
        f"CopydeskImageCheck/1 (+{settings.BASE_URL})",
        allow_loopback=settings.IMAGE_CHECKS_ALLOW_LOOPBACK,
    )
    try:
        _look_at_all(client, looks)
    finally:
        client.close()
        _store(looks)
    return sum(bool(look.state) for look in looks)


def request_image_check(*, product: Product, actor: Actor) -> None:
    """Have a product's images looked at now; raises DomainError image_checks_off."""
    if not settings.CHECK_IMAGES:
        message = _("This installation does not look at images.")
        raise DomainError("image_checks_off", message)
    ids = {"merchant_id": product.merchant_id, "product_id": product.pk}
    send = partial(current_app.send_task, "stores.check_images", kwargs=ids, retry=False)
    transaction.on_commit(send, robust=True)
    record("images.check_requested", actor=actor, target=product.public_id)


def merchants_with_unchecked_images() -> list[int]:
    """Keys of some merchants that have images to look at, others each time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM merchants_with_unchecked_images("
            "make_interval(secs => %s), make_interval(secs => %s), %s)",
            [RETRY_AFTER.total_seconds(), RECHECK_AFTER.total_seconds(), MERCHANTS_AT_ONCE],
        )
        return [merchant_id for (merchant_id,) in cursor.fetchall()]


def verdict(head: Head) -> tuple[str, int | None, int | None]:
    """State, width and height that an answer tells of."""
    if head.status in GONE:
        return State.MISSING, None, None
    if head.status not in (200, 206, 416):
        return State.UNREACHABLE, None, None
    picture = picture_of(head.data)
    if picture is None:
        return State.NO_IMAGE, None, None
    is_small = any(side is not None and side < MIN_SIDE for side in (picture.width, picture.height))
    return State.SMALL if is_small else State.OK, picture.width, picture.height


def _due(product_id: int | None) -> QuerySet[ProductImage]:
    images: QuerySet[ProductImage] = ProductImage.objects.all()
    if product_id is not None:
        return images.filter(product=product_id)
    now = timezone.now()
    fresh = Q(state=State.UNCHECKED) & (Q(checked_at=None) | Q(checked_at__lt=now - RETRY_AFTER))
    return images.filter(fresh | Q(checked_at__lt=now - RECHECK_AFTER))


def _claim(product_id: int | None) -> list[Look]:
    due = _due(product_id).order_by(F("checked_at").asc(nulls_first=True), "pk")
    rows = list(due.select_for_update(skip_locked=True, no_key=True)[:IMAGES_PER_RUN])
    now = timezone.now()
    ProductImage.objects.filter(pk__in=[row.pk for row in rows]).update(checked_at=now)
    return [Look(row.pk, row.url, row.checked_at) for row in rows]


def _look_at_all(client: PoliteClient, looks: Sequence[Look]) -> None:
    """Each host gets one request at a time with a pause between; at most two hosts at once."""
    by_host: dict[str, list[Look]] = {}
    for look in looks:
        by_host.setdefault(_host(look.url), []).append(look)
    ends_at = time.monotonic() + RUN_SECONDS
    with ThreadPoolExecutor(MAX_IN_FLIGHT) as pool:
        list(pool.map(lambda host: _look_at_host(client, host, by_host[host], ends_at), by_host))


def _look_at_host(client: PoliteClient, host: str, looks: Sequence[Look], ends_at: float) -> None:
    for number, look in enumerate(looks):
        if time.monotonic() > ends_at or cache.get(_waiting(host)):
            return
        if number:
            time.sleep(PAUSE_SECONDS)
        _look_at(client, host, look)


def _look_at(client: PoliteClient, host: str, look: Look) -> None:
    try:
        head = client.head_of(look.url, HEAD_BYTES, ACCEPT)
    except Unreachable:
        look.state = State.UNREACHABLE
        return
    if head.status in BUSY:
        cache.set(_waiting(host), True, head.wait_seconds or DEFAULT_WAIT_SECONDS)
        return
    look.state, look.width, look.height = verdict(head)
    look.n_bytes = head.n_bytes if look.state in (State.OK, State.SMALL) else None


def _store(looks: Sequence[Look]) -> None:
    """What was found out; an image that was not looked at after all is due as it was."""
    now = timezone.now()
    found = [
        ProductImage(
            pk=look.pk,
            state=look.state,
            width=look.width,
            height=look.height,
            n_bytes=look.n_bytes,
            checked_at=now,
        )
        for look in looks
        if look.state
    ]
    left = [ProductImage(pk=o.pk, checked_at=o.was_checked_at) for o in looks if not o.state]
    with transaction.atomic():
        ProductImage.objects.bulk_update(found, FIELDS)
        ProductImage.objects.bulk_update(left, ["checked_at"])


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _waiting(host: str) -> str:
    return f"images:wait:{hashlib.sha256(host.encode()).hexdigest()}"
