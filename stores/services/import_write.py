"""Writing previewed items: compared once more with what is here now, then stored together."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from stores.catalogue.fresh import FreshProduct, FreshProducts
from stores.catalogue.known import known_products
from stores.catalogue.merge import merge
from stores.catalogue.merge_skus import OptionsNeeded
from stores.catalogue.merged import Merged
from stores.catalogue.write import Origin, write_products
from stores.importers.base import Problem
from stores.importers.stored import unpack_layout, unpack_options, unpack_product
from stores.models import CatalogueImport, CopyVersion, ImportItem, ProductRevision
from tenants.scope import require_merchant_id

Action = ImportItem.Action
WRITTEN = (Action.NEW, Action.CHANGED)
LEFT_OUT = ("data", "changes", "problems", "warnings", "raw")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Items on their way, with what was kept of each; fresh: products that were new in the preview."""

    items: list[ImportItem]
    packed: list[dict[str, Any]]
    fresh: list[FreshProduct | None]
    new: FreshProducts


def prepared_chunks(found: CatalogueImport, size: int, pool: ThreadPoolExecutor) -> Iterator[Chunk]:
    """What is still to be written, in the order of the file; the next chunk is prepared meanwhile.

    Nobody but the holder of the lease touches the items, so that they can be read ahead.
    """
    waiting = _prepare_next(found, size, pool, after=-1)
    while waiting is not None:
        last, chunk = waiting
        waiting = _prepare_next(found, size, pool, after=last)
        yield chunk.result()


def _prepare_next(
    found: CatalogueImport, size: int, pool: ThreadPoolExecutor, after: int
) -> "tuple[int, Future[Chunk]] | None":
    with transaction.atomic():
        waiting = found.items.filter(
            action__in=WRITTEN, is_applied=False, position__gt=after
        ).order_by("position")
        # As text: orjson reads it several times as fast as a JSONField does.
        texts = Cast("data", TextField())
        items: list[Any] = list(waiting.defer(*LEFT_OUT).annotate(packed=texts)[:size])
        if not items:
            return None
        layout, options = unpack_layout(found.columns), unpack_options(found.options)
        new = FreshProducts(layout, options, origin_of(found))
    return items[-1].position, pool.submit(_prepare, items, new)


def _prepare(items: Sequence[Any], new: FreshProducts) -> Chunk:
    """Without the database: it runs beside the writing. items: ImportItem with `packed`, a text."""
    packed = [orjson.loads(item.packed) for item in items]
    fresh = [
        _fresh(one, new) if item.action == Action.NEW else None
        for item, one in zip(items, packed, strict=True)
    ]
    return Chunk(list(items), packed, fresh, new)


def _fresh(packed: dict[str, Any], new: FreshProducts) -> FreshProduct | None:
    try:
        return FreshProduct(packed, new) if packed.get("title") else None
    except OptionsNeeded:
        return None


def write_items(found: CatalogueImport, chunk: Chunk) -> list[ImportItem]:
    """Store the products of a chunk and mark them; returns those that could not be after all."""
    _queue_up(found)
    new = chunk.new
    known = known_products([item.handle for item in chunk.items], lock=True)
    fresh: list[FreshProduct] = []
    merged: list[Merged] = []
    refused: list[ImportItem] = []
    for item, packed, one in zip(chunk.items, chunk.packed, chunk.fresh, strict=True):
        here = known.get(item.handle)
        try:
            if here is not None:
                merged.append(merge(unpack_product(packed), here, new.layout, new.options))
            elif one is not None:
                fresh.append(one)
            elif packed.get("title"):
                fresh.append(FreshProduct(packed, new))
            else:
                _refuse(item, "title_missing")  # deleted since the preview; the file has no titles
                refused.append(item)
        except OptionsNeeded:
            _refuse(item, "options_needed")
            refused.append(item)
    new.write(fresh)
    write_products([one for one in merged if one.changes], new.origin)
    keys = [item.pk for item in chunk.items]
    ImportItem.objects.filter(pk__in=keys).update(is_applied=True)
    if refused:
        ImportItem.objects.bulk_update(refused, ["action", "is_applied", "problems"])
    return refused


def origin_of(found: CatalogueImport) -> Origin:
    """How the texts of an import are signed."""
    source = CopyVersion.Source
    return Origin(
        text_source=source.HUMAN if found.options["is_human_written"] else source.IMPORTED,
        user_id=found.created_by_id,
        catalogue_import=found.public_id,
        format=found.format,
        file_name=found.file_name,
        column=found.columns["description"],
        kind=ProductRevision.Kind.IMPORT,
        actor=found.created_by.email if found.created_by else "",
    )


def _queue_up(found: CatalogueImport) -> None:
    """Imports of one merchant write one after the other, or they would trip over each other's rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('stores.import'), %s::integer)",
            [require_merchant_id() % 2**31],
        )


def _refuse(item: ImportItem, code: str) -> None:
    item.action, item.is_applied = Action.INVALID, False
    item.problems = [Problem(item.first_row, "", code).to_json()]
