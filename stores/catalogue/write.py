"""Storing merged products: a few statements for all of them, inside the caller's transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from stores.catalogue.bulk import BulkTable, Row
from stores.catalogue.derived import derive, refresh_copy_state
from stores.catalogue.history import note_changes
from stores.catalogue.merged import Merged
from stores.catalogue.search_index import index_products
from stores.models import CopySlot, CopyVersion, Product, ProductImage, ProductRevision, Sku

MAX_LAYOUTS = 5
PRODUCTS = BulkTable(Product, ("merchant_id", "handle"), kept=("copy_state",))
IMAGES = BulkTable(
    ProductImage,
    ("merchant_id", "product_id", "url"),
    kept=("state", "width", "height", "n_bytes", "checked_at"),
)
SKUS = BulkTable(Sku, ("merchant_id", "product_id", "options"))
SLOTS = BulkTable(CopySlot, ("merchant_id", "product_id", "field", "channel", "locale"))
VERSIONS = BulkTable(CopyVersion)
IMAGE_KEY = ("product_id", "url", "id")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where products come from. catalogue_import: its public id, "" where a person or the API wrote them.

    text_source: of the descriptions, a CopyVersion.Source. column: where they stand in the file.
    kind, actor: for the history, a ProductRevision.Kind and who it was. bulk_edit: its public id.
    """

    text_source: str
    user_id: int | None = None
    catalogue_import: str = ""
    format: str = ""
    file_name: str = ""
    column: str = ""
    kind: str = ProductRevision.Kind.PERSON
    actor: str = ""
    bulk_edit: str = ""


def write_products(merged: Sequence[Merged], origin: Origin) -> None:
    """Store products, images, SKUs and descriptions; each product is whole once this returns."""
    if not merged:
        return
    products = [one.product for one in merged]
    for one in merged:
        one.product.source = signed(one.product.source, origin)
        derive(one.product, _skus_of(one))
    ids = dict(PRODUCTS.write(_rows(PRODUCTS, products), ("handle", "id")))
    for product in products:
        product.pk = ids[product.handle]
    _delete(Sku.objects.all(), [sku.pk for one in merged for sku in one.gone_skus])
    _write_images(merged)
    _write_skus(merged)
    index_products((one.product, _skus_of(one)) for one in merged)
    _delete(ProductImage.objects.all(), [i.pk for one in merged for i in one.gone_images])
    with_texts = [one for one in merged if one.text_action != "nothing"]
    _write_texts(with_texts, origin)
    refresh_copy_state(one.product.pk for one in with_texts)
    note_changes(merged, origin.kind, origin.actor, origin.catalogue_import or origin.bulk_edit)


def _skus_of(one: Merged) -> list[Sku]:
    """As they will be: without a word about SKUs they stay."""
    gone = {sku.pk for sku in one.gone_skus}
    stay = (sku for sku in one.known.skus if sku.pk not in gone)
    return [sku for sku, _url in one.skus] or list(stay)


def signed(source: dict[str, Any], origin: Origin) -> dict[str, Any]:
    """The source of a product with the import that it comes from now in front of earlier ones."""
    if not origin.catalogue_import:
        return source
    others = [i for i in source.get("imports", []) if i != origin.catalogue_import]
    imports = [origin.catalogue_import, *others][:MAX_LAYOUTS]
    return source | {"format": origin.format, "imports": imports}


def _delete(rows: QuerySet[Sku] | QuerySet[ProductImage], keys: list[int]) -> None:
    if keys:
        rows.filter(pk__in=keys).delete()


def _write_images(merged: Iterable[Merged]) -> None:
    images = []
    for one in merged:
        for image in one.images:
            image.product = one.product
            images.append(image)
    written = IMAGES.write(_rows(IMAGES, images), IMAGE_KEY)
    ids = {(product_id, url): key for product_id, url, key in written}
    for image in images:
        image.pk = ids[image.product_id, image.url]


def _write_skus(merged: Iterable[Merged]) -> None:
    skus = []
    for one in merged:
        here = {image.url: image for image in (*one.known.images, *one.images)}
        for sku, url in one.skus:
            sku.product = one.product
            sku.image = here.get(url)
            skus.append(sku)
    SKUS.write(_rows(SKUS, skus))


def _rows(table: BulkTable, instances: Iterable[models.Model]) -> list[Row]:
    return list(table.of(instances))


def _write_texts(merged: Sequence[Merged], origin: Origin) -> None:
    replaced = [one for one in merged if one.text_action != "keep_ours" and one.known.published]
    keys = [one.known.published.pk for one in replaced if one.known.published]
    if keys:
        CopyVersion.objects.filter(pk__in=keys).update(state=CopyVersion.State.RETIRED)
    _mark_cleared([one for one in merged if not one.text])
    with_text = [one for one in merged if one.text]
    _make_slots([one for one in with_text if one.known.slot is None])
    VERSIONS.write(_rows(VERSIONS, [_version(one, origin) for one in with_text]))


def _mark_cleared(merged: Sequence[Merged]) -> None:
    """Remember that the file no longer has a text: the next import compares with that."""
    versions = [one.known.imported for one in merged if one.known.imported]
    for version in versions:
        version.provenance = version.provenance | {"is_cleared": True}
    if versions:
        CopyVersion.objects.bulk_update(versions, ["provenance"])


def _make_slots(merged: Sequence[Merged]) -> None:
    for one in merged:
        one.known.slot = CopySlot(
            product=one.product, field=CopySlot.Field.DESCRIPTION, locale=one.product.locale
        )
    slots = [one.known.slot for one in merged if one.known.slot]
    ids = dict(SLOTS.write(_rows(SLOTS, slots), ("product_id", "id")))
    for slot in slots:
        slot.pk = ids[slot.product_id]


def _version(one: Merged, origin: Origin) -> CopyVersion:
    is_live = one.text_action == "publish"
    return CopyVersion(
        slot=one.known.slot,
        number=one.known.n_versions + 1,
        text=one.text,
        source=CopyVersion.Source.AI if one.parsed.is_ai_written else origin.text_source,
        state=CopyVersion.State.PUBLISHED if is_live else CopyVersion.State.RETIRED,
        provenance=provenance_of(origin, one.parsed.first_row),
        created_by_id=origin.user_id,
        published_at=timezone.now() if is_live else None,
    )


def provenance_of(origin: Origin, row: int) -> dict[str, Any]:
    """Where a text stood in the file; nothing if it comes from no file."""
    if not origin.catalogue_import:
        return {}
    return {
        "import": origin.catalogue_import,
        "file": origin.file_name,
        "row": row,
        "column": origin.column,
    }
