from base64 import urlsafe_b64decode
from urllib.parse import parse_qs, urlsplit

import pytest

from stores.models import Product
from tests.api.test_authentication import problem

LIST = "/api/v1/skus/"


@pytest.fixture
def shop(partner):
    from stores.models import Sku

    with partner.rows():
        product = Product.objects.create(handle="stool", title="Stool")
        for number in range(5):
            Sku.objects.create(
                product=product,
                code=str(number),
                options=[str(number)],
                currency="EUR",
                position=number,
            )
    return partner


def codes(page):
    return [row["code"] for row in page["results"]]


def test_next_and_previous_walk_through_everything_once(shop):
    first = shop.get(LIST + "?limit=2").json()
    second = shop.get(first["next"]).json()
    third = shop.get(second["next"]).json()
    assert [codes(page) for page in (first, second, third)] == [["4", "3"], ["2", "1"], ["0"]]
    assert (first["previous"], third["next"]) == (None, None)
    back = shop.get(third["previous"]).json()
    assert codes(back) == ["2", "1"]
    assert codes(shop.get(back["previous"]).json()) == ["4", "3"]


def test_a_row_that_came_in_between_shifts_nothing(shop):
    from stores.models import Sku

    first = shop.get(LIST + "?limit=2").json()
    with shop.rows():
        product = Product.objects.get()
        Sku.objects.create(product=product, code="new", options=["n"], currency="EUR", position=9)
    assert codes(shop.get(first["next"]).json()) == ["2", "1"]


def test_a_cursor_shows_no_primary_key_and_cannot_be_made_up(shop):
    cursor = parse_qs(urlsplit(shop.get(LIST + "?limit=2").json()["next"]).query)["cursor"][0]
    assert "on:" not in urlsafe_b64decode(cursor).decode("latin-1")
    for made_up in (cursor[:-4] + "AAA=", "cD0z", "é", ""):
        document = problem(shop.get(LIST, {"cursor": made_up}), 400, "validation_failed")
        assert [error["parameter"] for error in document["errors"]] == ["cursor"]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1e2", "9" * 5000, "²"])
def test_a_limit_out_of_bounds_is_refused(shop, limit):
    document = problem(shop.get(LIST, {"limit": limit}), 400, "validation_failed")
    assert document["errors"] == [
        {"parameter": "limit", "detail": "Give a number from 1 to 200.", "code": "invalid"}
    ]
