"""Saved views and collections: made, changed and deleted."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from stores.models import Collection, CollectionProduct, SavedView
from stores.selectors.filters import ProductFilter
from stores.selectors.organising import MOST_VIEWS
from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError
from tenants.scope import require_merchant_id

MAX_TRIES = 100


def save_view(*, name: str, query: str, actor: Actor) -> SavedView:
    """Keep a filter with its sorting under a name; a view of that name is replaced.

    Raises DomainError name_missing, too_many_views.
    """
    name = _checked_name(name)
    if SavedView.objects.exclude(name=name).count() >= MOST_VIEWS:
        message = _("There are %(n)s saved views already. Delete one first.") % {"n": MOST_VIEWS}
        raise DomainError("too_many_views", message, status=422)
    view: SavedView = SavedView.objects.update_or_create(
        merchant_id=require_merchant_id(),
        name=name,
        defaults={"query": query, "created_by_id": actor.user_id},
    )[0]
    record("view.saved", actor=actor, target=view.public_id)
    return view


def change_view(
    *, view: SavedView, actor: Actor, name: str = "", query: str | None = None
) -> SavedView:
    """Rename a saved view, or give it another filter. Raises DomainError view_name_taken."""
    wanted = _checked_name(name) if name else view.name
    if SavedView.objects.filter(name=wanted).exclude(pk=view.pk).exists():
        raise DomainError("view_name_taken", _("Another saved view has this name."))
    view.name, view.query = wanted, view.query if query is None else query
    view.save(update_fields=["name", "query"])
    record("view.saved", actor=actor, target=view.public_id)
    return view


def delete_view(*, view: SavedView, actor: Actor) -> None:
    """Forget a saved view; products stay as they are."""
    record("view.deleted", actor=actor, target=view.public_id)
    view.delete()


def create_collection(
    *, name: str, actor: Actor, description: str = "", rule: str = "", handle: str = ""
) -> Collection:
    """A new collection. rule: a filter as ProductFilter.query; "" for one that people fill.

    Raises DomainError name_missing, rule_empty, handle_taken.
    """
    collection = Collection(
        name=_checked_name(name),
        handle=handle or _free_handle(name),
        description=description,
        rule=_checked_rule(rule),
        created_by_id=actor.user_id,
    )
    try:
        with transaction.atomic():
            collection.save()
    except IntegrityError as error:
        message = _("Another collection has this handle.")
        raise DomainError("handle_taken", message, status=409) from error
    record("collection.created", actor=actor, target=collection.public_id)
    return collection


def update_collection(*, collection: Collection, actor: Actor, **values: str) -> Collection:
    """Change name, description or rule. Whether a rule decides who belongs cannot be changed.

    Raises DomainError name_missing, rule_empty.
    """
    if "name" in values:
        values["name"] = _checked_name(values["name"])
    if "rule" in values and collection.rule:
        values["rule"] = _checked_rule(values["rule"])
        if not values["rule"]:
            raise DomainError("rule_empty", _("Choose at least one filter."), status=422)
    else:
        values.pop("rule", None)
    for name, value in values.items():
        setattr(collection, name, value)
    collection.save(update_fields=[*values, "updated_at"])
    record("collection.changed", actor=actor, target=collection.public_id)
    return collection


def delete_collection(*, collection: Collection, actor: Actor) -> None:
    """Forget a collection; its products stay in the catalogue."""
    record("collection.deleted", actor=actor, target=collection.public_id)
    collection.delete()


def put_in(*, collection: Collection, products: Any, actor: Actor) -> int:
    """Put products into a collection by one statement; returns how many were not in it.

    products: a queryset, never fetched here. Raises DomainError collection_has_rule.
    """
    if collection.rule:
        message = _("A rule decides what is in this collection.")
        raise DomainError("collection_has_rule", message, status=422)
    try:
        n = _insert(collection, products)
    except EmptyResultSet:  # such as the products of a collection that is gone
        n = 0
    _touch(collection)
    record("collection.filled", actor=actor, target=collection.public_id, n_products=n)
    return n


def take_out(*, collection: Collection, products: Any, actor: Actor) -> int:
    """Take products out of a collection; returns how many were in it."""
    members = CollectionProduct.objects.filter(
        collection=collection, product__in=products.order_by().values("pk")
    )
    n: int = members.delete()[0]
    _touch(collection)
    record("collection.emptied", actor=actor, target=collection.public_id, n_products=n)
    return n


def _insert(collection: Collection, products: Any) -> int:
    chosen, params = products.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stores_collectionproduct (merchant_id, collection_id, product_id)"  # noqa: S608 (from Django)
            f" SELECT %s, %s, chosen.id FROM ({chosen}) AS chosen (id) ON CONFLICT DO NOTHING",
            [require_merchant_id(), collection.pk, *params],
        )
        return int(cursor.rowcount)


def _touch(collection: Collection) -> None:
    Collection.objects.filter(pk=collection.pk).update(updated_at=timezone.now())


def _checked_name(name: str) -> str:
    name = " ".join(name.split())[:120]
    if not name:
        raise DomainError("name_missing", _("Give it a name."), status=422)
    return name


def _checked_rule(rule: str) -> str:
    return replace(ProductFilter.parse(rule), collection="", ids=()).query()


def _free_handle(name: str) -> str:
    stem = slugify(name, allow_unicode=True)[:200] or "collection"
    tries = [stem, *(f"{stem}-{n}" for n in range(2, MAX_TRIES))]
    taken = set(Collection.objects.filter(handle__in=tries).values_list("handle", flat=True))
    return next((handle for handle in tries if handle not in taken), f"{stem}-{len(taken) + 2}")
