"""Writing previewed items: compared once more with what is here now, then stored together."""

from collections.abc import Sequence

import orjson
from django.db import connection
from django.db.models import QuerySet, TextField
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


def waiting_items(found: CatalogueImport) -> QuerySet[ImportItem]:
    """What is still to be written, in the order of the file, as `write_items` wants it."""
    items = found.items.filter(action__in=WRITTEN, is_applied=False).order_by("position")
    # As text: orjson reads it several times as fast as a JSONField does.
    packed: QuerySet[ImportItem] = items.defer(*LEFT_OUT).annotate(packed=Cast("data", TextField()))
    return packed


def write_items(found: CatalogueImport, items: Sequence[ImportItem]) -> list[ImportItem]:
    """Store the products of `waiting_items` and mark them; returns those that could not be after all."""
    _queue_up(found)
    layout, options = unpack_layout(found.columns), unpack_options(found.options)
    origin = origin_of(found)
    known = known_products([item.handle for item in items], lock=True)
    new = FreshProducts(layout, options, origin)
    fresh: list[FreshProduct] = []
    merged: list[Merged] = []
    refused: list[ImportItem] = []
    for item in items:
        packed, here = orjson.loads(item.packed), known.get(item.handle)
        try:
            if here is not None:
                merged.append(merge(unpack_product(packed), here, layout, options))
            elif packed.get("title"):
                fresh.append(FreshProduct(packed, new))
            else:
                _refuse(item, "title_missing")  # deleted since the preview; the file has no titles
                refused.append(item)
        except OptionsNeeded:
            _refuse(item, "options_needed")
            refused.append(item)
    new.write(fresh)
    write_products([one for one in merged if one.changes], origin)
    keys = [item.pk for item in items]
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
