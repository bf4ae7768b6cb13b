"""Bulk edits from the preview to the undo: nothing twice, nothing over somebody else's change."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stores import tasks
from stores.importers.base import ParsedSku
from stores.models import BulkEdit, Product, ProductRevision, Sku
from stores.selectors.filters import ProductFilter
from stores.services import bulk_edit_work, lease
from stores.services.bulk_edit_work import apply, prepare, stalled_bulk_edits, undo
from stores.services.bulk_edits import (
    cancel_bulk_edit,
    confirm_bulk_edit,
    start_bulk_edit,
    undo_bulk_edit,
)
from stores.services.products import create_product, delete_product, update_product
from tenants.actor import Actor
from tenants.errors import DomainError
from tenants.models import AuditEntry
from tests.conftest import acting_as

ACTOR = Actor("user", "ann@example.org")
DRAFT = {"do": "set", "field": "status", "value": "draft"}
CHEAPER = {"do": "adjust", "field": "price", "unit": "percent", "value": "-10"}


class Died(Exception):
    """Stands for a worker that is killed."""


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    monkeypatch.setattr(bulk_edit_work, "CHUNK_PRODUCTS", 3)


@pytest.fixture
def catalogue(in_scope):
    """Ten products, two of them drafts."""
    return [
        create_product(
            title=f"Mug {n}",
            status="draft" if n < 2 else "active",
            tags=["tea"],
            option_names=["Size"],
            skus=[ParsedSku(("S",), price_minor=1000), ParsedSku(("L",), price_minor=2000)],
            actor=ACTOR,
        )
        for n in range(10)
    ]


def previewed(*changes, products=ProductFilter()):  # noqa: B008 (it is frozen)
    started = start_bulk_edit(products=products, changes=changes, actor=ACTOR)
    prepare(started.pk)
    started.refresh_from_db()
    return started


def applied(*changes, **kwargs):
    found = confirm_bulk_edit(bulk_edit=previewed(*changes, **kwargs), actor=ACTOR)
    apply(found.pk)
    found.refresh_from_db()
    return found


def taken_back(found):
    undo(undo_bulk_edit(bulk_edit=found, actor=ACTOR).pk)
    found.refresh_from_db()
    return found


def statuses():
    return list(Product.objects.order_by("pk").values_list("status", flat=True))


def prices():
    return set(Sku.objects.values_list("price_minor", flat=True))


def let_the_lease_run_out():
    past = timezone.now() - timedelta(seconds=lease.LEASE_SECONDS + 1)
    BulkEdit.objects.filter(heartbeat_at__isnull=False).update(heartbeat_at=past)


def test_a_preview_changes_nothing_and_shows_what_would_change(catalogue):
    found = previewed(DRAFT)
    assert (found.state, found.n_products, found.n_changing, found.n_invalid) == (
        "previewed", 10, 8, 0,
    )  # fmt: skip
    item = found.items.order_by("pk").first()
    assert (item.product, item.before, item.after) == (
        catalogue[2],
        {"status": "active"},
        {"status": "draft"},
    )
    assert statuses().count("draft") == 2


def test_only_chosen_products_are_looked_at(catalogue):
    ids = tuple(one.public_id for one in catalogue[3:5])
    assert previewed(DRAFT, products=ProductFilter(ids=ids)).n_products == 2
    assert previewed(DRAFT, products=ProductFilter(status="draft")).n_changing == 0
    assert previewed(DRAFT, products=ProductFilter(q="mug 7")).n_products == 1


def test_a_confirmed_edit_is_applied_with_all_that_hangs_on_it(catalogue):
    found = applied(CHEAPER, {"do": "add", "field": "tags", "value": "sale"})
    assert (found.state, found.n_applied, found.n_skipped) == ("applied", 10, 0)
    one = Product.objects.order_by("pk").first()
    assert (one.tags, one.min_price_minor, one.max_price_minor) == (["tea", "sale"], 900, 1800)
    assert prices() == {900, 1800}
    revision = ProductRevision.objects.filter(product=one).get()
    assert (revision.kind, revision.origin, revision.changes) == (
        "bulk_edit",
        found.public_id,
        [
            {"field": "tags", "old": "tea", "new": "tea, sale"},
            {"field": "price_minor", "old": "10.00", "new": "9.00", "sku": "S"},
            {"field": "price_minor", "old": "20.00", "new": "18.00", "sku": "L"},
        ],
    )
    actions = AuditEntry.objects.filter(target=found.public_id).order_by("pk")
    assert [a.action for a in actions] == [
        "bulk_edit.started",
        "bulk_edit.confirmed",
        "bulk_edit.applied",
    ]


def test_an_undo_brings_back_what_was(catalogue):
    before = list(Product.objects.order_by("pk").values("tags", "status", "attributes"))
    found = applied(
        CHEAPER,
        DRAFT,
        {"do": "clear", "field": "tags"},
        {"do": "set", "field": "attribute", "name": "Material", "value": "oak"},
    )
    assert taken_back(found).state == "undone"
    assert list(Product.objects.order_by("pk").values("tags", "status", "attributes")) == before
    assert prices() == {1000, 2000}
    assert (found.n_undone, ProductRevision.objects.filter(kind="undo").count()) == (10, 10)
    with pytest.raises(DomainError, match="nothing to take back"):
        undo_bulk_edit(bulk_edit=found, actor=ACTOR)


def test_a_product_that_changed_since_the_preview_is_left_alone(catalogue):
    found = previewed(DRAFT)
    update_product(product=catalogue[4], actor=ACTOR, status="archived")
    update_product(product=catalogue[5], actor=ACTOR, vendor="H")
    delete_product(product=catalogue[6], actor=ACTOR)
    apply(confirm_bulk_edit(bulk_edit=found, actor=ACTOR).pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, found.n_skipped) == ("applied", 6, 1)
    assert found.items.get(state="skipped").product == catalogue[4]
    assert Product.objects.get(pk=catalogue[4].pk).status == "archived"
    assert Product.objects.get(pk=catalogue[5].pk).vendor == "H"


def test_an_undo_leaves_what_somebody_has_changed_since(catalogue):
    found = applied(DRAFT)
    update_product(product=catalogue[4], actor=ACTOR, status="archived")
    taken_back(found)
    assert (found.n_applied, found.n_undone) == (8, 7)
    left = found.items.get(state="applied")
    assert (left.product, left.problem) == (catalogue[4], "changed_since")
    assert statuses() == ["draft"] * 2 + ["active"] * 2 + ["archived"] + ["active"] * 5


def test_a_product_that_cannot_take_the_change_is_named(catalogue):
    update_product(product=catalogue[0], actor=ACTOR, title="x" * 254)
    found = previewed({"do": "add", "field": "title", "value": "!!"})
    assert (found.n_changing, found.n_invalid) == (9, 1)
    item = found.items.get(state="invalid")
    assert (item.product, item.problem) == (catalogue[0], "text_too_long")
    apply(confirm_bulk_edit(bulk_edit=found, actor=ACTOR).pk)
    assert Product.objects.filter(title__endswith="!!").count() == 9


def test_a_preview_without_a_change_cannot_be_confirmed_and_nothing_is_confirmed_twice(catalogue):
    nothing = previewed({"do": "replace", "field": "title", "find": "Pot", "value": "Mug"})
    once = previewed(DRAFT)
    confirm_bulk_edit(bulk_edit=once, actor=ACTOR)
    for found in (nothing, once):
        with pytest.raises(DomainError) as caught:
            confirm_bulk_edit(bulk_edit=found, actor=ACTOR)
        assert caught.value.code == "bulk_edit_not_previewed"


@pytest.fixture
def dies_after(monkeypatch):
    """A function: so many chunks are written, then the worker dies before the next one commits."""

    def arrange(name, n_calls):
        original = getattr(bulk_edit_work, name)
        calls = iter(range(n_calls))

        def deadly(*args, **kwargs):
            result = original(*args, **kwargs)
            if next(calls, None) is None:
                raise Died
            return result

        monkeypatch.setattr(bulk_edit_work, name, deadly)
        return lambda: monkeypatch.setattr(bulk_edit_work, name, original)

    return arrange


def test_a_worker_that_dies_while_applying_is_resumed_without_double_effects(catalogue, dies_after):
    found = confirm_bulk_edit(bulk_edit=previewed(CHEAPER), actor=ACTOR)
    revive = dies_after("_write", 2)
    with pytest.raises(Died):
        apply(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied) == ("applying", 6)
    assert Sku.objects.filter(price_minor=900).count() == 6
    revive()
    apply(found.pk)
    assert Sku.objects.filter(price_minor=900).count() == 6
    let_the_lease_run_out()
    apply(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, prices()) == ("applied", 10, {900, 1800})
    revive = dies_after("_write", 1)
    with pytest.raises(Died):
        undo(undo_bulk_edit(bulk_edit=found, actor=ACTOR).pk)
    revive()
    let_the_lease_run_out()
    undo(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_undone, prices()) == ("undone", 10, {1000, 2000})
    assert ProductRevision.objects.count() == 20


def test_a_worker_that_dies_while_working_it_out_is_resumed_from_the_start(catalogue, dies_after):
    started = start_bulk_edit(products=ProductFilter(), changes=[CHEAPER], actor=ACTOR)
    revive = dies_after("with_rows", 2)
    with pytest.raises(Died):
        prepare(started.pk)
    assert started.items.count() == 6
    revive()
    let_the_lease_run_out()
    prepare(started.pk)
    started.refresh_from_db()
    assert (started.n_products, started.n_changing, started.items.count()) == (10, 10, 10)


def test_an_edit_that_kills_every_worker_is_given_up(catalogue, dies_after):
    found = confirm_bulk_edit(bulk_edit=previewed(CHEAPER), actor=ACTOR)
    dies_after("_write", 0)
    for _ in range(lease.MAX_ATTEMPTS):
        with pytest.raises(Died):
            apply(found.pk)
        let_the_lease_run_out()
    apply(found.pk)
    found.refresh_from_db()
    assert (found.state, found.error_code, prices()) == ("failed", "worker_died", {1000, 2000})


def test_a_cancelled_edit_stops_at_the_next_chunk_and_can_be_taken_back(catalogue, monkeypatch):
    found = confirm_bulk_edit(bulk_edit=previewed(CHEAPER), actor=ACTOR)
    original = bulk_edit_work._mark

    def cancelling(items, **values):
        original(items, **values)
        if values.get("state") == "applied" and not Sku.objects.filter(price_minor=1).exists():
            BulkEdit.objects.filter(pk=found.pk).update(state="cancelled")

    monkeypatch.setattr(bulk_edit_work, "_mark", cancelling)
    apply(found.pk)
    monkeypatch.setattr(bulk_edit_work, "_mark", original)
    found.refresh_from_db()
    assert (found.state, found.n_applied) == ("cancelled", 3)
    taken_back(found)
    assert (found.n_undone, prices()) == (3, {1000, 2000})


def test_an_edit_that_is_over_cannot_be_cancelled(catalogue):
    found = cancel_bulk_edit(bulk_edit=previewed(DRAFT), actor=ACTOR)
    assert found.state == "cancelled"
    with pytest.raises(DomainError) as caught:
        cancel_bulk_edit(bulk_edit=found, actor=ACTOR)
    assert caught.value.code == "bulk_edit_is_over"


def test_a_change_of_language_moves_the_state_of_the_text(in_scope):
    create_product(title="Mug", description="<p>Good.</p>", locale="en", actor=ACTOR)
    found = applied({"do": "set", "field": "locale", "value": "de"})
    assert Product.objects.values_list("locale", "copy_state").get() == ("de", "none")
    taken_back(found)
    assert Product.objects.values_list("locale", "copy_state").get() == ("en", "human")


def test_statements_do_not_grow_with_the_products_of_a_chunk(catalogue, monkeypatch):
    found = confirm_bulk_edit(bulk_edit=previewed(CHEAPER), actor=ACTOR)
    monkeypatch.setattr(bulk_edit_work, "CHUNK_PRODUCTS", 500)
    with CaptureQueriesContext(connection) as queries:
        apply(found.pk)
    assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) <= 25


def test_beat_finds_what_workers_and_the_broker_have_lost(catalogue, merchant, monkeypatch):
    lost = start_bulk_edit(products=ProductFilter(), changes=[DRAFT], actor=ACTOR)
    start_bulk_edit(products=ProductFilter(), changes=[DRAFT], actor=ACTOR)
    dead = confirm_bulk_edit(bulk_edit=previewed(DRAFT), actor=ACTOR)
    past = timezone.now() - timedelta(seconds=lease.LEASE_SECONDS + 1)
    BulkEdit.objects.filter(pk=lost.pk).update(created_at=past)
    BulkEdit.objects.filter(pk=dead.pk).update(heartbeat_at=past)
    sent = []
    monkeypatch.setattr(
        tasks.current_app, "send_task", lambda name, kwargs: sent.append((name, kwargs))
    )
    with acting_as("worker"):
        tasks.resume_bulk_edits()
    assert sorted(sent, key=str) == [
        ("stores.apply_bulk_edit", {"merchant_id": merchant.pk, "bulk_edit_id": dead.pk}),
        ("stores.prepare_bulk_edit", {"merchant_id": merchant.pk, "bulk_edit_id": lost.pk}),
    ]


def test_the_web_process_cannot_look_for_edits_of_all_merchants(db):
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        stalled_bulk_edits()
