"""Which products: the one filter of pages, API, exports, feeds, bulk edits, collections and runs."""

import re
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value
from django.http import QueryDict

from stores.models import Collection, CollectionProduct, ImportItem
from stores.money import minor_digits
from stores.selectors.search import Search, search
from tenants.models import Merchant
from tenants.scope import require_merchant_id

EXACT = ("product_type", "vendor", "status", "copy_state", "readiness")
BELOW = " > "
MOST = "\U0010ffff"
MAX_CHARACTERS = 500
MAX_ATTRIBUTES = 10
_AMOUNT = re.compile(r"\d{1,13}(\.\d{1,4})?")
_PRODUCT_ID = re.compile("prd_[0-9a-z]{20,30}")


@dataclass(frozen=True)
class ProductFilter:
    """What the list, the API and "select all that match" have in common; every part must hold.

    q: words, or the beginning of a code; see stores.search. category: with its sub-categories.
    attribute: `name:value`, or `name`. price_min, price_max: in the merchant's currency, such as
    "12.50". collection: its public id. brought_by: of an import, for the products that came new
    with it. ids: public ids, where a person ticked rows.
    """

    q: str = ""
    copy_state: str = ""
    readiness: str = ""
    product_type: str = ""
    vendor: str = ""
    category: str = ""
    status: str = ""
    tag: str = ""
    attribute: tuple[str, ...] = ()
    price_min: str = ""
    price_max: str = ""
    collection: str = ""
    brought_by: str = ""
    ids: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: QueryDict) -> "ProductFilter":
        """The filter that an address carries; unknown parameters are none of its business."""
        names = [f.name for f in fields(cls) if f.name not in ("ids", "attribute")]
        values = {name: _clean(query.get(name, "")) for name in names}
        attributes = [_clean(text) for text in query.getlist("attribute")]
        return cls(
            **values | {name: _amount(values[name]) for name in ("price_min", "price_max")},
            attribute=tuple(a for a in attributes if a.strip(": "))[:MAX_ATTRIBUTES],
            ids=tuple(i for i in query.get("ids", "").split(",") if i),
        )

    @classmethod
    def parse(cls, text: str) -> "ProductFilter":
        """The filter that `query` wrote."""
        return cls.from_query(QueryDict(text))

    def query(self) -> str:
        """The address' query string that stands for this filter, without a question mark."""
        query = QueryDict(mutable=True)
        for name, value in asdict(self).items():
            if name == "ids":
                value = ",".join(value)
            if value:
                query.setlist(name, list(value) if name == "attribute" else [value])
        return query.urlencode()

    def without(self, name: str, value: str = "") -> "ProductFilter":
        """The filter without one of its parts; value: which of several attributes."""
        rest = tuple(one for one in self.attribute if one != value)
        empty: Any = rest if name == "attribute" else () if name == "ids" else ""
        return replace(self, **{name: empty})

    @property
    def is_empty(self) -> bool:
        """Whether it lets every product through."""
        return self == ProductFilter()

    @cached_property
    def found(self) -> Search:
        """What came of looking for its words, tag and attributes."""
        q = "" if _PRODUCT_ID.fullmatch(self.q) else self.q
        return search(q, (self.tag,) if self.tag else (), self.attribute)

    def apply(self, products: Any) -> Any:
        """Those of the products that it lets through; a search is made at once."""
        products = products.filter(**{n: value for n in EXACT if (value := getattr(self, n))})
        if self.ids:
            products = products.filter(public_id__in=self.ids)
        if _PRODUCT_ID.fullmatch(self.q):
            products = products.filter(public_id=self.q)
        if self.category:
            below = _BeginsWith(F("category"), Value(self.category + BELOW))
            products = products.filter(Q(category=self.category) | Q(below))
            if _is_in_code_point_order():  # an index then goes straight there
                last = self.category + MOST
                products = products.filter(category__gte=self.category, category__lt=last)
        if self.price_min or self.price_max:
            products = _within_prices(products, self.price_min, self.price_max)
        if self.collection:
            products = _in_collection(products, self.collection)
        if self.brought_by:
            products = products.filter(handle__in=_brought_by(self.brought_by))
        return self.found.apply(products)


class _BeginsWith(Func):
    """Like startswith, without a pattern's special characters."""

    arg_joiner = " ^@ "
    template = "(%(expressions)s)"
    output_field = BooleanField()


@lru_cache(maxsize=1)
def _is_in_code_point_order() -> bool:
    """Whether the database sorts texts as their characters are numbered: then MOST comes last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'B' < 'a' AND 'z' < '\u00e9'")
        return bool(cursor.fetchone()[0])


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:MAX_CHARACTERS]


def _amount(text: str) -> str:
    plain = text.replace(",", ".")
    return plain if _AMOUNT.fullmatch(plain) else ""


def _within_prices(products: Any, lowest: str, highest: str) -> Any:
    """Products of which some SKU may cost so much: the spans of their prices meet."""
    merchant = Merchant.objects.only("currency").get(pk=require_merchant_id())
    unit = Decimal(10) ** minor_digits(merchant.currency)
    if lowest:
        products = products.filter(max_price_minor__gte=int(Decimal(lowest) * unit))
    if highest:
        products = products.filter(min_price_minor__lte=int(Decimal(highest) * unit))
    return products


def _in_collection(products: Any, public_id: str) -> Any:
    collection = Collection.objects.filter(public_id=public_id).first()
    if collection is None:
        return products.none()
    if collection.rule:  # which may not lean on a collection itself: nobody could see the end of it
        return replace(ProductFilter.parse(collection.rule), collection="").apply(products)
    members = CollectionProduct.objects.filter(collection=collection)
    return products.filter(pk__in=members.values("product"))


def _brought_by(public_id: str) -> Any:
    written = ImportItem.objects.filter(catalogue_import__public_id=public_id, is_applied=True)
    return written.filter(action=ImportItem.Action.NEW).values("handle")
