import re

import pytest

from stores.catalogue.known import known_product
from stores.catalogue.merge import merge
from stores.catalogue.write import Origin, write_products
from stores.importers.base import Layout, ParsedImage, ParsedProduct, ParsedSku
from stores.models import CopyVersion, Product
from stores.services.products import create_product, delete_product, update_product
from tenants.actor import Actor
from tenants.errors import DomainError
from tenants.models import AuditEntry
from tests.stores.files import OPTIONS, bring

ACTOR = Actor("user", "ann@example.org")


def make(**values):
    return create_product(**{"title": "Blue Mug", "actor": ACTOR, **values})


def test_a_product_gets_a_handle_a_sku_and_the_merchants_language(in_scope):
    mug = make()
    assert (mug.handle, mug.locale, mug.status) == ("blue-mug", in_scope.locale, "active")
    assert list(mug.skus.values_list("options", "currency", "position")) == [([], "EUR", 1)]
    assert CopyVersion.objects.count() == 0


def test_handles_made_of_titles_are_unique_in_every_script(in_scope):
    assert [make().handle, make().handle, make(title="青釉").handle, make(title="!").handle] == [
        "blue-mug",
        "blue-mug-2",
        "青釉",
        "product",
    ]


def test_a_title_that_many_have_gets_a_handle_without_reading_all_of_theirs(in_scope):
    handles = ["mug", *(f"mug-{n}" for n in range(2, 31))]
    Product.objects.bulk_create(Product(handle=handle, title="Mug") for handle in handles)
    assert make(title="Mug").handle == "mug-31"
    more = (f"mug-{n}" for n in range(32, 101))
    Product.objects.bulk_create(Product(handle=handle, title="Mug") for handle in more)
    assert re.fullmatch("mug-[0-9a-f]{8}", make(title="Mug").handle)


def test_a_given_handle_must_be_free(in_scope):
    make(handle="mug")
    with pytest.raises(DomainError) as caught:
        make(handle="mug")
    assert (caught.value.code, Product.objects.count()) == ("handle_taken", 1)


def test_a_description_by_a_person_is_published_and_sanitised(in_scope):
    make(description="<p>Good.</p><script>x</script>")
    version = CopyVersion.objects.get()
    assert (version.text, version.source, version.state) == ("<p>Good.</p>", "human", "published")
    assert version.provenance == {}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": "  "}, "title_missing"),
        ({"option_names": ["Size"], "skus": [ParsedSku(())]}, "sku_options_missing"),
        ({"skus": [ParsedSku(("S",))]}, "sku_options_missing"),
        (
            {"option_names": ["Size"], "skus": [ParsedSku(("S",)), ParsedSku(("S",))]},
            "sku_options_repeated",
        ),
    ],
)
def test_a_product_that_makes_no_sense_is_refused(in_scope, values, code):
    with pytest.raises(DomainError) as caught:
        make(**values)
    assert (caught.value.code, Product.objects.count()) == (code, 0)


def test_an_image_of_a_sku_is_an_image_of_the_product(in_scope):
    mug = make(
        images=[ParsedImage("https://e.org/1.jpg", "Front", 1)],
        option_names=["Size"],
        skus=[ParsedSku(("S",), image_url="https://e.org/2.jpg")],
    )
    assert [image.url for image in mug.images.all()] == [
        "https://e.org/1.jpg",
        "https://e.org/2.jpg",
    ]
    assert mug.skus.get().image.url == "https://e.org/2.jpg"


def test_only_what_is_named_changes(in_scope):
    mug = make(vendor="H", tags=["tea"], attributes=[{"name": "Material", "value": "oak"}])
    changed = update_product(product=mug, actor=ACTOR, title="Mug", tags=["a, b", "a"])
    assert (changed.title, changed.vendor, changed.tags) == ("Mug", "H", ["a", "b"])
    assert changed.attributes[0]["value"] == "oak"
    assert AuditEntry.objects.filter(action="product.updated").get().details == {
        "fields": ["tags", "title"]
    }


def test_skus_are_known_again_by_their_options(in_scope):
    mug = make(option_names=["Size"], skus=[ParsedSku(("S",), code="1"), ParsedSku(("M",))])
    small = mug.skus.get(code="1")
    update_product(
        product=mug, actor=ACTOR, skus=[ParsedSku(("L",)), ParsedSku(("S",), code="one")]
    )
    assert list(mug.skus.values_list("options", "code")) == [(["L"], ""), (["S"], "one")]
    assert mug.skus.get(code="one").public_id == small.public_id


def test_a_product_with_options_keeps_one_sku_at_least(in_scope):
    mug = make(option_names=["Size"], skus=[ParsedSku(("S",), price_minor=100)])
    with pytest.raises(DomainError) as caught:
        update_product(product=mug, actor=ACTOR, skus=[])
    assert (caught.value.code, caught.value.status) == ("last_sku", 422)
    assert mug.skus.get().options == ["S"]


def test_skus_that_are_gone_price_nothing(in_scope):
    mug = make(option_names=["Size"], skus=[ParsedSku(("S",), price_minor=100)])
    nothing = ParsedProduct(handle=mug.handle, first_row=0)
    layout = Layout((), frozenset(["skus", "sku.options"]))
    write_products([merge(nothing, known_product(mug), layout, OPTIONS)], Origin("human"))
    mug.refresh_from_db()
    assert (mug.skus.count(), mug.min_price_minor, mug.max_price_minor) == (0, None, None)


def test_an_option_is_renamed_without_touching_the_skus(in_scope):
    mug = make(option_names=["Size"], skus=[ParsedSku(("S",))])
    assert update_product(product=mug, actor=ACTOR, option_names=["Grösse"]).option_names == [
        "Grösse"
    ]
    with pytest.raises(DomainError) as caught:
        update_product(product=mug, actor=ACTOR, option_names=["A", "B"])
    assert caught.value.code == "sku_options_missing"


def test_a_handle_moves_only_to_a_free_one(in_scope):
    mug = make(handle="mug")
    make(handle="pot")
    assert update_product(product=mug, actor=ACTOR, handle="cup").handle == "cup"
    with pytest.raises(DomainError) as caught:
        update_product(product=mug, actor=ACTOR, handle="pot")
    assert caught.value.code == "handle_taken"
    assert set(Product.objects.values_list("handle", flat=True)) == {"cup", "pot"}


def test_an_attribute_says_who_changed_it_and_keeps_its_column(in_scope):
    column = "Material (product.metafields.custom.material)"
    bring(f"Handle,Title,{column}\nmug,Mug,oak\n", file_name="a.csv")
    mug = Product.objects.get()
    same = update_product(
        product=mug, actor=ACTOR, attributes=[{"name": "Material", "value": "oak"}]
    )
    assert same.attributes[0]["origin"] == {"file": "a.csv", "row": 2, "column": column}
    other = update_product(
        product=mug, actor=ACTOR, attributes=[{"name": "Material", "value": "ash"}]
    )
    assert other.attributes[0]["origin"] == {"by": "ann@example.org", "column": column}


def test_a_field_that_does_not_exist_is_a_mistake_of_the_caller(in_scope):
    with pytest.raises(TypeError, match="colour"):
        update_product(product=make(), actor=ACTOR, colour="red")


def test_a_deleted_product_is_gone_and_remembered_in_the_log(in_scope):
    mug = make(description="<p>x</p>")
    public_id = mug.public_id
    delete_product(product=mug, actor=ACTOR)
    assert (Product.objects.count(), CopyVersion.objects.count()) == (0, 0)
    entry = AuditEntry.objects.get(action="product.deleted")
    assert (entry.target, entry.details) == (public_id, {"handle": "blue-mug"})


def test_a_sku_that_is_renamed_stays_who_it_is(in_scope):
    mug = make(
        option_names=["Size"], skus=[ParsedSku(("S",), code="1"), ParsedSku(("M",), code="2")]
    )
    small, middle = mug.skus.all()
    update_product(
        product=mug,
        actor=ACTOR,
        kept_skus={small.public_id: ["M"], middle.public_id: ["S"]},
        skus=[ParsedSku(("M",), code="1"), ParsedSku(("S",), code="two")],
    )
    assert list(mug.skus.values_list("pk", "options", "code")) == [
        (small.pk, ["M"], "1"),
        (middle.pk, ["S"], "two"),
    ]
    assert [(c["field"], c["old"], c["new"]) for c in mug.revisions.get().changes] == [
        ("code", "2", "two"),
        ("sku_options", "S", "M"),
        ("sku_options", "M", "S"),
    ]


def test_another_option_is_added_to_skus_that_stay(in_scope):
    mug = make(option_names=["Size"], skus=[ParsedSku(("S",), code="1")])
    small = mug.skus.get()
    update_product(
        product=mug,
        actor=ACTOR,
        option_names=["Size", "Colour"],
        kept_skus={small.public_id: ["S", "Red"]},
        skus=[ParsedSku(("S", "Red"), code="1"), ParsedSku(("S", "Blue"))],
    )
    mug.refresh_from_db()
    assert mug.option_names == ["Size", "Colour"]
    assert [sku.pk == small.pk for sku in mug.skus.all()] == [True, False]


def test_a_sku_may_take_the_options_of_one_that_goes(in_scope):
    mug = make(option_names=["Size"], skus=[ParsedSku(("S",)), ParsedSku(("M",))])
    small = mug.skus.first()
    update_product(
        product=mug, actor=ACTOR, kept_skus={small.public_id: ["M"]}, skus=[ParsedSku(("M",))]
    )
    assert mug.skus.values_list("pk", "options").get() == (small.pk, ["M"])
    assert [(c["field"], c["old"], c["new"]) for c in mug.revisions.get().changes] == [
        ("sku", "M", ""),
        ("sku_options", "S", "M"),
    ]


def test_a_product_stays_in_the_currency_of_its_prices(in_scope):
    mug = make(skus=[ParsedSku((), price_minor=100)])
    in_scope.currency = "CNY"
    in_scope.save()
    update_product(product=mug, actor=ACTOR, skus=[ParsedSku((), price_minor=200)])
    assert mug.skus.values_list("currency", "price_minor").get() == ("EUR", 200)


def test_a_change_that_changes_nothing_leaves_no_trace_in_the_product(in_scope):
    mug = make(vendor="H", attributes=[{"name": "Material", "value": "oak"}])
    before = Product.objects.values().get()
    same = {"vendor": "H", "attributes": [{"name": "Material", "value": "oak"}]}
    update_product(product=mug, actor=ACTOR, **same, skus=[ParsedSku(())], images=[])
    assert Product.objects.values().get() == before
    assert mug.revisions.count() == 0
