"""The work of an import, chunk by chunk, each in a transaction of its own: read into a preview, then written."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, BinaryIO, cast

from django.db import IntegrityError, transaction
from django.utils import timezone

from stores.catalogue.bulk import Row
from stores.importers.base import Layout, ParsedProduct, UnreadableFile
from stores.importers.registry import importer_for
from stores.importers.source import Source
from stores.importers.stored import (
    pack_layout,
    pack_options,
    pack_reading,
    pack_table,
    unpack_options,
)
from stores.models import CatalogueImport, ImportItem
from stores.services.import_lease import fail, take
from stores.services.import_pace import awaited, hard_work, one_ahead
from stores.services.import_preview import ITEMS, has_conflict, preview_items
from stores.services.import_warnings import RepeatedCodes
from stores.services.import_write import Chunk, prepared_chunks, write_items
from stores.services.imports import send_to_worker
from stores.services.lease import LeaseLost, RowLease
from stores.services.profiles import profile_for, with_profile
from stores.services.seen import Seen
from tenants.actor import SYSTEM
from tenants.audit import record

State = CatalogueImport.State
Action = ImportItem.Action
CHUNK_PRODUCTS = 500
CHUNK_ROWS = 4_000
COUNTS = {action.value: f"n_{action.value}" for action in Action}


def read_file(import_id: int) -> None:
    """Read an uploaded file into preview items; a second call starts from the beginning."""
    taken = take(import_id, State.UPLOADED, State.READING)
    if taken is None:
        return
    found, lease = taken
    try:
        with transaction.atomic():
            lease.renew(n_bytes_read=0, **_counted(Counter()))
            found.items.all().delete()
        with found.file.storage.open(str(found.file.name), "rb") as opened, hard_work() as pool:
            _Reading(found, lease, cast(BinaryIO, opened.file)).run(pool)
    except UnreadableFile as problem:
        _fail(lease, found, problem.code, row=problem.row, **problem.params)
    except FileNotFoundError:
        _fail(lease, found, "file_lost")
    except LeaseLost:
        return


def apply_items(import_id: int) -> None:
    """Write what a person has confirmed; a second call goes on where the first stopped."""
    taken = take(import_id, State.APPLYING, State.APPLYING)
    if taken is None:
        return
    found, lease = taken
    try:
        with hard_work() as pool:
            for chunk in prepared_chunks(found, CHUNK_PRODUCTS, pool):
                _apply_surely(found, lease, chunk)
        _finish(found, lease)
    except LeaseLost:
        return


def _apply_surely(found: CatalogueImport, lease: RowLease, chunk: Chunk) -> None:
    """Once more where somebody made one of the products between our look at it and our writing."""
    token = lease.token
    try:
        _apply_chunk(found, lease, chunk)
    except IntegrityError:
        lease.token = token
        _apply_chunk(found, lease, chunk)


def _apply_chunk(found: CatalogueImport, lease: RowLease, chunk: Chunk) -> None:
    with transaction.atomic():
        lease.renew()
        n_refused = len(write_items(found, chunk))
        n_applied = found.n_applied + len(chunk.items) - n_refused
        n_invalid = found.n_invalid + n_refused
        lease.update(n_applied=n_applied, n_invalid=n_invalid)
    found.n_applied, found.n_invalid = n_applied, n_invalid  # not before it is committed


def _finish(found: CatalogueImport, lease: RowLease) -> None:
    with transaction.atomic():
        lease.renew()
        lease.update(state=State.FINISHED, finished_at=timezone.now(), heartbeat_at=None)
        counts = {name: getattr(found, name) for name in (*COUNTS.values(), "n_applied")}
        record("import.finished", actor=SYSTEM, target=found.public_id, **counts)


def _fail(lease: RowLease, found: CatalogueImport, code: str, **params: Any) -> None:
    try:
        with transaction.atomic():
            lease.renew(**_counted(Counter()))
            found.items.all().delete()
            fail(found, code, **params)
    except LeaseLost:
        return


def _counted(counts: "Counter[str]") -> dict[str, int]:
    names = (*COUNTS.values(), "n_conflicts", "n_warnings", "n_rows")
    return {name: counts[name] for name in names}


class _Reading:
    """One reading of a file from beginning to end."""

    def __init__(self, found: CatalogueImport, lease: RowLease, stream: BinaryIO) -> None:
        self.found, self.lease = found, lease
        self.options = unpack_options(found.options)
        self.source = Source(stream, found.file_name, self.options)
        self.counts: Counter[str] = Counter()
        self.handles, self.codes = Seen(), RepeatedCodes()
        self.position = 0

    def run(self, pool: ThreadPoolExecutor) -> None:
        """Raises UnreadableFile and LeaseLost. pool: where the file is parsed, a chunk ahead."""
        self._use_profile()
        importer = importer_for(self.source)
        reading = pack_reading(self.source.reading)
        if importer is None:
            with transaction.atomic():
                self.lease.renew(reading=reading, columns=pack_table(self.source.table()))
                self.lease.update(state=State.MAPPING, heartbeat_at=None)
            return
        parsed = importer.read(self.source, self.source.options_as_read)
        layout = awaited(pool.submit(next, parsed), self._show_life)
        if not isinstance(layout, Layout):
            raise TypeError(f"{importer.name} must give its layout first")
        with transaction.atomic():
            columns = pack_layout(layout)
            self.lease.renew(format=importer.name, reading=reading, columns=columns)
        for chunk in one_ahead(pool, _chunks(parsed), self._show_life):
            self._preview(layout, chunk)
        with transaction.atomic():
            self.lease.renew(n_bytes_read=self.found.size_bytes)
            self.counts["n_warnings"] += self.codes.warn(self.found)
            self.lease.update(**_counted(self.counts), **self._next_state())

    def _next_state(self) -> dict[str, Any]:
        """Wait for a person, unless they have said beforehand that nobody needs to."""
        if self.options.apply_at_once:
            send_to_worker("stores.apply_import", self.found)
            return {"state": State.APPLYING, "heartbeat_at": None}
        return {"state": State.PREVIEWED, "heartbeat_at": None}

    def _show_life(self) -> None:
        with transaction.atomic():
            self.lease.renew(n_bytes_read=self.source.tell())

    def _use_profile(self) -> None:
        """Read a file with the columns of a profile as that says, unless a person says otherwise."""
        options = self.options
        if options.mapping is not None or options.format or self.source.kind == "html":
            return
        with suppress(UnreadableFile), transaction.atomic():
            profile = profile_for(self.source.table().header)
            if profile is None:
                return
            self.options = with_profile(options, profile)
            self.source = Source(self.source.stream, self.found.file_name, self.options)
            self.lease.renew(profile=profile, options=pack_options(self.options))
            profile.used_at = timezone.now()
            profile.save(update_fields=["used_at"])

    def _preview(self, layout: Layout, chunk: list[ParsedProduct]) -> None:
        with transaction.atomic():
            self.lease.renew(n_bytes_read=self.source.tell())
            preview = preview_items(
                *(self.found, layout, self.options, chunk, self.position),
                handles_seen=self.handles,
            )
            ITEMS.write(preview.items)
            self.codes.look_at(chunk)
            self._count(preview.items, chunk)
            self._spoil(preview.spoiled)
            self.position += len(chunk)
            self.lease.update(**_counted(self.counts))

    def _count(self, items: list[Row], chunk: list[ParsedProduct]) -> None:
        self.counts.update(COUNTS[item.action] for item in items)
        self.counts["n_conflicts"] += sum(has_conflict(item.changes) for item in items)
        self.counts["n_warnings"] += sum(bool(item.warnings) for item in items)
        self.counts["n_rows"] += sum(product.n_rows for product in chunk)

    def _spoil(self, items: list[ImportItem]) -> None:
        """Items whose handle came again are not written after all: nobody knows which is meant."""
        for item in items:
            self.counts[COUNTS[item.action]] -= 1
            self.counts["n_conflicts"] -= has_conflict(item.changes)
            self.counts["n_invalid"] += 1
            item.action, item.changes = Action.INVALID, []
        if items:
            ImportItem.objects.bulk_update(items, ["action", "changes", "problems"])


def _chunks(parsed: Iterator[Layout | ParsedProduct]) -> Iterator[list[ParsedProduct]]:
    """Products in chunks; one with very many rows makes its chunk a short one."""
    chunk: list[ParsedProduct] = []
    n_rows = 0
    for product in parsed:
        if isinstance(product, ParsedProduct):
            chunk.append(product)
            n_rows += product.n_rows
        if len(chunk) >= CHUNK_PRODUCTS or n_rows >= CHUNK_ROWS:
            yield chunk
            chunk, n_rows = [], 0
    if chunk:
        yield chunk
