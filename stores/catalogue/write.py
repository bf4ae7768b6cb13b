"""Storing merged products: a few statements for all of them, inside the caller's transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from stores.catalogue.derived import derive, refresh_copy_state
from stores.catalogue.history import note_changes
from stores.catalogue.merged import Merged
from stores.models import CopySlot, CopyVersion, Product, ProductImage, ProductRevision, Sku

MAX_LAYOUTS = 5
PRODUCT_FIELDS = [
    *("title", "vendor", "product_type", "category", "tags", "status", "locale", "attributes"),
    *("option_names", "source", "updated_at"),
    *("readiness", "currency", "min_price_minor", "max_price_minor"),
]
SKU_FIELDS = [
    *("code", "barcode", "price_minor", "compare_at_price_minor", "currency", "weight_grams"),
    *("image", "position", "source"),
]


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
    for one in merged:
        _sign(one.product, origin)
        derive(one.product, _skus_of(one))
    Product.objects.bulk_create(
        [one.product for one in merged],
        update_conflicts=True,
        unique_fields=["merchant", "handle"],
        update_fields=PRODUCT_FIELDS,
    )
    _delete(Sku.objects.all(), [sku.pk for one in merged for sku in one.gone_skus])
    _write_images(merged)
    _write_skus(merged)
    _delete(ProductImage.objects.all(), [i.pk for one in merged for i in one.gone_images])
    with_texts = [one for one in merged if one.text_action != "nothing"]
    _write_texts(with_texts, origin)
    refresh_copy_state(one.product.pk for one in with_texts)
    note_changes(merged, origin.kind, origin.actor, origin.catalogue_import or origin.bulk_edit)


def _skus_of(one: Merged) -> list[Sku]:
    """As they will be: without a word about SKUs they stay."""
    return [sku for sku, _url in one.skus] or one.known.skus


def _sign(product: Product, origin: Origin) -> None:
    if origin.catalogue_import:
        others = [i for i in product.source.get("imports", []) if i != origin.catalogue_import]
        imports = [origin.catalogue_import, *others][:MAX_LAYOUTS]
        product.source = product.source | {"format": origin.format, "imports": imports}


def _delete(rows: QuerySet[Sku] | QuerySet[ProductImage], keys: list[int]) -> None:
    if keys:
        rows.filter(pk__in=keys).delete()


def _write_images(merged: Iterable[Merged]) -> None:
    images = []
    for one in merged:
        for image in one.images:
            image.product = one.product
            images.append(image)
    ProductImage.objects.bulk_create(
        images,
        update_conflicts=True,
        unique_fields=["merchant", "product", "url"],
        update_fields=["alt_text", "position"],
    )


def _write_skus(merged: Iterable[Merged]) -> None:
    skus = []
    for one in merged:
        here = {image.url: image for image in (*one.known.images, *one.images)}
        for sku, url in one.skus:
            sku.product = one.product
            sku.image = here.get(url)
            skus.append(sku)
    Sku.objects.bulk_create(
        skus,
        update_conflicts=True,
        unique_fields=["merchant", "product", "options"],
        update_fields=SKU_FIELDS,
    )


def _write_texts(merged: Sequence[Merged], origin: Origin) -> None:
    replaced = [one for one in merged if one.text_action != "keep_ours" and one.known.published]
    keys = [one.known.published.pk for one in replaced if one.known.published]
    if keys:
        CopyVersion.objects.filter(pk__in=keys).update(state=CopyVersion.State.RETIRED)
    _mark_cleared([one for one in merged if not one.text])
    with_text = [one for one in merged if one.text]
    _make_slots([one for one in with_text if one.known.slot is None])
    CopyVersion.objects.bulk_create(_version(one, origin) for one in with_text)


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
    CopySlot.objects.bulk_create(
        [one.known.slot for one in merged],
        update_conflicts=True,
        unique_fields=["merchant", "product", "field", "channel", "locale"],
        update_fields=["field"],
    )


def _version(one: Merged, origin: Origin) -> CopyVersion:
    is_live = one.text_action == "publish"
    provenance = {
        "import": origin.catalogue_import,
        "file": origin.file_name,
        "row": one.parsed.first_row,
        "column": origin.column,
    }
    return CopyVersion(
        slot=one.known.slot,
        number=one.known.n_versions + 1,
        text=one.text,
        source=CopyVersion.Source.AI if one.parsed.is_ai_written else origin.text_source,
        state=CopyVersion.State.PUBLISHED if is_live else CopyVersion.State.RETIRED,
        provenance=provenance if origin.catalogue_import else {},
        created_by_id=origin.user_id,
        published_at=timezone.now() if is_live else None,
    )
