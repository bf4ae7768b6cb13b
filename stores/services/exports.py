"""Exports as people see them: started, cancelled, their files fetched. The work: export_work."""

from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

from stores.exporters.registry import exporter_named
from stores.models import CatalogueExport, Feed
from stores.selectors.filters import ProductFilter
from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError

State = CatalogueExport.State
OPEN_STATES = (State.QUEUED, State.WRITING)
PLACEHOLDERS = ("{handle}", "{sku}")
MAX_LINK_CHARACTERS = 500


def start_export(
    *,
    format: str,
    products: ProductFilter,
    actor: Actor,
    only_changed: bool = False,
    since: datetime | None = None,
    link_template: str = "",
) -> CatalogueExport:
    """Have the products written into a file by a worker.

    format: an exporter's name. only_changed: since the last finished export of this format and
    filter; where there is none, everything. since: only what changed after this moment.
    link_template: see `checked_link_template`.
    Raises DomainError format_unknown, link_template_unusable.
    """
    exporter_named(format)
    if only_changed and since is None:
        before = last_export(format, products)
        since = before.snapshot_at if before else None
    export: CatalogueExport = CatalogueExport.objects.create(
        format=format,
        query=products.query(),
        since=since,
        link_template=checked_link_template(link_template),
        created_by_id=actor.user_id,
    )
    record(
        "export.started",
        actor=actor,
        target=export.public_id,
        format=format,
        filter=export.query[:500],
        since=since.isoformat() if since else None,
    )
    send_to_worker(export)
    return export


def cancel_export(*, export: CatalogueExport, actor: Actor) -> CatalogueExport:
    """Stop an export before its file is there. Raises DomainError export_is_over."""
    locked: CatalogueExport = CatalogueExport.objects.select_for_update().get(pk=export.pk)
    if locked.state not in OPEN_STATES:
        raise DomainError("export_is_over", _("This export is over already."))
    locked.state, locked.heartbeat_at = State.CANCELLED, None
    locked.save(update_fields=["state", "heartbeat_at"])
    record("export.cancelled", actor=actor, target=locked.public_id)
    return locked


def note_download(*, export: CatalogueExport, actor: Actor) -> None:
    """Keep in the audit log who took a file out of the house."""
    record("export.downloaded", actor=actor, target=export.public_id, file=export.file_name)


def last_export(format: str, products: ProductFilter) -> CatalogueExport | None:
    """The newest finished export by a person or a program of this format and filter."""
    finished = CatalogueExport.objects.filter(state=State.FINISHED, feed=None)
    found: CatalogueExport | None = (
        finished.filter(format=format, query=products.query()).order_by("-snapshot_at").first()
    )
    return found


def last_link_template() -> str:
    """The link template that was given last, for the next form."""
    for model in (Feed, CatalogueExport):
        given = model.objects.exclude(link_template="").order_by("-created_at", "-pk")
        found = given.values_list("link_template", flat=True).first()
        if found:
            return str(found)
    return ""


def filter_of(row: CatalogueExport | Feed) -> ProductFilter:
    """The products' filter that an export or a feed keeps."""
    return ProductFilter.parse(row.query)


def checked_link_template(text: str) -> str:
    """The template of a product's address, such as https://shop.example/products/{handle}, or "".

    Raises DomainError link_template_unusable unless it is a web address with {handle} or {sku}.
    """
    template = text.strip()
    if not template:
        return ""
    if len(template) > MAX_LINK_CHARACTERS or not _is_template(template):
        message = _("Give a complete web address with {handle} or {sku} in it.")
        raise DomainError("link_template_unusable", message, status=422)
    return template


def _is_template(template: str) -> bool:
    try:
        parts = urlsplit(template)
    except ValueError:
        return False
    is_address = parts.scheme in ("http", "https") and bool(parts.netloc)
    # Placeholders in the host would send customers wherever a handle says.
    is_printable = template.isprintable() and not any(c in template for c in ' <>"\\')
    has_place = any(place in template for place in PLACEHOLDERS)
    return is_address and is_printable and has_place and "{" not in parts.netloc


def send_to_worker(export: CatalogueExport) -> None:
    """Tell a worker once the transaction has committed; without a broker, beat does it later."""
    ids = {"merchant_id": export.merchant_id, "export_id": export.pk}
    send = partial(current_app.send_task, "stores.write_export", kwargs=ids, retry=False)
    transaction.on_commit(send, robust=True)
