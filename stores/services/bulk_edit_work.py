"""The work of a bulk edit, chunk by chunk, each in a transaction of its own: worked out, applied, taken back.

A worker that dies leaves whole chunks: working out begins anew, applying and taking back go on
with the products that still wait.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from stores.catalogue.bulk_changes import Change, Refused, work_out
from stores.catalogue.derived import refresh_copy_state
from stores.catalogue.known import Known, with_rows
from stores.catalogue.sheet import Sheet, merged_with, stands
from stores.catalogue.write import Origin, write_products
from stores.models import BulkEdit, BulkEditItem, CopyVersion, Product, ProductRevision
from stores.selectors.filters import ProductFilter
from stores.services.lease import (
    LEASE_SECONDS,
    MAX_ATTEMPTS,
    LeaseLost,
    RowLease,
    lease_of,
)
from tenants.actor import SYSTEM
from tenants.audit import record
from tenants.models import Merchant
from tenants.scope import require_merchant_id

State, ItemState, Kind = BulkEdit.State, BulkEditItem.State, ProductRevision.Kind
CHUNK_PRODUCTS = 500
MAX_STALLED = 100
CHANGED_SINCE = "changed_since"
COUNTS = ("n_products", "n_changing", "n_invalid")


def prepare(bulk_edit_id: int) -> None:
    """Work out what would change; a second call starts from the beginning."""
    _work(bulk_edit_id, State.PREPARING, _prepare)


def apply(bulk_edit_id: int) -> None:
    """Change what a person has confirmed; a second call goes on where the first stopped."""
    _work(bulk_edit_id, State.APPLYING, _apply)


def undo(bulk_edit_id: int) -> None:
    """Take back what was applied; a second call goes on where the first stopped."""
    _work(bulk_edit_id, State.UNDOING, _undo)


def _work(bulk_edit_id: int, state: str, work: Callable[[BulkEdit, RowLease], None]) -> None:
    taken = _take(bulk_edit_id, state)
    if taken is None:
        return
    try:
        work(*taken)
    except LeaseLost:
        return


def _take(bulk_edit_id: int, state: str) -> tuple[BulkEdit, RowLease] | None:
    with transaction.atomic():
        found = BulkEdit.objects.select_for_update().filter(pk=bulk_edit_id, state=state).first()
        lease = lease_of(found) if found else None
        if found is None or lease is None:
            return None
        if found.n_attempts > MAX_ATTEMPTS:
            lease.update(
                state=State.FAILED,
                error_code="worker_died",
                heartbeat_at=None,
                finished_at=timezone.now(),
            )
            return None
    return found, lease


def _prepare(found: BulkEdit, lease: RowLease) -> None:
    with transaction.atomic():
        lease.renew(**dict.fromkeys(COUNTS, 0))
        found.items.all().delete()
        currency = Merchant.objects.get(pk=require_merchant_id()).currency
    preview = _Preview(found, [Change(**change) for change in found.changes], currency)
    is_going = True
    while is_going:
        with transaction.atomic():
            lease.renew()
            is_going = preview.add_chunk()
            lease.update(**preview.counts)
            if not is_going:
                lease.update(state=State.PREVIEWED, heartbeat_at=None)


@dataclass
class _Preview:
    """What would change, found product by product in the order of their keys."""

    found: BulkEdit
    changes: list[Change]
    currency: str
    last: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))

    def add_chunk(self) -> bool:
        """Keep the next products that would change; False once there are no more."""
        wanted = ProductFilter.parse(self.found.query)
        products = wanted.apply(Product.objects.filter(pk__gt=self.last))
        known = with_rows(products.order_by("pk")[:CHUNK_PRODUCTS], with_texts=False)
        items = [item for one in known if (item := self._item(one))]
        BulkEditItem.objects.bulk_create(items)
        n_invalid = sum(item.state == ItemState.INVALID for item in items)
        self.counts["n_products"] += len(known)
        self.counts["n_invalid"] += n_invalid
        self.counts["n_changing"] += len(items) - n_invalid
        self.last = known[-1].product.pk if known else self.last
        return len(known) == CHUNK_PRODUCTS

    def _item(self, known: Known) -> BulkEditItem | None:
        sheet, problem = Sheet(known), ""
        try:
            work_out(sheet, self.changes, self.currency)
        except Refused as refused:
            problem = refused.code
        if not sheet.after and not problem:
            return None
        return BulkEditItem(
            bulk_edit=self.found,
            product=known.product,
            before=sheet.before,
            after=sheet.after,
            state=ItemState.INVALID if problem else ItemState.WAITING,
            problem=problem,
        )


def _apply(found: BulkEdit, lease: RowLease) -> None:
    origin = _origin(found, Kind.BULK_EDIT)
    while True:
        with transaction.atomic():
            lease.renew()
            items = list(
                found.items.filter(state=ItemState.WAITING).order_by("pk")[:CHUNK_PRODUCTS]
            )
            if not items:
                _finish(found, lease, State.APPLIED, found.n_applied)
                return
            done, left = _write(items, origin, expected="before", wanted="after")
            _mark(done, state=ItemState.APPLIED)
            _mark(left, state=ItemState.SKIPPED, problem=CHANGED_SINCE)
            found.n_applied += len(done)
            found.n_skipped += len(left)
            lease.update(n_applied=found.n_applied, n_skipped=found.n_skipped)


def _undo(found: BulkEdit, lease: RowLease) -> None:
    origin = _origin(found, Kind.UNDO)
    while True:
        with transaction.atomic():
            lease.renew()
            waiting = found.items.filter(state=ItemState.APPLIED, problem="").order_by("pk")
            items = list(waiting[:CHUNK_PRODUCTS])
            if not items:
                _finish(found, lease, State.UNDONE, found.n_undone)
                return
            done, left = _write(items, origin, expected="after", wanted="before")
            _mark(done, state=ItemState.UNDONE)
            _mark(left, problem=CHANGED_SINCE)
            found.n_undone += len(done)
            lease.update(n_undone=found.n_undone)


def _write(
    items: Sequence[BulkEditItem], origin: Origin, *, expected: str, wanted: str
) -> tuple[list[BulkEditItem], list[BulkEditItem]]:
    """Write the wanted values where the expected ones stand. Returns the items done and those left."""
    locked = Product.objects.filter(pk__in=[item.product_id for item in items]).order_by("pk")
    rows = with_rows(locked.select_for_update(no_key=True), with_texts=False)
    known = {one.product.pk: one for one in rows}
    done: list[BulkEditItem] = []
    left: list[BulkEditItem] = []
    for item in items:
        here = known.get(item.product_id)
        fits = here is not None and stands(here, getattr(item, expected))
        (done if fits else left).append(item)
    merged = [merged_with(known[item.product_id], getattr(item, wanted)) for item in done]
    if merged:
        write_products(merged, origin)
        refresh_copy_state(i.product_id for i in done if "locale" in i.after)
    return done, left


def _mark(items: Sequence[BulkEditItem], **values: Any) -> None:
    if items:
        BulkEditItem.objects.filter(pk__in=[item.pk for item in items]).update(**values)


def _finish(found: BulkEdit, lease: RowLease, state: str, n_products: int) -> None:
    lease.update(state=state, heartbeat_at=None, finished_at=timezone.now())
    record(f"bulk_edit.{state}", actor=SYSTEM, target=found.public_id, n_products=n_products)


def _origin(found: BulkEdit, kind: str) -> Origin:
    return Origin(
        CopyVersion.Source.HUMAN,
        found.created_by_id,
        kind=kind,
        actor=found.created_by.email if found.created_by else "",
        bulk_edit=found.public_id,
    )


@dataclass(frozen=True, slots=True)
class StalledEdit:
    """A bulk edit that nobody works on although somebody should."""

    bulk_edit_id: int
    merchant_id: int
    state: str


def stalled_bulk_edits() -> list[StalledEdit]:
    """Of all merchants: bulk edits without a heartbeat for longer than a lease lasts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM stalled_bulk_edits(%s, %s)", [LEASE_SECONDS, MAX_STALLED])
        return [StalledEdit(*row) for row in cursor.fetchall()]
