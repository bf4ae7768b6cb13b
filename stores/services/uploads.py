"""Files that arrive in pieces: what has arrived stays, so that a cut connection costs one piece.

A piece is written below n_received_bytes first and counted second. Whatever lies in the file behind
that number is the rest of a piece that did not arrive whole, and is written over by the next one.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BufferedReader
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from stores.importers.base import ImportOptions
from stores.models import CatalogueImport, Upload
from stores.services.imports import clean_file_name, start_import, too_large
from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError
from tenants.scope import require_merchant_id

PIECE_BYTES = 4 * 1024 * 1024
MAX_PIECE_BYTES = 16 * 1024 * 1024
MAX_OPEN_UPLOADS = 20
LIFETIME = timedelta(hours=24)
MAX_MERCHANTS = 1_000


class WrongOffset(DomainError):
    """A piece does not follow what has arrived. n_received_bytes: where the next one has to start."""

    def __init__(self, n_received_bytes: int) -> None:
        message = _("The next piece starts at byte %(offset)s.") % {"offset": n_received_bytes}
        super().__init__("upload_wrong_offset", message)
        self.n_received_bytes = n_received_bytes


def begin_upload(*, file_name: str, size_bytes: int, sha256: str = "", actor: Actor) -> Upload:
    """Make room for a file of that many bytes. sha256: of the whole file in hexadecimal, checked at the end.

    Raises DomainError import_too_large (413), file_empty (422), sha256_malformed (422),
    too_many_uploads (409) or file_not_stored (507) where the disk has no room for it.
    """
    _refuse_size(size_bytes)
    digest = sha256.lower()
    if digest and (len(digest) != 64 or set(digest) - set("0123456789abcdef")):
        raise DomainError("sha256_malformed", _("This is not a SHA-256 sum."), status=422)
    if _open_uploads().count() >= MAX_OPEN_UPLOADS:
        raise DomainError(
            "too_many_uploads", _("Too many files are being uploaded. Finish one of them first.")
        )
    upload = Upload(
        file_name=clean_file_name(file_name),
        size_bytes=size_bytes,
        sha256=digest,
        created_by_id=actor.user_id,
    )
    upload.file = f"uploads/{require_merchant_id()}/{upload.public_id}"
    with _disk_trouble():
        _refuse_full_disk(_path(upload), size_bytes)
    upload.save()
    record("upload.started", actor=actor, target=upload.public_id, file=upload.file_name)
    return upload


def add_piece(*, upload: Upload, offset: int, piece: bytes, sha256: str = "") -> int:
    """Add what follows at `offset`; returns how many bytes of the file are here now.

    The same piece once more changes nothing. sha256: of the piece, to notice damage on the way.
    Raises WrongOffset, or DomainError piece_size_wrong (422), piece_damaged (422),
    file_changed (409) where other bytes have arrived for this place before, upload_is_over (409),
    file_not_stored (507): nothing of the piece is kept then, and it may be sent again.
    """
    if sha256 and hashlib.sha256(piece).hexdigest() != sha256.lower():
        raise DomainError(
            "piece_damaged", _("The piece was damaged on its way. Send it again."), status=422
        )
    locked = _locked(upload)
    end = offset + len(piece)
    if not 0 < len(piece) <= MAX_PIECE_BYTES or end > locked.size_bytes:
        raise DomainError("piece_size_wrong", _("The piece is empty or too large."), status=422)
    if end <= locked.n_received_bytes:
        _compare(locked, offset, piece)
        return locked.n_received_bytes
    if offset != locked.n_received_bytes:
        raise WrongOffset(locked.n_received_bytes)
    with _disk_trouble():
        _write(_path(locked), offset, piece)
    locked.n_received_bytes = end
    locked.save(update_fields=["n_received_bytes", "updated_at"])
    return end


def finish_upload(
    *, upload: Upload, actor: Actor, options: ImportOptions | None = None
) -> CatalogueImport:
    """Start an import of a file that has arrived whole; a second call returns the same import.

    Raises DomainError upload_incomplete (409), file_damaged (422) if the sum is another one, and
    what `start_import` raises; the upload stays for another try with other options.
    """
    locked = _locked(upload, may_be_over=True)
    found: CatalogueImport | None = locked.catalogue_import
    if found is not None:
        return found
    if locked.n_received_bytes != locked.size_bytes:
        raise DomainError("upload_incomplete", _("The file has not arrived completely yet."))
    with _opened(locked) as file:
        if locked.sha256 and hashlib.file_digest(file, "sha256").hexdigest() != locked.sha256:
            message = _("The file was damaged on its way. Upload it again.")
            raise DomainError("file_damaged", message, status=422)
        found = start_import(file=file, file_name=locked.file_name, options=options, actor=actor)
    locked.catalogue_import = found
    locked.save(update_fields=["catalogue_import", "updated_at"])
    _delete_file(locked)
    return found


def discard_upload(*, upload: Upload) -> None:
    """Forget an upload and what has arrived of it."""
    locked = _locked(upload, may_be_over=True)
    locked.delete()
    _delete_file(locked)


def delete_stale_uploads() -> int:
    """Forget this merchant's uploads that nothing has come for within a day; returns how many."""
    stale = Upload.objects.filter(updated_at__lt=timezone.now() - LIFETIME)
    found = list(stale.select_for_update(skip_locked=True))
    for upload in found:
        default_storage.delete(str(upload.file.name))
        upload.delete()
    return len(found)


def merchants_with_stale_uploads() -> list[int]:
    """Keys of all merchants for whom `delete_stale_uploads` has something to do."""
    with connection.cursor() as cursor:
        hours = int(LIFETIME / timedelta(hours=1))
        cursor.execute(
            "SELECT * FROM stale_uploads(make_interval(hours => %s), %s)", [hours, MAX_MERCHANTS]
        )
        return [merchant_id for (merchant_id,) in cursor.fetchall()]


def _refuse_size(size_bytes: int) -> None:
    if size_bytes > settings.MAX_IMPORT_BYTES:
        raise DomainError("import_too_large", too_large(), status=413)
    if size_bytes <= 0:
        raise DomainError("file_empty", _("The file is empty."), status=422)


def _open_uploads() -> QuerySet[Upload]:
    since = timezone.now() - LIFETIME
    uploads: QuerySet[Upload] = Upload.objects.filter(catalogue_import=None, updated_at__gte=since)
    return uploads


def _locked(upload: Upload, *, may_be_over: bool = False) -> Upload:
    locked: Upload | None = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if locked is None or (locked.catalogue_import_id and not may_be_over):
        raise DomainError("upload_is_over", _("This upload is over already."))
    return locked


def _delete_file(upload: Upload) -> None:
    """Once it is certain that nobody needs it."""
    name = str(upload.file.name)
    transaction.on_commit(lambda: default_storage.delete(name), robust=True)


def _path(upload: Upload) -> Path:
    return Path(default_storage.path(str(upload.file.name)))


def _refuse_full_disk(path: Path, size_bytes: int) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(path.parent).free < size_bytes:
        raise OSError("no room for this upload")


def _write(path: Path, offset: int, piece: bytes) -> None:
    """All of the piece, or the file is what it was."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as file:
        try:
            file.seek(offset)
            rest = memoryview(piece)
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            file.truncate(offset)
            raise


def _compare(upload: Upload, offset: int, piece: bytes) -> None:
    with _opened(upload) as file:
        file.seek(offset)
        if file.read(len(piece)) != piece:
            message = _("The file has changed since its upload began. Upload it again.")
            raise DomainError("file_changed", message)


@contextmanager
def _opened(upload: Upload) -> Iterator[BufferedReader]:
    try:
        with _path(upload).open("rb") as file:
            yield file
    except FileNotFoundError as problem:
        message = _("What had arrived of the file is no longer there. Upload it again.")
        raise DomainError("file_lost", message) from problem


@contextmanager
def _disk_trouble() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        message = _("The file could not be stored. Please tell your administrator.")
        raise DomainError("file_not_stored", message, status=507) from problem
