"""The work of an export: its products written into a file, chunk by chunk, by one worker at a time."""

import errno
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from stores.exporters.base import Exporter, ExportOptions, Report
from stores.exporters.registry import all_exporters
from stores.models import CatalogueExport, Product
from stores.services.export_files import Written, remove, store
from stores.services.exports import filter_of
from stores.services.feeds import keep_newest
from stores.services.lease import LEASE_SECONDS, LeaseLost, RowLease, lease_of
from tenants.actor import SYSTEM
from tenants.audit import record
from tenants.models import Merchant
from tenants.scope import require_merchant_id

logger = logging.getLogger(__name__)
State = CatalogueExport.State
# A worker that dies while it writes begins anew each time; what kills every worker is given up.
MAX_ATTEMPTS = 5
MAX_STALLED = 100
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# A change is stamped inside its transaction and seen when that commits: the next export of changes
# has to start before the oldest transaction that is still open. The seconds are for clocks.
SNAPSHOT = """
SELECT least(clock_timestamp(), min(xact_start)) - interval '5 seconds' FROM pg_stat_activity
 WHERE datname = current_database() AND xact_start IS NOT NULL
"""


class ExportLease(RowLease):
    """Unlike an import, an export that goes on starts from the beginning: its attempts add up."""

    def renew(self, **progress: Any) -> None:
        held = self.model.objects.filter(pk=self.pk, state=self.state, heartbeat_at=self.token)
        now = timezone.now()
        if not held.update(heartbeat_at=now, **progress):
            raise LeaseLost
        self.token = now


def write_export(export_id: int) -> None:
    """Write the file of an export; a second call while one is at work does nothing.

    A call after a worker has died writes the file anew from the beginning.
    """
    with transaction.atomic():
        taken = _take(export_id)
    if taken is None:
        return
    work, left_behind = taken
    remove(left_behind)
    try:
        written = store(work.name, work.pieces())
    except LeaseLost:
        return
    except OSError as problem:
        logger.exception("Export %s could not be stored", work.export.public_id)
        _fail(work, "disk_full" if problem.errno in NO_ROOM else "file_not_stored")
        return
    if _finish(work, written):
        keep_newest(work.export)
    else:
        remove(work.name)


@dataclass(slots=True)
class _Work:
    """One writing of one export. name: of the file in the storage."""

    export: CatalogueExport
    lease: RowLease
    exporter: Exporter
    options: ExportOptions
    name: str
    report: Report

    def pieces(self) -> Iterator[bytes]:
        """The file, with the lease renewed before each piece is stored. Raises LeaseLost."""
        products = changed_since(filter_of(self.export).apply(Product.objects.all()), self.export)
        for piece in self.exporter.write(products, self.options, self.report):
            with transaction.atomic():
                self.lease.renew(n_written=self.report.n_read)
            yield piece.encode()


def changed_since(products: Any, export: CatalogueExport) -> Any:
    """Of these products those that the export is about."""
    return products.filter(updated_at__gte=export.since) if export.since else products


def _take(export_id: int) -> tuple[_Work, str] | None:
    """The export with a lease on it and the name of a file that a dead worker left behind."""
    export = CatalogueExport.objects.select_for_update().filter(pk=export_id).first()
    if export is None or export.state not in (State.QUEUED, State.WRITING):
        return None
    held = lease_of(export)
    if held is None:
        return None
    left_behind = str(export.file)
    exporter = all_exporters().get(export.format)
    if exporter is None or export.n_attempts > MAX_ATTEMPTS:
        _end(export, "worker_died" if exporter else "format_unknown")
        return None
    products = filter_of(export).apply(Product.objects.all())
    merchant = Merchant.objects.get(pk=require_merchant_id())
    name = f"exports/{merchant.pk}/{export.public_id}-{export.n_attempts}"
    export.state, export.file, export.snapshot_at = State.WRITING, name, _snapshot()
    export.file_name = file_name_of(export, merchant, exporter)
    export.n_total, export.n_written = changed_since(products, export).count(), 0
    export.save(update_fields=["state", "file", "snapshot_at", "file_name", "n_total", "n_written"])
    options = ExportOptions(link_template=export.link_template, shop_name=merchant.name)
    lease = ExportLease(CatalogueExport, export.pk, State.WRITING, held.token)
    return _Work(export, lease, exporter, options, name, Report()), left_behind


def file_name_of(export: CatalogueExport, merchant: Merchant, exporter: Exporter) -> str:
    """What the file is called where a person saves it: shop, date and what it is."""
    shop = slugify(merchant.name, allow_unicode=True)[:60] or "products"
    what = "-changes" if export.since else ""
    return f"{shop}-{timezone.localdate(export.created_at):%Y-%m-%d}{what}.{exporter.extension}"


def _snapshot() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        found: datetime = cursor.fetchone()[0]
    return found


def _finish(work: _Work, written: Written) -> bool:
    """Whether the export was still ours to finish."""
    report = work.report
    try:
        with transaction.atomic():
            work.lease.renew(
                state=State.FINISHED,
                finished_at=timezone.now(),
                size_bytes=written.size_bytes,
                sha256=written.sha256,
                n_total=report.n_read,
                n_written=report.n_written,
                n_left_out=report.n_left_out,
                left_out=report.left_out,
            )
            work.lease.update(heartbeat_at=None)
            if work.export.feed_id is None:
                record(
                    "export.finished",
                    actor=SYSTEM,
                    target=work.export.public_id,
                    products=report.n_written,
                    left_out=report.n_left_out,
                )
    except LeaseLost:
        return False
    return True


def _fail(work: _Work, code: str) -> None:
    try:
        with transaction.atomic():
            work.lease.renew()
            work.export.file = ""
            _end(work.export, code)
    except LeaseLost:
        return


def _end(export: CatalogueExport, code: str) -> None:
    export.state, export.error_code, export.heartbeat_at = State.FAILED, code, None
    export.finished_at = timezone.now()
    export.save(update_fields=["state", "error_code", "heartbeat_at", "finished_at", "file"])
    record("export.failed", actor=SYSTEM, target=export.public_id, code=code)


def stalled_exports() -> list[tuple[int, int]]:
    """Of all merchants: exports without a heartbeat for longer than a lease; (merchant, export)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM stalled_exports(%s, %s)", [LEASE_SECONDS, MAX_STALLED])
        return [(merchant, export) for export, merchant in cursor.fetchall()]
