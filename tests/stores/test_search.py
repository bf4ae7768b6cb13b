"""Search: what is found by what, by whom, and through which index."""

import pytest
from django.db import connection

from stores.catalogue.edit_distance import n_errors
from stores.catalogue.search_index import index_products
from stores.models import Product, ProductSearch, SearchWord, Sku
from stores.selectors.search import search
from tenants.scope import merchant_scope
from tests.conftest import acting_as


def product(handle, codes=(), **values):
    stored = Product.objects.create(handle=handle, **{"title": handle.title(), **values})
    skus = [
        Sku(product=stored, code=code, barcode=barcode, options=[code], currency="EUR", position=i)
        for i, (code, barcode) in enumerate(codes)
    ]
    Sku.objects.bulk_create(skus)
    index_products([(stored, skus)])
    return stored


def found(q="", **more):
    products = search(q, **more).apply(Product.objects.order_by("handle"))
    return [one.handle for one in products]


def attribute(name, value, unit=None):
    return {"name": name, "value": value, "unit": unit, "type": "text", "origin": {}}


@pytest.fixture
def shelf(in_scope):
    product(
        "mug",
        title="Café-Crème Stoneware Mug",
        vendor="Fjord",
        tags=["New in", "O'Neill \\ co"],
        attributes=[attribute("Material", "Oak"), attribute("Volume", 380, "ml")],
        codes=[("FJ-100/A", "4006381333931")],
    )
    product("bowl", title="Stoneware bowls", tags=["new in"], codes=[("FJ 200", "")])
    product("beizi", title="手绘陶瓷马克杯", vendor="青禾", locale="zh-hans")
    product("strasse", title="Straßenkarte ＭＡＰ 2027")


@pytest.mark.parametrize(
    ("q", "handles"),
    [
        ("stoneware", ["bowl", "mug"]),
        ("STONE", ["bowl", "mug"]),
        ("mug stone", ["mug"]),
        ("mugs", ["mug"]),
        ("bowl", ["bowl"]),
        ("cafe creme", ["mug"]),
        ("café", ["mug"]),
        ("strassen", ["strasse"]),
        ("map", ["strasse"]),
        ("fjord", ["mug"]),
        ("oak", ["mug"]),
        ("fj-100", ["mug"]),
        ("FJ-100/a", ["mug"]),
        ("fj 200", ["bowl"]),
        ("FJ200", ["bowl"]),
        ("400638", ["mug"]),
        ("4006381333931", ["mug"]),
        ("陶瓷", ["beizi"]),
        ("马克杯", ["beizi"]),
        ("杯", ["beizi"]),
        ("手绘 陶瓷", ["beizi"]),
        ("青禾", ["beizi"]),
        ("mug zebra", []),
        ("!!!", []),
        ("' | 'x", []),
    ],
)
def test_words_and_codes_find(shelf, q, handles):
    assert found(q) == handles


@pytest.mark.parametrize(
    ("q", "handles", "instead"),
    [
        ("stonware", ["bowl", "mug"], "stoneware"),
        ("stoneware fjrod", ["mug"], "stoneware fjord"),
        ("陶瓷马克怀", ["beizi"], "陶瓷马克"),
        ("xylophone", [], ""),
    ],
)
def test_a_typing_error_finds_what_was_meant(shelf, q, handles, instead):
    assert found(q) == handles
    assert search(q).instead == instead


def test_tags_and_attributes_find_whole_values(shelf):
    assert found(tags=["NEW IN"]) == ["bowl", "mug"]
    assert found(tags=["new"]) == []
    assert found(tags=["o'neill \\ co"]) == ["mug"]
    assert found(attributes=["material:oak"]) == found(attributes=["Volume:380 ml"]) == ["mug"]
    assert found(attributes=["material"]) == ["mug"]
    assert found(attributes=["material:pine"]) == []
    assert found("bowl", tags=["new in"]) == ["bowl"]


def test_where_more_match_than_the_window_the_list_is_walked(shelf, monkeypatch):
    monkeypatch.setattr("stores.selectors.search.WINDOW", 1)
    assert search("stoneware").keys is None
    assert found("stoneware") == ["bowl", "mug"]
    assert found("mug") == ["mug"]


def test_a_change_is_found_at_once_and_what_is_gone_no_more(shelf):
    mug = Product.objects.get(handle="mug")
    mug.title = "Teapot"
    index_products([(mug, list(mug.skus.all()))])
    assert (found("teapot"), found("creme")) == (["mug"], [])
    mug.delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert ProductSearch.objects.count() == 3


def test_nothing_is_written_where_nothing_changes(shelf):
    def versions():
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, xmin, ctid FROM stores_productsearch ORDER BY id")
            return cursor.fetchall()

    before, n_words = versions(), SearchWord.objects.count()
    mug = Product.objects.get(handle="mug")
    index_products([(mug, list(mug.skus.all()))])
    assert (versions(), SearchWord.objects.count()) == (before, n_words)


def test_a_strangers_products_never_come_back(shelf, merchant, other_merchant):
    with merchant_scope(other_merchant.pk):
        assert found("stoneware") == found(tags=["new in"]) == []
        foreign = f"'{merchant.pk}:stoneware'"
        with connection.cursor() as cursor:
            cursor.execute("SELECT search_products(%s::tsquery, 10)", [foreign])
            assert cursor.fetchone() == ([],)


def test_without_a_scope_nothing_is_found(shelf, merchant):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.merchant_id', '', true)")
        cursor.execute("SELECT search_products(%s::tsquery, 10)", [f"'{merchant.pk}:stoneware'"])
        assert cursor.fetchone() == ([],)


def test_the_role_of_the_search_reads_documents_and_nothing_else(shelf):
    with connection.cursor() as cursor, acting_as("search"):
        cursor.execute(
            "SELECT rolcanlogin, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND has_any_column_privilege(oid, 'SELECT, INSERT, UPDATE')"
            " AND relname <> 'stores_productsearch'"
        )
        assert cursor.fetchone() == (0,)


def test_the_index_answers(shelf, merchant):
    with connection.cursor() as cursor, acting_as("search"):
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM stores_productsearch WHERE document @@ %s::tsquery"
            " AND merchant_id + 0 = NULLIF(current_setting('app.merchant_id', true), '')::bigint",
            [f"'{merchant.pk}:stoneware'"],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on product_search" in plan
    assert "Index Cond: (document @@" in plan


@pytest.mark.parametrize(
    ("a", "b", "n"),
    [("mug", "mug", 0), ("mug", "mgu", 1), ("stonware", "stoneware", 1), ("", "ab", 2)],
)
def test_typing_errors_are_counted(a, b, n):
    assert n_errors(a, b) == n_errors(b, a) == n


def test_what_grows_when_it_is_folded_is_cut(shelf):
    grows = "\ufdfa" * 255  # 18 letters each
    product(
        grows,
        [(grows, grows[:64])],
        title=grows,
        tags=[grows],
        attributes=[attribute(grows, grows)],
    )
    assert found(grows) == found("1 " + grows) + [grows]
    assert found(tags=[grows]) == found(attributes=[f"{grows}:{grows}"]) == [grows]


def test_a_document_that_is_too_large_is_cut(shelf):
    product("0-vast", [(f"{n}" + "\ufdfa" * 60, f"{n}" + "\ufdfa" * 60) for n in range(1000)])
    assert found("0-vast") == ["0-vast"]
