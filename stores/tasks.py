"""Imports, exports and bulk edits in the background. Each may run twice: a lease decides who works."""

from celery import current_app, shared_task
from django.conf import settings
from django.db import transaction

from stores.models import BulkEdit
from stores.services import bulk_edit_work, image_checks
from stores.services.bulk_edits import TASKS
from stores.services.export_files import expire_exports, merchants_with_old_exports
from stores.services.export_work import stalled_exports
from stores.services.export_work import write_export as write_export_file
from stores.services.feeds import build_due_feeds, merchants_with_due_feeds
from stores.services.import_files import delete_old_files, merchants_with_old_files
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


@shared_task(base=TenantTask, name="stores.delete_import_files")
def delete_import_files(*, merchant_id: int) -> None:
    delete_old_files()


@shared_task(name="stores.expire_import_files")
def expire_import_files() -> None:
    """Delete the files of imports that have long been over, merchant by merchant."""
    for merchant_id in merchants_with_old_files():
        delete_import_files.delay(merchant_id=merchant_id)


@shared_task(base=TenantTask, name="stores.delete_stale_uploads")
def delete_uploads(*, merchant_id: int) -> None:
    with transaction.atomic():
        delete_stale_uploads()


@shared_task(name="stores.expire_uploads")
def expire_uploads() -> None:
    """Forget what began to arrive and never came to an end, merchant by merchant."""
    for merchant_id in merchants_with_stale_uploads():
        delete_uploads.delay(merchant_id=merchant_id)


@shared_task(base=TenantTask, name="stores.prepare_bulk_edit")
def prepare_bulk_edit(*, merchant_id: int, bulk_edit_id: int) -> None:
    bulk_edit_work.prepare(bulk_edit_id)


@shared_task(base=TenantTask, name="stores.apply_bulk_edit")
def apply_bulk_edit(*, merchant_id: int, bulk_edit_id: int) -> None:
    bulk_edit_work.apply(bulk_edit_id)


@shared_task(base=TenantTask, name="stores.undo_bulk_edit")
def undo_bulk_edit(*, merchant_id: int, bulk_edit_id: int) -> None:
    bulk_edit_work.undo(bulk_edit_id)


@shared_task(name="stores.resume_bulk_edits")
def resume_bulk_edits() -> None:
    """Start again what a lost message or a dead worker has left lying."""
    for stalled in bulk_edit_work.stalled_bulk_edits():
        ids = {"merchant_id": stalled.merchant_id, "bulk_edit_id": stalled.bulk_edit_id}
        current_app.send_task(TASKS[BulkEdit.State(stalled.state)], kwargs=ids)


@shared_task(base=TenantTask, name="stores.write_export")
def write_export(*, merchant_id: int, export_id: int) -> None:
    write_export_file(export_id)


@shared_task(name="stores.resume_exports")
def resume_exports() -> None:
    """Start again what a lost message or a dead worker has left lying."""
    for merchant_id, export_id in stalled_exports():
        write_export.delay(merchant_id=merchant_id, export_id=export_id)


@shared_task(base=TenantTask, name="stores.build_feeds")
def build_feeds(*, merchant_id: int) -> None:
    with transaction.atomic():
        build_due_feeds()


@shared_task(name="stores.start_due_feeds")
def start_due_feeds() -> None:
    """One task for each merchant with a feed whose time has come."""
    for merchant_id in merchants_with_due_feeds():
        build_feeds.delay(merchant_id=merchant_id)


@shared_task(base=TenantTask, name="stores.delete_old_exports")
def delete_old_exports(*, merchant_id: int) -> None:
    expire_exports()


@shared_task(name="stores.expire_exports")
def expire_old_exports() -> None:
    """Delete files that nobody needs any more, merchant by merchant."""
    for merchant_id in merchants_with_old_exports():
        delete_old_exports.delay(merchant_id=merchant_id)


# A server that sends its headers a byte a minute would hold a worker: after the limit the images
# stay claimed for an hour, and nobody begins again with the same one.
@shared_task(base=TenantTask, name="stores.check_images", acks_late=False, time_limit=120)
def check_images(*, merchant_id: int, product_id: int | None = None) -> None:
    image_checks.check_images(product_id=product_id)


@shared_task(name="stores.find_unchecked_images")
def find_unchecked_images() -> None:
    """Have some merchants' images looked at, if this installation may ask other servers."""
    if settings.CHECK_IMAGES:
        for merchant_id in image_checks.merchants_with_unchecked_images():
            check_images.apply_async(kwargs={"merchant_id": merchant_id}, expires=60)
