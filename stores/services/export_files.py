"""Where files of exports lie: written as they are made, and taken away when nobody needs them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from stores.models import CatalogueExport

State = CatalogueExport.State
MAX_REMOVED = 500


@dataclass(frozen=True, slots=True)
class Written:
    size_bytes: int
    sha256: str


class _Pieces(File):  # type: ignore[type-arg]
    """A file whose content is made while the storage takes it: never whole in memory."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__(None)
        self.pieces = pieces
        self.digest = hashlib.sha256()
        self.size_bytes = 0

    def chunks(self, chunk_size: Any = None) -> Iterator[bytes]:
        for piece in self.pieces:
            self.digest.update(piece)
            self.size_bytes += len(piece)
            yield piece


def store(name: str, pieces: Iterator[bytes]) -> Written:
    """Store the pieces under this name, as they come. What they raise leaves no file behind."""
    content = _Pieces(pieces)
    default_storage.delete(name)
    try:
        default_storage.save(name, content)
    except BaseException:
        remove(name)
        raise
    return Written(content.size_bytes, content.digest.hexdigest())


def remove(name: str) -> None:
    """Delete a file where there is one."""
    if name:
        default_storage.delete(name)


def expire_exports() -> int:
    """Delete the files that nobody needs any more; the exports stay in the history. Returns how many.

    Those are the files of exports that were cancelled, that failed, and of finished ones after
    EXPORT_KEEP_DAYS; feeds look after their own.
    """
    before = timezone.now() - timedelta(days=settings.EXPORT_KEEP_DAYS)
    is_old = Q(state=State.FINISHED, feed=None, finished_at__lt=before)
    is_dead = Q(state__in=(State.CANCELLED, State.FAILED))
    with transaction.atomic():
        old = CatalogueExport.objects.exclude(file="").filter(is_old | is_dead)
        names = dict(old.order_by("pk").values_list("pk", "file")[:MAX_REMOVED])
    for name in names.values():
        remove(name)
    with transaction.atomic():
        CatalogueExport.objects.filter(pk__in=list(names)).update(file="")
    return len(names)


def merchants_with_old_exports() -> list[int]:
    """Of all merchants: those for whom `expire_exports` has something to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM merchants_with_old_exports(%s)", [settings.EXPORT_KEEP_DAYS])
        return [merchant for (merchant,) in cursor.fetchall()]
