"""The uploaded files of imports that are over: kept for some days, then deleted."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from stores.models import CatalogueImport

State = CatalogueImport.State
OVER = (State.FINISHED, State.CANCELLED, State.FAILED)
MAX_MERCHANTS = 1_000
CHUNK = 100


def delete_old_files() -> int:
    """Delete this merchant's files that nothing will be read from any more; how many.

    Products are corrected from what the preview has kept of them, not from the file; a file that
    could not be read can be read in another way until it is deleted.
    """
    n_deleted = 0
    while deleted := _delete_some():
        n_deleted += deleted
    return n_deleted


def merchants_with_old_files() -> list[int]:
    """Keys of all merchants for whom `delete_old_files` has something to do."""
    with connection.cursor() as cursor:
        values = [settings.IMPORT_KEEP_DAYS, MAX_MERCHANTS]
        cursor.execute("SELECT * FROM merchants_with_old_import_files(%s, %s)", values)
        return [merchant_id for (merchant_id,) in cursor.fetchall()]


def _delete_some() -> int:
    before = timezone.now() - timedelta(days=settings.IMPORT_KEEP_DAYS)
    ended = Coalesce("finished_at", "created_at")
    with transaction.atomic():
        old = CatalogueImport.objects.exclude(file="").filter(state__in=OVER)
        old = old.alias(ended=ended).filter(ended__lt=before)
        found = list(old.select_for_update(skip_locked=True)[:CHUNK])
        # The file goes first: a row without a file would hide one that nobody deletes.
        for one in found:
            one.file.storage.delete(str(one.file.name))
        CatalogueImport.objects.filter(pk__in=[one.pk for one in found]).update(file="")
    return len(found)
