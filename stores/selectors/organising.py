"""Reads of saved views, collections and categories."""

from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from stores.models import Collection, CollectionProduct, Product, SavedView
from stores.selectors.filters import BELOW

MOST_VIEWS = 50
MOST_PATHS = 2_000


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
    """A node of the tree. path: as products carry it. n: products in it and below it."""

    name: str
    path: str
    depth: int
    n: int = 0
    children: dict[str, "Category"] = field(default_factory=dict)


def category_tree() -> tuple[list[Category], bool]:
    """The categories in use, each before its sub-categories, and whether there are more of them."""
    rows = Product.objects.exclude(category="").values_list("category").annotate(n=Count("pk"))
    found = list(rows.order_by("category")[: MOST_PATHS + 1])
    root = Category("", "", -1)
    for path, n in found[:MOST_PATHS]:
        node = root
        for depth, name in enumerate(path.split(BELOW)):
            below = BELOW.join([node.path, name]) if node.path else name
            node = node.children.setdefault(name, Category(name, below, depth))
            node.n += n
    return _flat(root), len(found) > MOST_PATHS


def _flat(node: Category) -> list[Category]:
    """Without recursion: a path may have as many parts as fit into it."""
    flat, waiting = [], list(reversed(node.children.values()))
    while waiting:
        one = waiting.pop()
        flat.append(one)
        waiting.extend(reversed(one.children.values()))
    return flat
