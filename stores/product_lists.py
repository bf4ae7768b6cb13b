"""One page of the list of products: filtered, sorted, and quick however long the list is."""

from collections.abc import Mapping

from django.http import QueryDict

from stores.models import Product
from stores.product_filter import ProductFilter
from stores.selectors import with_list_columns
from web.paging import KeysetPage, Order, keyset_page

PAGE_SIZE = 25
DEFAULT_SORT = "title"
_FIELDS = {
    "title": ("title",),
    "product_type": ("product_type", "title"),
    "vendor": ("vendor", "title"),
    "min_price_minor": ("min_price_minor",),
    "updated_at": ("updated_at",),
}


def sort_of(params: QueryDict) -> str:
    """What the address asks to sort by: a name, with a minus where it descends."""
    sort = params.get("sort", DEFAULT_SORT)
    return sort if sort.removeprefix("-") in _FIELDS else DEFAULT_SORT


def address_of(chosen: ProductFilter, sort: str) -> str:
    """The query string of the list with this filter and sorting."""
    parts = [chosen.query(), f"sort={sort}" if sort != DEFAULT_SORT else ""]
    return "&".join(part for part in parts if part)


def order_of(sort: str) -> Order:
    """Each of them is the order of an index."""
    name = sort.removeprefix("-")
    return Order(
        fields=(*_FIELDS[name], "pk"),
        is_descending=sort.startswith("-"),
        nullable=name == "min_price_minor",
    )


def product_page(chosen: ProductFilter, sort: str, params: Mapping[str, str]) -> KeysetPage:
    """The products that a filter lets through, with the columns of a list."""
    products = with_list_columns(chosen.apply(Product.objects.all()))
    return keyset_page(products, order_of(sort), params, PAGE_SIZE)
