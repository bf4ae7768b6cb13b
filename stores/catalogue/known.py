"""What is here already of some products, read in a handful of queries however many they are."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Max, Q, QuerySet

from stores.models import CopySlot, CopyVersion, Product, ProductImage, Sku

SHOP = "shop"


@dataclass(slots=True)
class Known:
    """A product with all that an import may change.

    published: what the shop shows in the product's language. imported: the newest text that came
    from a file, whatever became of it. n_versions: the highest version number of the slot.
    """

    product: Product
    skus: list[Sku] = field(default_factory=list)
    images: list[ProductImage] = field(default_factory=list)
    slot: CopySlot | None = None
    published: CopyVersion | None = None
    imported: CopyVersion | None = None
    n_versions: int = 0

    @property
    def is_new(self) -> bool:
        return self.product.pk is None


def known_products(handles: Iterable[str], *, lock: bool = False) -> dict[str, Known]:
    """The products with these handles, by handle. lock: until the transaction ends."""
    products: QuerySet[Product] = Product.objects.filter(handle__in=list(handles)).order_by("pk")
    if lock:
        products = products.select_for_update(no_key=True)
    return {one.product.handle: one for one in with_rows(products, lock=lock)}


def with_rows(
    products: Iterable[Product], *, lock: bool = False, with_texts: bool = True
) -> list[Known]:
    """These products with their SKUs, images and, unless nobody asks for them, texts, in their order."""
    known = {product.pk: Known(product) for product in products}
    if known:
        _add_rows(known)
    if known and with_texts:
        _add_texts(known, lock)
    return list(known.values())


def known_product(product: Product) -> Known:
    """The same for a single product, locked, as it is now; raises Product.DoesNotExist."""
    known = known_products([product.handle], lock=True).get(product.handle)
    if known is None or known.product.pk != product.pk:
        raise Product.DoesNotExist
    return known


def _add_rows(known: dict[int, Known]) -> None:
    for sku in Sku.objects.filter(product__in=list(known)).order_by("position", "pk"):
        known[sku.product_id].skus.append(sku)
    for image in ProductImage.objects.filter(product__in=list(known)).order_by("position", "pk"):
        known[image.product_id].images.append(image)


def _add_texts(known: dict[int, Known], lock: bool) -> None:
    slots = CopySlot.objects.filter(
        product__in=list(known), field=CopySlot.Field.DESCRIPTION, channel=SHOP
    )
    if lock:
        # Without its own lock a slot might get a version between our look and our insert.
        list(slots.order_by("pk").select_for_update().values_list("pk", flat=True))
    by_slot: dict[int, Known] = {}
    for slot in slots.annotate(n_versions=Max("versions__number")):
        one = known[slot.product_id]
        if slot.locale == one.product.locale:
            one.slot, one.n_versions = slot, slot.n_versions or 0
            by_slot[slot.pk] = one
    versions = CopyVersion.objects.filter(slot__in=list(by_slot)).order_by("number")
    is_wanted = Q(state=CopyVersion.State.PUBLISHED) | Q(provenance__has_key="import")
    for version in versions.filter(is_wanted):
        one = by_slot[version.slot_id]
        if version.state == CopyVersion.State.PUBLISHED:
            one.published = version
        if "import" in version.provenance:
            one.imported = version
