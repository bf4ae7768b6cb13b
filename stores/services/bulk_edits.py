"""Bulk edits as people see them: started, confirmed, cancelled, taken back. The work: bulk_edit_work."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stores.catalogue.bulk_changes import read_changes
from stores.models import BulkEdit
from stores.selectors.filters import ProductFilter
from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError
from tenants.models import Merchant
from tenants.scope import require_merchant_id

State = BulkEdit.State
OPEN_STATES = (State.PREPARING, State.PREVIEWED, State.APPLYING, State.UNDOING)
UNDONE_FROM = (State.APPLIED, State.CANCELLED, State.FAILED)
TASKS = {
    State.PREPARING: "stores.prepare_bulk_edit",
    State.APPLYING: "stores.apply_bulk_edit",
    State.UNDOING: "stores.undo_bulk_edit",
}


def start_bulk_edit(
    *, products: ProductFilter, changes: Sequence[Mapping[str, Any]], actor: Actor
) -> BulkEdit:
    """Have a change of many products worked out into a preview; nothing is changed yet.

    products: all that the filter matches, or its ids. changes: as catalogue.bulk_changes.Change.
    Raises DomainError (422) bulk_edit_empty, bulk_change_invalid.
    """
    currency = Merchant.objects.get(pk=require_merchant_id()).currency
    read = [change.to_json() for change in read_changes(changes, currency)]
    started: BulkEdit = BulkEdit.objects.create(
        query=products.query(), changes=read, state=State.PREPARING, created_by_id=actor.user_id
    )
    record("bulk_edit.started", actor=actor, target=started.public_id, changes=read)
    _send(started)
    return started


def confirm_bulk_edit(*, bulk_edit: BulkEdit, actor: Actor) -> BulkEdit:
    """Have a previewed bulk edit applied; raises DomainError bulk_edit_not_previewed."""
    locked = _locked(bulk_edit)
    if locked.state != State.PREVIEWED or not locked.n_changing:
        message = _("This bulk edit is not waiting for an answer.")
        raise DomainError("bulk_edit_not_previewed", message)
    _go(locked, State.APPLYING)
    n_products = locked.n_changing
    record("bulk_edit.confirmed", actor=actor, target=locked.public_id, n_products=n_products)
    return locked


def undo_bulk_edit(*, bulk_edit: BulkEdit, actor: Actor) -> BulkEdit:
    """Have what was applied taken back, product by product, where nobody has changed it since.

    Raises DomainError bulk_edit_not_applied.
    """
    locked = _locked(bulk_edit)
    if locked.state not in UNDONE_FROM or locked.n_applied <= locked.n_undone:
        raise DomainError("bulk_edit_not_applied", _("There is nothing to take back."))
    # A second try looks again at what the first had to leave.
    locked.items.filter(state="applied").exclude(problem="").update(problem="")
    _go(locked, State.UNDOING)
    record("bulk_edit.undo_started", actor=actor, target=locked.public_id)
    return locked


def cancel_bulk_edit(*, bulk_edit: BulkEdit, actor: Actor) -> BulkEdit:
    """Stop a bulk edit; what it has applied, or taken back, stays. Raises DomainError bulk_edit_is_over."""
    locked = _locked(bulk_edit)
    if locked.state not in OPEN_STATES:
        raise DomainError("bulk_edit_is_over", _("This bulk edit is over already."))
    locked.state = State.APPLIED if locked.state == State.UNDOING else State.CANCELLED
    locked.heartbeat_at, locked.finished_at = None, timezone.now()
    locked.save(update_fields=["state", "heartbeat_at", "finished_at"])
    n_applied = locked.n_applied - locked.n_undone
    record("bulk_edit.cancelled", actor=actor, target=locked.public_id, n_applied=n_applied)
    return locked


def _go(locked: BulkEdit, state: str) -> None:
    locked.state, locked.heartbeat_at, locked.n_attempts = state, None, 0
    locked.error_code, locked.finished_at = "", None
    locked.save(update_fields=["state", "heartbeat_at", "n_attempts", "error_code", "finished_at"])
    _send(locked)


def _locked(bulk_edit: BulkEdit) -> BulkEdit:
    locked: BulkEdit = BulkEdit.objects.select_for_update().get(pk=bulk_edit.pk)
    return locked


def _send(bulk_edit: BulkEdit) -> None:
    """Tell a worker once the transaction has committed; without a broker, beat does it later."""
    ids = {"merchant_id": bulk_edit.merchant_id, "bulk_edit_id": bulk_edit.pk}
    task = TASKS[State(bulk_edit.state)]
    transaction.on_commit(
        partial(current_app.send_task, task, kwargs=ids, retry=False), robust=True
    )
