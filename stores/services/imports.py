"""Imports of catalogue files as people see them: started, read anew, confirmed, cancelled, corrected.

The work itself: import_work. Single products: import_corrections.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, Literal

from celery import current_app
from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from stores.importers.base import ImportOptions, UnreadableFile
from stores.importers.problems import message_of
from stores.importers.registry import importer_for
from stores.importers.source import Source
from stores.importers.stored import pack_options
from stores.models import CatalogueImport, ImportItem
from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError
from tenants.models import Merchant
from tenants.scope import require_merchant_id

State = CatalogueImport.State
WRITTEN = (ImportItem.Action.NEW, ImportItem.Action.CHANGED)
OPEN_STATES = (*(State.UPLOADED, State.READING, State.MAPPING, State.PREVIEWED, State.APPLYING),)


def start_import(
    *, file: BinaryIO, file_name: str, actor: Actor, options: ImportOptions | None = None
) -> CatalogueImport:
    """Keep an uploaded file and have it read into a preview.

    options: None takes the merchant's language and currency.
    Raises DomainError (status 422, or 413 import_too_large, 507 file_not_stored) with the code of
    what the file is, where its first bytes already tell that it cannot be read, or file_changed.
    """
    name = clean_file_name(file_name)
    size, digest = _measure(file)
    options = options or merchant_options()
    _refuse_unreadable(file, name, options)
    catalogue_import = CatalogueImport(
        file_name=name,
        size_bytes=size,
        sha256=digest,
        options=pack_options(options),
        state=State.UPLOADED,
        created_by_id=actor.user_id,
    )
    _keep(file, catalogue_import)
    record("import.started", actor=actor, target=catalogue_import.public_id, file=name, bytes=size)
    send_to_worker("stores.read_import", catalogue_import)
    return catalogue_import


def confirm_import(
    *,
    catalogue_import: CatalogueImport,
    actor: Actor,
    on_conflict: Literal["keep", "take", ""] = "",
) -> CatalogueImport:
    """Have a previewed import written. on_conflict: "" leaves what was chosen at the start.

    Raises DomainError import_not_previewed.
    """
    locked = _locked(catalogue_import)
    if locked.state != State.PREVIEWED:
        raise DomainError("import_not_previewed", _("This import is not waiting for an answer."))
    if on_conflict:
        locked.options = locked.options | {"on_conflict": on_conflict}
    locked.state, locked.heartbeat_at, locked.n_attempts = State.APPLYING, None, 0
    locked.save(update_fields=["state", "heartbeat_at", "n_attempts", "options"])
    record("import.confirmed", actor=actor, target=locked.public_id)
    send_to_worker("stores.apply_import", locked)
    return locked


def cancel_import(*, catalogue_import: CatalogueImport, actor: Actor) -> CatalogueImport:
    """Stop an import; what it has written stays. Raises DomainError import_is_over.

    One that had finished before and writes what was corrected since is finished again.
    """
    locked = _locked(catalogue_import)
    if locked.state not in OPEN_STATES:
        raise DomainError("import_is_over", _("This import is over already."))
    is_retry = locked.state == State.APPLYING and locked.finished_at is not None
    locked.state, locked.heartbeat_at = State.FINISHED if is_retry else State.CANCELLED, None
    locked.finished_at = timezone.now()
    locked.save(update_fields=["state", "heartbeat_at", "finished_at"])
    record("import.cancelled", actor=actor, target=locked.public_id, applied=locked.n_applied)
    return locked


def reread_import(
    *, catalogue_import: CatalogueImport, options: ImportOptions, actor: Actor
) -> CatalogueImport:
    """Have the file read once more from the start, in another way or with its columns assigned.

    Raises DomainError import_not_rereadable unless the import waits for an answer or has failed
    before anything was written, and import_file_gone where the file is no longer kept.
    """
    locked = _locked(catalogue_import)
    has_failed = locked.state == State.FAILED and locked.n_applied == 0
    if locked.state not in (State.PREVIEWED, State.MAPPING) and not has_failed:
        message = _("This import can no longer be read in another way.")
        raise DomainError("import_not_rereadable", message)
    if not locked.file or not locked.file.storage.exists(str(locked.file.name)):
        message = _("The uploaded file is no longer there. Upload it again.")
        raise DomainError("import_file_gone", message)
    locked.options = pack_options(options)
    locked.state, locked.finished_at, locked.heartbeat_at = State.UPLOADED, None, None
    locked.error_code, locked.error, locked.error_params = "", "", {}
    locked.n_attempts, locked.format, locked.reading, locked.columns = 0, "", {}, {}
    locked.profile = None
    locked.save()
    record("import.reread", actor=actor, target=locked.public_id)
    send_to_worker("stores.read_import", locked)
    return locked


def retry_corrected(*, catalogue_import: CatalogueImport, actor: Actor) -> CatalogueImport:
    """Have what was corrected after an import had finished written as well.

    Raises DomainError nothing_corrected.
    """
    locked = _locked(catalogue_import)
    waiting = locked.items.filter(action__in=WRITTEN, is_applied=False)
    if locked.state != State.FINISHED or not waiting.exists():
        raise DomainError("nothing_corrected", _("No corrected product is waiting."))
    # finished_at stays: it tells a retry from a first writing.
    locked.state, locked.heartbeat_at, locked.n_attempts = State.APPLYING, None, 0
    locked.save(update_fields=["state", "heartbeat_at", "n_attempts"])
    record("import.retried", actor=actor, target=locked.public_id)
    send_to_worker("stores.apply_import", locked)
    return locked


def merchant_options() -> ImportOptions:
    """What is assumed of a file where nobody says otherwise."""
    merchant = Merchant.objects.get(pk=require_merchant_id())
    return ImportOptions(locale=merchant.locale, currency=merchant.currency)


def clean_file_name(name: str) -> str:
    """The name without its folders and without characters that do not print."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(c for c in base if c.isprintable()).strip(" .")
    return printable[-200:] or "products.csv"


def english_message(problem: UnreadableFile) -> str:
    """What the API and the log say; pages translate the code anew."""
    with override("en"):
        return message_of(problem.code, {"row": problem.row, **problem.params})


def _measure(file: BinaryIO) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(1024 * 1024):
        digest.update(piece)
        size += len(piece)
        if size > settings.MAX_IMPORT_BYTES:
            raise DomainError("import_too_large", too_large(), status=413)
    return size, digest.hexdigest()


def too_large() -> str:
    """How large a file may be, in words."""
    limit = settings.MAX_IMPORT_BYTES // (1024 * 1024)
    return _("The file is larger than %(limit)s MB. Split it into several.") % {"limit": limit}


def _refuse_unreadable(file: BinaryIO, name: str, options: ImportOptions) -> None:
    source = Source(file, name, options)
    try:
        # To open a workbook takes longer than a request may: its directory is looked at only.
        if source.kind != "table" or not source.is_workbook:
            importer_for(source)
    except UnreadableFile as problem:
        message = message_of(problem.code, {"row": problem.row, **problem.params})
        raise DomainError(problem.code, message, status=422) from problem


def _keep(file: BinaryIO, catalogue_import: CatalogueImport) -> None:
    """Store the file under a name of ours; take it back if it or the row cannot be stored whole."""
    file.seek(0)
    path = f"imports/{require_merchant_id()}/{catalogue_import.public_id}"
    copied = _Copied(file)
    try:
        catalogue_import.file.save(path, copied, save=False)
    except OSError as problem:
        catalogue_import.file.storage.delete(path)
        message = _("The file could not be stored. Please tell your administrator.")
        raise DomainError("file_not_stored", message, status=507) from problem
    if copied.digest.hexdigest() != catalogue_import.sha256:
        catalogue_import.file.delete(save=False)
        message = _("The file changed while it was being uploaded. Upload it again.")
        raise DomainError("file_changed", message, status=422)
    try:
        with transaction.atomic():
            catalogue_import.save()
    except BaseException:
        catalogue_import.file.delete(save=False)
        raise


class _Copied(File):  # type: ignore[type-arg]
    """A file that is stored. digest: of the bytes that were."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.digest = hashlib.sha256()

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for chunk in super().chunks(chunk_size):
            self.digest.update(chunk)
            yield chunk


def _locked(catalogue_import: CatalogueImport) -> CatalogueImport:
    locked: CatalogueImport = CatalogueImport.objects.select_for_update().get(
        pk=catalogue_import.pk
    )
    return locked


def send_to_worker(task: str, catalogue_import: CatalogueImport) -> None:
    """Tell a worker once the transaction has committed; without a broker, beat does it later."""
    ids = {"merchant_id": catalogue_import.merchant_id, "import_id": catalogue_import.pk}
    send = partial(current_app.send_task, task, kwargs=ids, retry=False)
    transaction.on_commit(send, robust=True)
