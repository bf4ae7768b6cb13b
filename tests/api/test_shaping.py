import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.models import Scope
from api.shaping import PARTIAL_TYPE
from tests.api.test_authentication import problem
from tests.partner import Partner
from tests.stores.api.test_reading import make_product

PRODUCTS = "/api/v1/products/"


@pytest.fixture
def product(partner):
    with partner.rows():
        return make_product(1)


def test_fields_leave_out_the_rest_but_never_the_id(partner, product):
    response = partner.get(PRODUCTS, {"fields": "title,skus.code"})
    assert response["Content-Type"] == PARTIAL_TYPE
    (row,) = response.json()["results"]
    skus = [{"code": "1-S"}, {"code": "1-M"}]
    assert row == {"id": product.public_id, "title": "Product 1", "skus": skus}


def test_a_whole_member_is_more_than_a_part_of_it(partner, product):
    row = partner.get(f"{PRODUCTS}{product.public_id}/?fields=images.url&fields=images").json()
    assert set(row) == {"id", "images"}
    assert len(row["images"][0]) > 5


def test_expand_adds_the_published_texts(partner, product):
    row = partner.get(f"{PRODUCTS}{product.public_id}/?expand=skus,images,copy").json()
    (text,) = row["expanded"]["copy"]
    assert (text["plain_text"], text["product"]) == ("Fine & good", product.public_id)
    assert len(row["skus"]) == 2
    only = partner.get(PRODUCTS, {"fields": "expanded.copy.text", "expand": "copy"}).json()
    expanded = {"copy": [{"text": "<p>Fine &amp; good</p>"}]}
    assert only["results"] == [{"id": product.public_id, "expanded": expanded}]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("fields=titel", "fields"),
        ("fields=title.x", "fields"),
        ("fields=skus.cod", "fields"),
        ("expand=orders", "expand"),
        ("fields=" + ",".join(f"f{n}" for n in range(101)), "fields"),
    ],
)
def test_names_that_are_not_there_are_refused(partner, product, query, parameter):
    for path in (PRODUCTS, f"{PRODUCTS}{product.public_id}/"):
        document = problem(partner.get(f"{path}?{query}"), 400, "validation_failed")
        assert [error["parameter"] for error in document["errors"]] == [parameter]


@pytest.mark.parametrize(
    ("path", "expand", "having", "lacking"),
    [
        ("products", "copy", Scope.CATALOGUE_READ, Scope.COPY_READ),
        ("copy-versions", "product", Scope.COPY_READ, Scope.CATALOGUE_READ),
        ("generation-requests/greq_x", "product", Scope.GENERATION_READ, Scope.CATALOGUE_READ),
    ],
)
def test_what_a_key_may_not_read_it_cannot_expand(
    merchant, partner, product, path, expand, having, lacking
):
    path = f"/api/v1/{path}/?expand={expand}"
    response = Partner(merchant, scopes=[having]).get(path)
    assert problem(response, 403, "missing_scope")["scope"] == lacking
    assert "Fine" not in response.content.decode()
    assert Partner(merchant, scopes=[having, lacking]).get(path).status_code in (200, 404)


def n_queries(partner, path, **query):
    with CaptureQueriesContext(connection) as queries:
        assert partner.get(path, query).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("path", "expand", "n_more"),
    [("products", "copy", 2), ("skus", "product", 0), ("copy-versions", "product", 0)],
)
def test_what_is_expanded_takes_the_same_queries_however_long_the_list(
    partner, product, path, expand, n_more
):
    path = f"/api/v1/{path}/"
    partner.get(path)
    plain = n_queries(partner, path)
    with partner.rows():
        for number in range(2, 7):
            make_product(number)
    assert n_queries(partner, path, expand=expand) <= plain + n_more + 1


def test_what_is_not_shown_is_not_read(partner, product):
    partner.get(PRODUCTS)
    assert n_queries(partner, PRODUCTS, fields="title") == n_queries(partner, PRODUCTS) - 3


def test_the_document_lists_every_name(document):
    operation = document["paths"][PRODUCTS]["get"]
    given = {p["name"]: p for p in operation["parameters"] if "name" in p}
    assert {"title", "skus.price_minor", "expanded.copy.text"} <= {
        *given["fields"]["schema"]["items"]["enum"]
    }
    assert given["expand"]["schema"]["items"]["enum"] == ["copy", "images", "skus"]
    assert (given["fields"]["style"], given["fields"]["explode"]) == ("form", False)
    assert PARTIAL_TYPE in operation["responses"]["200"]["content"]
