import pytest
from django.http import QueryDict

from stores.catalogue.derived import derive
from stores.catalogue.search_index import index_again
from stores.models import Collection, CollectionProduct, Product, ProductImage, Sku
from stores.selectors.catalogue import (
    catalogue_state,
    drafts_to_review,
    filter_choices,
    place_in_queue,
    with_list_columns,
)
from stores.selectors.filters import ProductFilter
from stores.services.copy import add_draft, approve_copy, publish_copy, reject_copy
from tenants.actor import SYSTEM
from web.paging import Total


def product(handle, **values):
    stored = Product.objects.create(handle=handle, title=handle.title(), **values)
    index_again([stored.pk])
    return stored


def draft(product, source="ai", locale="en", **values):
    return add_draft(
        product=product,
        field="description",
        locale=locale,
        text="<p>Text</p>",
        source=source,
        actor=SYSTEM,
        **values,
    )


def handles(**filters):
    found = ProductFilter(**filters).apply(Product.objects.order_by("handle"))
    return [product.handle for product in found]


@pytest.fixture
def catalogue(in_scope):
    """One product in each state, and some whose texts are in two states."""
    product("bare")
    draft(product("drafted"))
    approve_copy(version=draft(product("approved")), actor=SYSTEM)
    publish_copy(version=draft(product("imported"), source="imported"), actor=SYSTEM)
    publish_copy(version=draft(product("generated")), actor=SYSTEM)
    publish_copy(version=draft(product("german-only"), locale="de"), actor=SYSTEM)
    reject_copy(version=draft(product("rejected")), reason="Dull", actor=SYSTEM)
    renewed = product("renewed")
    publish_copy(version=draft(renewed, source="human"), actor=SYSTEM)
    draft(renewed)


STATES = {
    "none": ["bare", "german-only", "rejected"],
    "draft": ["drafted", "renewed"],
    "approved": ["approved"],
    "human": ["imported"],
    "published": ["generated"],
    "nonsense": [],
}


@pytest.mark.parametrize("state", STATES)
def test_a_product_is_found_by_the_one_state_that_it_shows(catalogue, state):
    assert handles(copy_state=state) == STATES[state]
    shown = Product.objects.order_by("handle")
    assert [p.handle for p in shown if p.copy_state == state] == STATES[state]


def test_the_states_of_the_catalogue_add_up(catalogue, django_assert_num_queries):
    with django_assert_num_queries(1):
        state = catalogue_state()
    assert {name: int(n) for name, n in state._asdict().items()} == {
        "n_products": 8,
        "n_none": 3,
        "n_draft": 2,
        "n_approved": 1,
        "n_human": 1,
        "n_published": 1,
        "n_drafts_to_review": 2,
        "n_texts_to_publish": 1,
    }


def test_products_are_found_by_text_code_and_facet(in_scope):
    mug = product("mug", product_type="Cup", vendor="Fjord", tags=["new", "blue"])
    product("bowl", product_type="Bowl", vendor="Fjord", status="draft")
    Sku.objects.create(product=mug, code="FJ-1", currency="EUR", position=1)
    index_again([mug.pk])
    assert handles(q="MUG") == handles(q="fj-1") == handles(q=mug.public_id) == ["mug"]
    assert handles(tag="blue") == handles(product_type="Cup") == handles(ids=(mug.public_id,))
    assert handles(vendor="Fjord") == ["bowl", "mug"]
    assert handles(status="draft", vendor="Fjord") == ["bowl"]
    assert filter_choices() == (["Bowl", "Cup"], ["Fjord"], [], ["blue", "new"], [])


def test_a_filter_survives_its_address():
    wanted = ProductFilter(q="a & b", copy_state="none", tag="neu/alt", ids=("prd_1", "prd_2"))
    assert ProductFilter.parse(wanted.query()) == wanted
    rest = ProductFilter(
        category="Home > Mugs",
        attribute=("material:oak & pine", "size"),
        price_min="12.50",
        collection="col_1",
        readiness="thin",
    )
    assert ProductFilter.parse(rest.query()) == rest
    assert rest.without("attribute", "size").attribute == ("material:oak & pine",)
    assert ProductFilter.parse("price_min=1,5&price_max=cheap") == ProductFilter(price_min="1.5")
    assert ProductFilter.from_query(QueryDict("page=2&sort=title")).is_empty


def test_a_nul_in_a_search_is_no_fault(in_scope):
    assert list(ProductFilter.from_query(QueryDict("q=%00")).apply(Product.objects.all())) == []


def test_a_list_shows_the_first_image_and_the_span_of_prices(in_scope):
    mug = product("mug")
    for position, price in ((1, 900), (2, 700), (3, None)):
        Sku.objects.create(
            product=mug,
            options=[str(position)],
            price_minor=price,
            currency="EUR",
            position=position,
        )
    ProductImage.objects.create(product=mug, url="https://img.example/2.png", position=2)
    ProductImage.objects.create(product=mug, url="https://img.example/1.png", position=1)
    derive(mug, mug.skus.all())
    row = with_list_columns(Product.objects.all()).get()
    assert (row.image_url, row.n_skus) == ("https://img.example/1.png", 3)
    assert (mug.min_price_minor, mug.max_price_minor, mug.currency) == (700, 900, "EUR")


def test_the_queue_is_walked_in_both_directions(in_scope):
    first, second, third = (draft(product(handle)) for handle in ("a", "b", "c"))
    place = place_in_queue(second, drafts_to_review())
    assert place == (first, third, Total(2), Total(3))
    approve_copy(version=second, actor=SYSTEM)
    assert place_in_queue(second, drafts_to_review()) == (first, third, Total(2), Total(2))


def test_a_queue_may_be_of_one_run_or_of_some_products(in_scope):
    mine = draft(product("a"), provenance={"run": "run_1"})
    other = draft(product("b"), provenance={"run": "run_2"})
    assert list(drafts_to_review(run="run_1")) == [mine]
    assert list(drafts_to_review(products=ProductFilter(q="b"))) == [other]
    assert list(drafts_to_review()) == [mine, other]


def test_another_merchants_products_are_not_found(catalogue, other_merchant):
    from tenants.scope import merchant_scope

    with merchant_scope(other_merchant.pk):
        assert handles() == []
        assert not catalogue_state().n_products


def test_a_category_has_its_sub_categories(in_scope):
    product("a", category="Home")
    product("b", category="Home > Mugs")
    product("c", category="Home & Garden")
    product("d", category="Home >")
    assert handles(category="Home") == ["a", "b"]
    assert handles(category="Home > Mugs") == ["b"]


def test_prices_attributes_and_readiness_narrow_a_list(in_scope):
    oak = {"name": "Material", "value": "Oak", "unit": None, "type": "text"}
    product("cheap", min_price_minor=500, max_price_minor=900, attributes=[oak])
    product("dear", min_price_minor=9000, max_price_minor=12000, readiness="ready")
    product("priceless")
    assert handles(price_min="8") == ["cheap", "dear"]
    assert handles(price_min="9.01") == ["dear"]
    assert handles(price_max="50", price_min="6") == ["cheap"]
    assert handles(attribute=("material:oak",)) == handles(attribute=("Material",)) == ["cheap"]
    assert handles(readiness="ready") == ["dear"]


def test_a_collection_is_a_filter(in_scope):
    first, second = product("a", vendor="Fjord"), product("b")
    chosen = Collection.objects.create(name="Chosen", handle="chosen")
    CollectionProduct.objects.create(collection=chosen, product=second)
    ruled = Collection.objects.create(name="Fjord", handle="fjord", rule="vendor=Fjord")
    assert handles(collection=chosen.public_id) == [second.handle]
    assert handles(collection=ruled.public_id) == [first.handle]
    assert handles(collection="col_unknown") == []
    ruled.rule = f"collection={ruled.public_id}&vendor=Fjord"
    ruled.save()
    assert handles(collection=ruled.public_id) == [first.handle]


def test_choices_are_found_by_steps_through_an_index(in_scope):
    for n in range(12):
        product(f"p{n}", vendor=f"v{n % 4}", product_type="" if n % 2 else "Cup")
    assert filter_choices(limit=3)[:2] == (["Cup"], ["v0", "v1", "v2"])
