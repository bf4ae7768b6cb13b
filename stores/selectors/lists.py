"""One page of the list of products: filtered, sorted, and quick however long the list is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from stores.models import Product
from stores.selectors.catalogue import with_list_columns
from stores.selectors.filters import ProductFilter
from stores.selectors.search import found_keys, n_found
from web.paging import COUNTED, KeysetPage, Order, Total, count_of, keyset_page

PAGE_SIZE = 25
_FIELDS = {
    "title": ("title",),
    "product_type": ("product_type", "title"),
    "vendor": ("vendor", "title"),
    "category": ("category", "title"),
    "min_price_minor": ("min_price_minor",),
    "updated_at": ("updated_at",),
}


def sort_of(params: QueryDict, chosen: ProductFilter) -> str:
    """What the address asks to sort by: a name, with a minus where it descends."""
    sort = params.get("sort", "")
    return sort if sort.removeprefix("-") in _FIELDS else default_sort(chosen)


def default_sort(chosen: ProductFilter) -> str:
    """By title; products of a category and its sub-categories stand in the order of their index."""
    return "category" if chosen.category else "title"


def address_of(chosen: ProductFilter, sort: str) -> str:
    """The query string of the list with this filter and sorting."""
    parts = [chosen.query(), f"sort={sort}" if sort != default_sort(chosen) else ""]
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
    """The products that a filter lets through, with the columns of a list: image_url and n_skus."""
    products = chosen.apply(Product.objects.defer("source", "attributes"))
    page = keyset_page(products, order_of(sort), params, PAGE_SIZE, lambda: total_of(chosen))
    # For the rows of one page: the database would work them out for every row that it sorts.
    keys = [product.pk for product in page]
    columns: Any = with_list_columns(Product.objects.filter(pk__in=keys).only("pk"))
    found = {row.pk: row for row in columns}
    for product in page:
        row = found[product.pk]
        product.image_url, product.n_skus = row.image_url, row.n_skus
    return page


def total_of(chosen: ProductFilter) -> Total:
    """How many products a filter lets through; searches are counted by their documents alone."""
    words = replace(chosen, tag="", attribute=(), q="")
    if chosen.found.keys is not None or not chosen.found.query:
        return count_of(chosen.apply(Product.objects.all()))
    if words.is_empty:
        return Total(n_found(chosen.found.query, COUNTED + 1))
    among = words.apply(Product.objects.all()).filter(pk__in=found_keys(chosen.found.query))
    return replace(count_of(among), is_least=True)
