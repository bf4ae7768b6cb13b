"""Imports in the background. Each may run twice: a lease on the import decides who works."""

from celery import shared_task
from django.db import transaction

from stores.services.import_lease import stalled_imports
from stores.services.import_work import apply_items, read_file
from stores.services.uploads import delete_stale_uploads, merchants_with_stale_uploads
from tenants.tasks import TenantTask


@shared_task(base=TenantTask, name="stores.read_import")
def read_import(*, merchant_id: int, import_id: int) -> None:
    read_file(import_id)


@shared_task(base=TenantTask, name="stores.apply_import")
def apply_import(*, merchant_id: int, import_id: int) -> None:
    apply_items(import_id)


@shared_task(name="stores.resume_imports")
def resume_imports() -> None:
    """Start again what a lost message or a dead worker has left lying."""
    for stalled in stalled_imports():
        task = apply_import if stalled.is_confirmed else read_import
        task.delay(merchant_id=stalled.merchant_id, import_id=stalled.import_id)


@shared_task(base=TenantTask, name="stores.delete_stale_uploads")
def delete_uploads(*, merchant_id: int) -> None:
    with transaction.atomic():
        delete_stale_uploads()


@shared_task(name="stores.expire_uploads")
def expire_uploads() -> None:
    """Forget what began to arrive and never came to an end, merchant by merchant."""
    for merchant_id in merchants_with_stale_uploads():
        delete_uploads.delay(merchant_id=merchant_id)
