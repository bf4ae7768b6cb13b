"""Saved views, collections and categories, as people use them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores.catalogue.search_index import index_again
from stores.models import Collection, CollectionProduct, Product, SavedView
from stores.selectors import organising
from tenants.models import AuditEntry


@pytest.fixture
def base(in_scope, merchant):
    return f"/m/{merchant.public_id}/"


def product(handle, **values):
    made = Product.objects.create(handle=handle, **{"title": handle.title(), **values})
    index_again([made.pk])
    return made


def text(answer):
    return answer.content.decode()


def test_a_view_is_saved_shown_and_deleted(base, editor, signed_in):
    product("mug", vendor="Fjord")
    client, address = signed_in(editor), f"{base}products/?vendor=Fjord&sort=-updated_at"
    saved = client.post(address.replace("products/", "products/views/"), {"name": " Fjord  new "})
    assert saved.url == address
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Fjord new", "vendor=Fjord&sort=-updated_at")
    page = text(client.get(address))
    assert f'?{view.query.replace("&", "&amp;")}" aria-current="page">Fjord new</a>' in page
    client.post(f"{base}products/views/?status=draft", {"name": "Fjord new"})
    assert SavedView.objects.get().query == "status=draft"
    client.post(f"{base}products/views/{view.public_id}/delete/")
    assert not SavedView.objects.exists()
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["view.saved", "view.saved", "view.deleted"]


def test_a_view_without_a_name_is_not_saved(base, editor, signed_in):
    answer = signed_in(editor).post(f"{base}products/views/?q=x", {"name": " "}, follow=True)
    assert "Give it a name." in text(answer)
    assert not SavedView.objects.exists()


def test_the_form_of_filters_gives_a_short_address(base, owner, signed_in):
    client = signed_in(owner)
    answer = client.get(
        f"{base}products/?q=&copy_state=&vendor=Fjord&attribute_name=Material&attribute_value=oak"
        "&attribute=size&price_min=1,50&sort=title"
    )
    assert answer.url == (
        f"{base}products/?vendor=Fjord&attribute=size&attribute=Material%3Aoak&price_min=1.50"
    )


def test_filters_are_shown_as_chips_that_take_themselves_away(base, owner, signed_in):
    product("mug", vendor="Fjord", category="Home > Mugs")
    page = text(signed_in(owner).get(f"{base}products/?vendor=Fjord&category=Home&attribute=size"))
    assert "<span>Vendor: Fjord</span>" in page
    assert f'href="{base}products/?category=Home&amp;attribute=size"' in page
    assert "<span>Has size</span>" in page


def test_the_filters_open_as_a_dialog_and_without_script_on_the_page(base, owner, signed_in):
    product("mug", vendor="Fjord", attributes=[{"name": "Size", "value": "L", "unit": None}])
    client = signed_in(owner)
    dialog = text(client.get(f"{base}products/?filters=1", headers={"HX-Request": "true"}))
    assert dialog.strip().startswith("<dialog")
    assert '<option value="Fjord"></option>' in dialog
    assert '<option value="Size"></option>' in dialog
    assert 'name="attribute_value"' in text(client.get(f"{base}products/?filters=1"))


def test_what_was_meant_is_said(base, owner, signed_in):
    product("mug", title="Stoneware mug")
    page = text(signed_in(owner).get(f"{base}products/?q=stonware"))
    assert "Nothing has “stonware”. These have “stoneware”." in page
    assert "Stoneware mug" in page


def test_ticked_products_go_into_a_new_collection_and_out_again(base, editor, signed_in):
    client, mug, bowl = signed_in(editor), product("mug"), product("bowl")
    chosen = client.post(
        f"{base}products/selected/", {"do": "collect", "selected": [mug.public_id, bowl.public_id]}
    )
    assert "Products chosen: 2" in text(client.get(chosen.url))
    assert client.post(chosen.url, {"collection": "", "name": ""}).status_code == 422
    made = client.post(chosen.url, {"collection": "", "name": "Kitchen"})
    collection = Collection.objects.get()
    assert made.url == f"{base}collections/{collection.public_id}/"
    assert CollectionProduct.objects.count() == 2
    client.post(chosen.url, {"collection": collection.public_id, "name": ""})
    assert CollectionProduct.objects.count() == 2
    inside = f"{base}products/selected/?collection={collection.public_id}"
    client.post(inside, {"do": "uncollect", "selected": mug.public_id})
    assert CollectionProduct.objects.get().product == bowl
    page = text(client.get(f"{base}products/?collection={collection.public_id}"))
    assert "Bowl" in page
    assert "Mug" not in page
    assert "<span>Collection: Kitchen</span>" in page


def test_a_collection_by_rule_fills_itself(base, editor, signed_in):
    client = signed_in(editor)
    product("mug", vendor="Fjord")
    made = client.post(f"{base}collections/new/?vendor=Fjord", {"name": "Fjord"})
    collection = Collection.objects.get()
    assert (collection.rule, collection.handle) == ("vendor=Fjord", "fjord")
    assert "<strong>Vendor: Fjord</strong>" in text(client.get(made.url))
    edit = f"{base}collections/{collection.public_id}/edit/"
    client.post(f"{edit}?vendor=Other", {"name": "Others", "description": "All others"})
    collection.refresh_from_db()
    assert (collection.name, collection.rule) == ("Others", "vendor=Other")
    assert "By rule" in text(client.get(f"{base}collections/"))
    client.post(f"{base}collections/{collection.public_id}/delete/")
    assert (Collection.objects.count(), Product.objects.count()) == (0, 1)


def test_nothing_is_put_into_a_collection_with_a_rule(base, editor, signed_in):
    mug = product("mug")
    ruled = Collection.objects.create(name="R", handle="r", rule="vendor=x")
    answer = signed_in(editor).post(
        f"{base}collections/add/?ids={mug.public_id}", {"collection": ruled.public_id, "name": ""}
    )
    assert answer.status_code == 422
    assert not CollectionProduct.objects.exists()


def test_two_collections_may_have_one_name(base, editor, signed_in):
    client = signed_in(editor)
    for _ in range(2):
        client.post(f"{base}collections/new/", {"name": "Neu & 新品"})
    handles = Collection.objects.order_by("pk").values_list("handle", flat=True)
    assert list(handles) == ["neu-新品", "neu-新品-2"]


def test_categories_are_a_tree_with_counts(base, viewer, signed_in):
    for n, category in enumerate(["Home", "Home > Mugs", "Home > Mugs", "Toys > Wood & Co", ""]):
        product(f"p{n}", category=category)
    page = text(signed_in(viewer).get(f"{base}categories/"))
    assert page.index(">Home</a>") < page.index(">Mugs</a>") < page.index(">Toys</a>")
    assert 'data-depth="0">\n              <a class="cell-title" href' in page
    assert f'href="{base}products/?category=Toys%20%3E%20Wood%20%26%20Co"' in page
    assert page.count('<span class="text-muted number">') == 4
    assert '<span class="text-muted number">3</span>' in page


def test_counting_the_products_of_categories_has_a_limit(base, viewer, signed_in, monkeypatch):
    monkeypatch.setattr(organising, "MOST_READ", 4)
    for n, category in enumerate(["Home", "Home > Mugs", "Home > Mugs", "Home > Mugs"]):
        product(f"p{n}", category=category)
    page = text(signed_in(viewer).get(f"{base}categories/"))
    assert '<span class="text-muted number">3+</span>' in page
    assert '<span class="text-muted number">2+</span>' in page


def test_categories_are_found_without_grouping_the_catalogue(in_scope):
    for n, category in enumerate(["Home", "Home > Mugs", ""]):
        product(f"p{n}", category=category)
    with CaptureQueriesContext(connection) as queries:
        categories, is_more = organising.category_tree()
    assert [(c.path, c.n, c.is_least) for c in categories] == [
        ("Home", 2, False),
        ("Home > Mugs", 1, False),
    ]
    assert not is_more
    assert not [query for query in queries if "GROUP BY" in query["sql"]]
