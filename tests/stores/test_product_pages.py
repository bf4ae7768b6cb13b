import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores.catalogue.search_index import index_again
from stores.models import CopyVersion, Product, ProductImage, Sku
from stores.services.copy import add_draft, approve_copy, publish_copy
from tenants.actor import SYSTEM


@pytest.fixture
def shop(in_scope, merchant):
    return f"/m/{merchant.public_id}/products/"


def product(handle, **values):
    prices = {"min_price_minor": 100, "max_price_minor": 100, "currency": "EUR"}
    made = Product.objects.create(handle=handle, title=handle.title(), **prices, **values)
    Sku.objects.create(product=made, code=handle, price_minor=100, currency="EUR", position=1)
    ProductImage.objects.create(product=made, url="https://img.example/1.png", position=1)
    index_again([made.pk])
    return made


def draft(product, text="<p>A mug.</p>", source="ai"):
    return add_draft(
        product=product,
        field="description",
        locale="en",
        text=text,
        source=source,
        actor=SYSTEM,
        provenance={"model": {"id": "Pebble"}, "file": "shop.csv", "row": 7},
    )


def n_queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def states():
    return list(CopyVersion.objects.order_by("pk").values_list("state", flat=True))


def test_the_list_shows_products_with_the_state_of_their_text(shop, viewer, signed_in):
    publish_copy(version=draft(product("mug")), actor=SYSTEM)
    product("bowl")
    page = signed_in(viewer).get(shop).content.decode()
    assert page.index("Bowl") < page.index("Mug")
    assert "Published from AI</span>" in page
    assert "1.00\N{NO-BREAK SPACE}EUR" in page
    assert "data-select-row" not in page


def test_the_list_costs_the_same_queries_for_one_product_and_for_many(shop, owner, signed_in):
    client = signed_in(owner)
    draft(product("mug"))
    n_before = n_queries(client, shop)
    for number in range(30):
        publish_copy(version=draft(product(f"bowl-{number}")), actor=SYSTEM)
    # One more: a list that goes on behind its first page is counted.
    assert n_queries(client, shop) == n_before + 1


def test_the_list_is_filtered_sorted_and_sent_as_a_fragment(shop, owner, signed_in):
    product("mug", product_type="Cup")
    product("bowl", product_type="Bowl")
    client, htmx = signed_in(owner), {"HX-Request": "true"}
    page = client.get(f"{shop}?sort=-title&status=active", headers=htmx).content.decode()
    assert page.strip().startswith("<form")
    assert page.index("Mug") < page.index("Bowl")
    assert "Mug" not in client.get(f"{shop}?q=bow", headers=htmx).content.decode()


def test_an_empty_shop_and_an_empty_search_say_what_to_do(shop, owner, signed_in):
    client = signed_in(owner)
    assert "No products yet" in client.get(shop).content.decode()
    product("mug")
    assert "No product matches" in client.get(f"{shop}?q=zebra").content.decode()


def test_ticked_rows_go_on_as_ids_and_all_that_match_as_the_filter(shop, editor, signed_in):
    client, mug = signed_in(editor), product("mug")
    ticked = client.post(f"{shop}selected/?q=m", {"do": "generate", "selected": mug.public_id})
    assert ticked.url.endswith(f"/runs/new/?ids={mug.public_id}")
    everything = client.post(
        f"{shop}selected/?q=m&copy_state=none", {"do": "generate", "all_matching": "1"}
    )
    assert everything.url.endswith("/runs/new/?q=m&copy_state=none")


def test_nothing_ticked_leads_back_with_a_word(shop, editor, signed_in):
    answer = signed_in(editor).post(f"{shop}selected/?q=m", {"do": "generate"}, follow=True)
    assert answer.request["QUERY_STRING"] == "q=m"
    assert "Tick some products first." in answer.content.decode()


def test_approved_texts_of_the_ticked_products_are_published(shop, editor, signed_in):
    mug, bowl = product("mug"), product("bowl")
    for each in (mug, bowl):
        approve_copy(version=draft(each), actor=SYSTEM)
    signed_in(editor).post(f"{shop}selected/", {"do": "publish", "selected": mug.public_id})
    assert states() == ["published", "approved"]


@pytest.mark.parametrize("role", ["viewer", "agent"])
def test_readers_change_nothing(shop, role, signed_in, request):
    version = draft(product("mug"))
    mug = version.slot.product
    client = signed_in(request.getfixturevalue(role))
    paths = ("selected/", f"{mug.public_id}/edit/", f"{mug.public_id}/texts/")
    approve = f"{mug.public_id}/texts/{version.public_id}/approve/"
    assert [client.post(shop + path).status_code for path in (*paths, approve)] == [403] * 4
    assert states() == ["draft"]


def test_the_product_page_shows_texts_attributes_and_their_origin(shop, viewer, signed_in):
    origin = {"file": "shop.csv", "row": 7, "column": "Material"}
    mug = product(
        "mug",
        attributes=[{"name": "Material", "value": "oak", "type": "text", "origin": origin}],
        option_names=["Colour"],
    )
    publish_copy(version=draft(mug, "<p>In the <b>shop</b></p>"), actor=SYSTEM)
    draft(mug, "<p>Still waiting</p>")
    page = signed_in(viewer).get(f"{shop}{mug.public_id}/").content.decode()
    assert "<p>In the <b>shop</b></p>" in page
    assert "Still waiting" in page
    assert "shop.csv, row 7, Material" in page


def test_the_product_page_costs_the_same_queries_with_more_of_everything(shop, owner, signed_in):
    client, mug = signed_in(owner), product("mug")
    draft(mug)
    address = f"{shop}{mug.public_id}/"
    n_before = n_queries(client, address)
    for number in range(5):
        publish_copy(version=draft(mug), actor=SYSTEM)
        Sku.objects.create(product=mug, options=[f"{number}"], currency="EUR", position=number)
        ProductImage.objects.create(product=mug, url=f"https://x.example/{number}", position=1)
    assert n_queries(client, address) == n_before


@pytest.mark.parametrize("page", ["", "edit/", "texts/"])
def test_another_merchants_product_does_not_exist(shop, outsider, other_merchant, signed_in, page):
    mug = product("mug")
    address = f"/m/{other_merchant.public_id}/products/{mug.public_id}/{page}"
    assert signed_in(outsider).get(address).status_code == 404


def test_hostile_product_data_is_shown_as_text(shop, owner, signed_in):
    bad = "<script>alert(1)</script>"
    mug = product(
        "mug",
        vendor=bad,
        product_type=bad,
        tags=[bad],
        option_names=[bad],
        attributes=[{"name": bad, "value": bad, "origin": {"file": bad}}],
    )
    mug.title = bad
    mug.save()
    Sku.objects.create(product=mug, code=bad, options=[bad], currency="EUR", position=2)
    ProductImage.objects.create(product=mug, url="javascript:alert(1)", alt_text=bad, position=2)
    draft(mug, f"<p>Fine</p>{bad}")
    client = signed_in(owner)
    pages = (shop, f"{shop}{mug.public_id}/", f"{shop}{mug.public_id}/edit/")
    for content in (client.get(page).content.decode() for page in pages):
        assert "<script>alert" not in content
        assert 'href="javascript:' not in content
        assert 'src="javascript:' not in content
