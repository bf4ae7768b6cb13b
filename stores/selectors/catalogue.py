"""Reads of the catalogue and of the state its texts are in."""

from typing import NamedTuple

from django.db import connection
from django.db.models import Count, OuterRef, QuerySet, Subquery

from stores.models import CopyState, CopyVersion, Product, ProductImage, Sku
from stores.selectors.filters import ProductFilter
from tenants.scope import require_merchant_id
from web.paging import COUNTED, Order, Total, beyond, count_of

State = CopyVersion.State
DESCRIPTION = "description"
SAMPLE = 500
_STATE = """(SELECT count(*) FROM (SELECT FROM {table}
    WHERE merchant_id = %s AND {column} = %s LIMIT %s) _)"""
QUEUE = Order(fields=("created_at", "pk"))
_DISTINCT = """
WITH RECURSIVE steps AS (
    (SELECT {column} AS value FROM stores_product
      WHERE merchant_id = %(merchant)s AND {column} > '' ORDER BY {column} LIMIT 1)
    UNION ALL
    SELECT (SELECT p.{column} FROM stores_product p
             WHERE p.merchant_id = %(merchant)s AND p.{column} > s.value
             ORDER BY p.{column} LIMIT 1)
      FROM steps s WHERE s.value IS NOT NULL
) SELECT value FROM steps WHERE value IS NOT NULL LIMIT %(limit)s
"""


def with_list_columns(products: QuerySet[Product]) -> QuerySet[Product]:
    """The products with what a list shows: image_url and n_skus."""
    skus = Sku.objects.filter(product=OuterRef("pk")).order_by().values("product")
    images = ProductImage.objects.filter(product=OuterRef("pk")).order_by("position", "pk")
    return products.annotate(
        image_url=Subquery(images.values("url")[:1]),
        n_skus=Subquery(skus.annotate(n=Count("pk")).values("n")),
    )


class CatalogueState(NamedTuple):
    """Products in each copy state, and texts that wait for people; each counted to `10,000+`."""

    n_products: Total
    n_none: Total
    n_draft: Total
    n_approved: Total
    n_human: Total
    n_published: Total
    n_drafts_to_review: Total
    n_texts_to_publish: Total


def catalogue_state() -> CatalogueState:
    """The figures of the home page, in one query whose cost does not grow with the catalogue."""
    counted = [("stores_product", "copy_state", state.value) for state in CopyState]
    counted += [("stores_copyversion", "state", state) for state in (State.DRAFT, State.APPROVED)]
    parts = ", ".join(_STATE.format(table=table, column=column) for table, column, _ in counted)
    values = [v for *_, state in counted for v in (require_merchant_id(), state, COUNTED + 1)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", values)  # noqa: S608 (constants)
        *products, n_drafts, n_approved = cursor.fetchone()
    n = {state.value: Total(found) for state, found in zip(CopyState, products, strict=True)}
    return CatalogueState(
        n_products=Total(sum(products)),
        n_none=n["none"],
        n_draft=n["draft"],
        n_approved=n["approved"],
        n_human=n["human"],
        n_published=n["published"],
        n_drafts_to_review=Total(n_drafts),
        n_texts_to_publish=Total(n_approved),
    )


class Choices(NamedTuple):
    """What the catalogue holds that a list can be filtered by.

    tags, attributes: names in use by the products changed last; there may be others.
    """

    product_types: list[str]
    vendors: list[str]
    categories: list[str]
    tags: list[str]
    attributes: list[str]


def filter_choices(limit: int = 100) -> Choices:
    """The types, vendors, categories, tags and attributes in use, by name; at most `limit` of each.

    What this costs grows with the limit and not with the catalogue.
    """
    latest = Product.objects.order_by("-updated_at", "-pk").values("tags", "attributes")
    tags: set[str] = set()
    attributes: set[str] = set()
    for product in latest[:SAMPLE]:
        tags.update(product["tags"])
        attributes.update(one["name"] for one in product["attributes"])
    return Choices(
        product_types=distinct_values("product_type", limit),
        vendors=distinct_values("vendor", limit),
        categories=distinct_values("category", limit),
        tags=sorted(tags)[:limit],
        attributes=sorted(attributes)[:limit],
    )


def distinct_values(name: str, limit: int) -> list[str]:
    """The values of a product's text column in order, each found by one step into its index."""
    column = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.execute(
            _DISTINCT.format(column=column), {"merchant": require_merchant_id(), "limit": limit}
        )
        return [row[0] for row in cursor.fetchall()]


def live_versions(product: Product) -> dict[str, CopyVersion]:
    """The published descriptions of a product, by language."""
    versions = CopyVersion.objects.filter(
        slot__product=product, slot__field=DESCRIPTION, state=State.PUBLISHED
    )
    return {version.slot.locale: version for version in versions.select_related("slot")}


def copy_history(product: Product) -> QuerySet[CopyVersion]:
    """Every version of a product's texts with people and slots, the newest of each slot first."""
    versions: QuerySet[CopyVersion] = (
        CopyVersion.objects.filter(slot__product=product)
        .select_related("slot", "created_by", "reviewed_by", "parent")
        .order_by("slot__locale", "slot__field", "-number")
    )
    return versions


def drafts_to_review(
    *, run: str = "", products: ProductFilter | None = None
) -> QuerySet[CopyVersion]:
    """Drafts, the oldest first: all, those of a run (its public id), or those of some products."""
    drafts: QuerySet[CopyVersion] = CopyVersion.objects.filter(state=State.DRAFT)
    drafts = drafts.order_by("created_at", "pk")
    if run:
        drafts = drafts.filter(provenance__run=run)
    if products and not products.is_empty:
        drafts = drafts.filter(slot__product__in=products.apply(Product.objects.all()).values("pk"))
    return drafts


class Place(NamedTuple):
    """Where a draft stands in the queue; position counts from 1. Both numbers end at `10,000+`."""

    previous: CopyVersion | None
    next: CopyVersion | None
    position: Total
    total: Total


def place_in_queue(version: CopyVersion, drafts: QuerySet[CopyVersion]) -> Place:
    """The neighbours of a version among the drafts, whether or not it is one of them (any more)."""
    before, after = _around(version, drafts)
    n_before = count_of(before)
    return Place(
        before.order_by("-created_at", "-pk").first(),
        after.first(),
        Total(n_before.n + 1),
        n_before if n_before.is_more else count_of(drafts),
    )


def next_in_queue(version: CopyVersion, drafts: QuerySet[CopyVersion]) -> CopyVersion | None:
    """The draft that comes after a version."""
    return _around(version, drafts)[1].first()


def _around(
    version: CopyVersion, drafts: QuerySet[CopyVersion]
) -> tuple[QuerySet[CopyVersion], QuerySet[CopyVersion]]:
    at = (version.created_at, version.pk)
    before = drafts.filter(beyond(CopyVersion, QUEUE, at, backwards=True))
    return before, drafts.filter(beyond(CopyVersion, QUEUE, at))


def n_texts(state: str) -> Total:
    """How many texts of the shop are in this state."""
    return count_of(CopyVersion.objects.filter(state=state))


def base_of_comparison(version: CopyVersion) -> CopyVersion | None:
    """What a version is best compared with: what it was edited from, or the one before it."""
    earlier: CopyVersion | None = version.parent or (
        CopyVersion.objects.filter(slot=version.slot_id, number__lt=version.number)
        .order_by("-number")
        .first()
    )
    return earlier


def text_it_replaces(version: CopyVersion) -> CopyVersion | None:
    """The published text of the same slot: what a reader sees today."""
    published: CopyVersion | None = (
        CopyVersion.objects.filter(slot=version.slot_id, state=State.PUBLISHED)
        .exclude(pk=version.pk)
        .select_related("created_by")
        .first()
    )
    return published
