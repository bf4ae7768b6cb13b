"""Reads of saved views, collections and categories."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from stores.models import Collection, CollectionProduct, SavedView
from stores.selectors.catalogue import distinct_values
from stores.selectors.filters import BELOW
from tenants.scope import require_merchant_id
from web.paging import COUNTED

MOST_VIEWS = 50
MOST_PATHS = 2_000
# Entries of the index that counting reads at most, shared by all of the paths.
MOST_READ = 500_000
_COUNTS = """
SELECT path, (SELECT count(*) FROM (SELECT FROM stores_product
    WHERE merchant_id = %(merchant)s AND category = path LIMIT %(limit)s) _)
  FROM unnest(%(paths)s::text[]) path
"""


def saved_views() -> QuerySet[SavedView]:
    """The shop's views, by name."""
    views: QuerySet[SavedView] = SavedView.objects.order_by("name", "pk")
    return views[:MOST_VIEWS]


def collections() -> QuerySet[Collection]:
    """The shop's collections by name, each with `n_members`: of those without a rule."""
    members = CollectionProduct.objects.filter(collection=OuterRef("pk")).order_by()
    n = members.values("collection").annotate(n=Count("pk")).values("n")
    found: QuerySet[Collection] = Collection.objects.annotate(n_members=Coalesce(Subquery(n), 0))
    return found.order_by("name", "pk")


def is_manual(public_id: str) -> bool:
    """Whether this is a collection that people put products into."""
    return bool(public_id) and Collection.objects.filter(public_id=public_id, rule="").exists()


@dataclass(slots=True)
class Category:
    """A node of the tree. path: as products carry it. n: products in it and below it.

    is_least: there may be more of them, which were not counted.
    """

    name: str
    path: str
    depth: int
    n: int = 0
    is_least: bool = False
    children: dict[str, "Category"] = field(default_factory=dict)


def category_tree() -> tuple[list[Category], bool]:
    """The categories in use, each before its sub-categories, and whether there are more of them.

    Steps through the index and counts to a limit: as quick for a large catalogue as for a small one.
    """
    paths = distinct_values("category", MOST_PATHS + 1)
    most = min(COUNTED, MOST_READ // max(1, len(paths)))
    root = Category("", "", -1)
    for path, n in _counts(paths[:MOST_PATHS], most + 1).items():
        node = root
        for depth, name in enumerate(path.split(BELOW)):
            below = BELOW.join([node.path, name]) if node.path else name
            node = node.children.setdefault(name, Category(name, below, depth))
            node.n += min(n, most)
            node.is_least |= n > most
    return _flat(root), len(paths) > MOST_PATHS


def _counts(paths: list[str], limit: int) -> dict[str, int]:
    """How many products carry exactly this path, counted to the limit, in the order of the paths."""
    values: dict[str, Any] = {"merchant": require_merchant_id(), "paths": paths, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        found = dict(cursor.fetchall())
    return {path: found[path] for path in paths}


def _flat(node: Category) -> list[Category]:
    """Without recursion: a path may have as many parts as fit into it."""
    flat, waiting = [], list(reversed(node.children.values()))
    while waiting:
        one = waiting.pop()
        flat.append(one)
        waiting.extend(reversed(one.children.values()))
    return flat
