import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores.catalogue.history import note_changes
from stores.importers.base import ParsedSku
from stores.models import Product, ProductRevision
from stores.services.products import create_product, update_product
from tenants.actor import Actor
from tests.stores.files import bring

ACTOR = Actor("user", "ann@example.org")


def made(**values):
    return create_product(title="Mug", actor=ACTOR, locale="en", **values)


def history():
    return [
        (r.kind, r.actor, [(c["field"], c["old"], c["new"]) for c in r.changes])
        for r in ProductRevision.objects.order_by("pk")
    ]


def test_a_new_product_has_no_history(in_scope):
    made()
    bring("Handle,Title\npot,Pot\n")
    assert history() == []


def test_a_person_and_the_api_leave_what_they_changed(in_scope):
    mug = made(vendor="A")
    update_product(product=mug, actor=ACTOR, vendor="B", title="Mug")
    update_product(product=mug, actor=Actor("api_key", "cdk_1"), tags=["x", "y"])
    assert history() == [
        ("person", "ann@example.org", [("vendor", "A", "B")]),
        ("api", "cdk_1", [("tags", "", "x, y")]),
    ]


def test_whatever_is_changed_by_hand_is_noted(in_scope):
    mug = made(option_names=["Size"], skus=[ParsedSku(("S",), price_minor=1000)])
    update_product(
        product=mug,
        actor=ACTOR,
        handle="cup",
        locale="de",
        attributes=[{"name": "Height", "value": 9, "unit": "cm", "type": "number"}],
        option_names=["Grösse"],
    )
    update_product(product=mug, actor=ACTOR, skus=[ParsedSku(("S",), price_minor=1250)])
    assert [fields for _, _, fields in history()] == [
        [
            ("handle", "mug", "cup"),
            ("locale", "en", "de"),
            ("option_names", "Size", "Grösse"),
            ("attribute", "", "9 cm"),
        ],
        [("price_minor", "10.00", "12.50")],
    ]


def test_an_import_leaves_its_id_and_who_brought_it(in_scope, owner):
    bring("Handle,Title\nmug,Mug\n")
    found = bring("Handle,Title\nmug,Cup\n", actor=Actor("user", owner.email, owner.pk))
    revision = ProductRevision.objects.get()
    assert (revision.kind, revision.origin, revision.actor) == (
        "import",
        found.public_id,
        owner.email,
    )
    assert revision.product == Product.objects.get()


def test_a_change_of_language_brings_the_state_of_the_text_along(in_scope):
    mug = made(description="<p>Good.</p>")
    assert Product.objects.get().copy_state == "human"
    update_product(product=mug, actor=ACTOR, locale="de")
    assert Product.objects.get().copy_state == "none"


@pytest.mark.parametrize("merged", [[], ()])
def test_nothing_to_note_costs_no_query(in_scope, merged):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        note_changes(merged, "person", "ann")
    assert len(queries) == 0
