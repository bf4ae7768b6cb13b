"""Feeds: files at an address, written anew on a schedule."""

from datetime import timedelta
from functools import partial

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stores.exporters.registry import exporter_named
from stores.feed_address import new_address
from stores.models import CatalogueExport, Feed
from stores.selectors.filters import ProductFilter
from stores.services.export_files import remove
from stores.services.exports import OPEN_STATES, checked_link_template, send_to_worker
from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError

State = CatalogueExport.State
MAX_FEEDS = 50
MAX_MERCHANTS = 1_000
KEPT_EXPORTS = 50


def create_feed(
    *,
    name: str,
    format: str,
    products: ProductFilter,
    every_minutes: int,
    actor: Actor,
    link_template: str = "",
) -> tuple[Feed, str]:
    """A new feed and its address, which cannot be had a second time; its file is written at once.

    every_minutes: one of Feed.Every. Raises DomainError format_unknown, feed_schedule_unknown,
    link_template_unusable, too_many_feeds.
    """
    exporter_named(format)
    if every_minutes not in Feed.Every.values:
        raise DomainError("feed_schedule_unknown", _("Choose how often it is written."), status=422)
    if Feed.objects.filter(revoked_at=None).count() >= MAX_FEEDS:
        message = _("There are %(limit)s feeds already. Revoke one first.") % {"limit": MAX_FEEDS}
        raise DomainError("too_many_feeds", message)
    address = new_address()
    feed: Feed = Feed.objects.create(
        name=name,
        format=format,
        query=products.query(),
        link_template=checked_link_template(link_template),
        every_minutes=every_minutes,
        prefix=address.prefix,
        secret_hash=address.secret_hash,
        due_at=timezone.now(),
        created_by_id=actor.user_id,
    )
    record("feed.created", actor=actor, target=feed.public_id, name=name, format=format)
    build_due_feeds()
    return feed, address.url


def rotate_feed(*, feed: Feed, actor: Actor) -> tuple[Feed, str]:
    """The feed at a new address, shown once; the old one opens nothing from now on.

    Raises DomainError feed_is_revoked.
    """
    locked: Feed = Feed.objects.select_for_update().get(pk=feed.pk)
    if locked.revoked_at is not None:
        raise DomainError("feed_is_revoked", _("This feed has been revoked. Make a new one."))
    address = new_address()
    locked.prefix, locked.secret_hash = address.prefix, address.secret_hash
    locked.save(update_fields=["prefix", "secret_hash"])
    record("feed.rotated", actor=actor, target=locked.public_id, name=locked.name)
    return locked, address.url


def revoke_feed(*, feed: Feed, actor: Actor) -> None:
    """Refuse every later request for the feed and write it no more; twice changes nothing."""
    open_feed = Feed.objects.filter(pk=feed.pk, revoked_at=None)
    if not open_feed.update(revoked_at=timezone.now()):
        return
    under_way = CatalogueExport.objects.filter(feed=feed, state__in=OPEN_STATES)
    under_way.update(state=State.CANCELLED, heartbeat_at=None)
    _forget_files(feed, keep=None)
    record("feed.revoked", actor=actor, target=feed.public_id, name=feed.name)


def current_file(feed_id: int) -> CatalogueExport | None:
    """What a feed serves: the newest file that was written whole."""
    exports = CatalogueExport.objects.filter(feed=feed_id, state=State.FINISHED).exclude(file="")
    found: CatalogueExport | None = exports.order_by("-pk").first()
    return found


def build_due_feeds() -> list[CatalogueExport]:
    """Have the merchant's feeds written whose time has come; one that is being written waits."""
    now = timezone.now()
    due = Feed.objects.filter(revoked_at=None, due_at__lte=now).order_by("pk")
    started = []
    for feed in due.select_for_update(skip_locked=True, no_key=True):
        feed.due_at = now + timedelta(minutes=feed.every_minutes)
        feed.save(update_fields=["due_at"])
        if feed.exports.filter(state__in=OPEN_STATES).exists():
            continue
        export = CatalogueExport.objects.create(
            feed=feed, format=feed.format, query=feed.query, link_template=feed.link_template
        )
        send_to_worker(export)
        started.append(export)
    return started


def keep_newest(export: CatalogueExport) -> None:
    """After a feed's new file is whole: delete its earlier files, and rows beyond the last ones."""
    if export.feed_id is None:
        return
    with transaction.atomic():
        _forget_files(export.feed, keep=export.pk)
        old = CatalogueExport.objects.filter(feed=export.feed_id).order_by("-pk")
        keys = list(old.values_list("pk", flat=True)[KEPT_EXPORTS:])
        if keys:
            CatalogueExport.objects.filter(pk__in=keys).delete()


def note_fetch(feed_id: int) -> None:
    """Write when a feed was last fetched, at most once a minute, and never wait for another request."""
    now = timezone.now()
    stale = Feed.objects.filter(pk=feed_id).exclude(last_fetched_at__gt=now - timedelta(minutes=1))
    free = stale.select_for_update(skip_locked=True, no_key=True).values("pk")
    Feed.objects.filter(pk__in=free).update(last_fetched_at=now)


def merchants_with_due_feeds() -> list[int]:
    """Of all merchants that are active: those with a feed whose time has come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM due_feeds(%s)", [MAX_MERCHANTS])
        return [merchant for (merchant,) in cursor.fetchall()]


def _forget_files(feed: Feed, keep: int | None) -> None:
    """Files go after the commit: a transaction that is rolled back still has them."""
    exports = CatalogueExport.objects.filter(feed=feed).exclude(file="").exclude(pk=keep)
    done = exports.exclude(state__in=OPEN_STATES)
    names = dict(done.values_list("pk", "file"))
    CatalogueExport.objects.filter(pk__in=list(names)).update(file="")
    for name in names.values():
        transaction.on_commit(partial(remove, name), robust=True)
