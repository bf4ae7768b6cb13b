"""Columns of a product that follow from other rows, kept so that lists need not work them out."""

from collections.abc import Iterable, Sequence

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import In

from stores.catalogue.bulk import Row
from stores.models import CopyState, CopyVersion, Product, Readiness, Sku

Source, State = CopyVersion.Source, CopyVersion.State
DESCRIPTION = "description"
FACTS_TO_BE_READY = 3


def derive(product: Product | Row, skus: Iterable[Sku | Row]) -> None:
    """Set what follows from the product itself and its SKUs: prices, currency, readiness."""
    skus = list(skus)
    prices = [sku.price_minor for sku in skus if sku.price_minor is not None]
    product.min_price_minor = min(prices, default=None)
    product.max_price_minor = max(prices, default=None)
    product.currency = skus[0].currency if skus else ""
    product.readiness = readiness_of(product)


def readiness_of(product: Product | Row) -> Readiness:
    """By the number of facts: attributes, options, vendor, type or category."""
    facts = len(product.attributes) + len(product.option_names)
    facts += bool(product.vendor) + bool(product.product_type or product.category)
    if facts >= FACTS_TO_BE_READY:
        return Readiness.READY
    return Readiness.THIN if facts else Readiness.EMPTY


def copy_state_of(source: str) -> CopyState:
    """The state of a product whose only text is a published one from this source."""
    by_people = source in (Source.HUMAN, Source.IMPORTED)
    return CopyState.HUMAN if by_people else CopyState.PUBLISHED


def refresh_copy_state(products: Iterable[int]) -> None:
    """Bring `copy_state` up to date for the products with these keys, whose texts have changed."""
    keys = list(products)
    now = copy_state(keys)
    here = Product.objects.filter(pk__in=keys).alias(_now=now)
    here.exclude(copy_state=F("_now")).update(copy_state=now)


def copy_state(products: Sequence[int] | None = None) -> Case:
    """The state of a product's row as SQL, told by which of four sets of texts it has one in.

    products: keys of those that it is asked for, so that only their texts are looked at.
    """
    texts = CopyVersion.objects.filter(slot__field=DESCRIPTION).order_by()
    if products is not None:
        texts = texts.filter(slot__product__in=products)
    live = texts.filter(state=State.PUBLISHED)
    people = live.filter(source__in=(Source.HUMAN, Source.IMPORTED))
    own = Concat(Cast("pk", CharField()), Value(" "), "locale")
    in_language = Concat(Cast("slot__product_id", CharField()), Value(" "), "slot__locale")
    conditions: dict[CopyState, In] = {
        CopyState.DRAFT: In(F("pk"), texts.filter(state=State.DRAFT).values("slot__product_id")),
        CopyState.APPROVED: In(
            F("pk"), texts.filter(state=State.APPROVED).values("slot__product_id")
        ),
        CopyState.HUMAN: In(own, people.values_list(in_language)),
        CopyState.PUBLISHED: In(own, live.values_list(in_language)),
    }
    cases = [When(condition, then=Value(state.value)) for state, condition in conditions.items()]
    return Case(*cases, default=Value(CopyState.NONE.value))
