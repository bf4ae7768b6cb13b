"""Reads of the catalogue and of the state its texts are in."""

from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.http import QueryDict

from stores.models import CopyState, CopyVersion, Product, ProductImage, Sku

State = CopyVersion.State
DESCRIPTION = "description"


@dataclass(frozen=True)
class ProductFilter:
    """Which products: what the list, the API and "select all that match" have in common.

    q: a part of title, handle, SKU or barcode. ids: public ids, where a person ticked rows.
    """

    q: str = ""
    copy_state: str = ""
    product_type: str = ""
    vendor: str = ""
    status: str = ""
    tag: str = ""
    ids: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: QueryDict) -> "ProductFilter":
        """The filter that an address carries; unknown parameters are none of its business."""
        names = [field.name for field in fields(cls) if field.name != "ids"]
        ids = tuple(i for i in query.get("ids", "").split(",") if i)
        values = {name: query.get(name, "").replace("\x00", "").strip()[:255] for name in names}
        return cls(**values, ids=ids)

    def query(self) -> str:
        """The address' query string that stands for this filter, without a question mark."""
        query = QueryDict(mutable=True)
        values = asdict(self) | {"ids": ",".join(self.ids)}
        query.update({name: value for name, value in values.items() if value})
        return query.urlencode()

    @property
    def is_empty(self) -> bool:
        """Whether it lets every product through."""
        return self == ProductFilter()

    def apply(self, products: Any) -> Any:
        """Those of the products that it lets through."""
        exact = {
            name: value
            for name in ("product_type", "vendor", "status", "copy_state")
            if (value := getattr(self, name))
        }
        products = products.filter(**exact)
        if self.ids:
            products = products.filter(public_id__in=self.ids)
        if self.tag:
            products = products.filter(tags__contains=[self.tag])
        if self.q:
            products = products.filter(_matches(self.q))
        return products


def with_list_columns(products: QuerySet[Product]) -> QuerySet[Product]:
    """The products with what a list shows: image_url and n_skus."""
    skus = Sku.objects.filter(product=OuterRef("pk")).order_by().values("product")
    images = ProductImage.objects.filter(product=OuterRef("pk")).order_by("position", "pk")
    return products.annotate(
        image_url=Subquery(images.values("url")[:1]),
        n_skus=Subquery(skus.annotate(n=Count("pk")).values("n")),
    )


class CatalogueState(NamedTuple):
    """Products in each copy state (they add up to n_products), and texts that wait for people."""

    n_products: int
    n_none: int
    n_draft: int
    n_approved: int
    n_human: int
    n_published: int
    n_drafts_to_review: int
    n_texts_to_publish: int


def catalogue_state() -> CatalogueState:
    """The figures of the home page, in two queries."""
    rows = Product.objects.values_list("copy_state").annotate(n=Count("pk")).order_by()
    n = dict.fromkeys(CopyState.values, 0) | dict(rows)
    texts = CopyVersion.objects.aggregate(
        drafts=Count("pk", filter=Q(state=State.DRAFT)),
        approved=Count("pk", filter=Q(state=State.APPROVED)),
    )
    return CatalogueState(
        n_products=sum(n.values()),
        n_none=n["none"],
        n_draft=n["draft"],
        n_approved=n["approved"],
        n_human=n["human"],
        n_published=n["published"],
        n_drafts_to_review=texts["drafts"],
        n_texts_to_publish=texts["approved"],
    )


class Choices(NamedTuple):
    """What the catalogue holds that a list can be filtered by."""

    product_types: list[str]
    vendors: list[str]
    tags: list[str]


def filter_choices(limit: int = 200) -> Choices:
    """The types, vendors and tags in use, by name; at most `limit` of each."""

    def distinct(name: str) -> list[str]:
        values = Product.objects.exclude(**{name: ""}).order_by(name).values_list(name, flat=True)
        return list(values.distinct()[:limit])

    return Choices(distinct("product_type"), distinct("vendor"), _tags(limit))


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
    """Where a draft stands in the queue; position counts from 1."""

    previous: CopyVersion | None
    next: CopyVersion | None
    position: int
    total: int


def place_in_queue(version: CopyVersion, drafts: QuerySet[CopyVersion]) -> Place:
    """The neighbours of a version among the drafts, whether or not it is one of them (any more)."""
    at = (version.created_at, version.pk)
    before = drafts.filter(Q(created_at__lt=at[0]) | Q(created_at=at[0], pk__lt=at[1]))
    after = drafts.filter(Q(created_at__gt=at[0]) | Q(created_at=at[0], pk__gt=at[1]))
    n_before, total = before.count(), drafts.count()
    return Place(before.last(), after.first(), n_before + 1, total)


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


def _matches(q: str) -> Q:
    skus = Sku.objects.filter(product=OuterRef("pk"))
    by_code = Exists(skus.filter(Q(code__icontains=q) | Q(barcode=q)))
    return Q(title__icontains=q) | Q(handle__icontains=q) | Q(public_id=q) | Q(by_code)


def _tags(limit: int) -> list[str]:
    tag = Func(F("tags"), function="unnest", output_field=CharField())
    tags = Product.objects.annotate(one=tag).order_by("one").values_list("one", flat=True)
    return list(tags.distinct()[:limit])
