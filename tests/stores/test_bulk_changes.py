import pytest

from stores.catalogue.bulk_changes import Change, Refused, read_changes, work_out
from stores.catalogue.known import Known
from stores.catalogue.sheet import Sheet
from stores.models import Product, Sku
from tenants.errors import DomainError


def known(currency="EUR", prices=((1990, None), (2490, 2990)), **values):
    product = Product(handle="mug", **{"title": "Blue Mug", "tags": ["tea", "old"], **values})
    skus = [
        Sku(public_id=f"sku_{n}", price_minor=price, compare_at_price_minor=before,
            currency=currency, options=[str(n)])
        for n, (price, before) in enumerate(prices)
    ]  # fmt: skip
    return Known(product, skus)


def after(*changes, here=None):
    sheet = Sheet(here or known())
    work_out(sheet, read_changes(changes, "EUR"), "EUR")
    return sheet.after


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"do": "set", "field": "status", "value": "draft"}, {"status": "draft"}),
        ({"do": "set", "field": "status", "value": "active"}, {}),
        ({"do": "set", "field": "locale", "value": "zh-Hans"}, {"locale": "zh-Hans"}),
        ({"do": "set", "field": "vendor", "value": " H "}, {"vendor": "H"}),
        ({"do": "clear", "field": "vendor"}, {}),
        (
            {"do": "replace", "field": "title", "find": "Blue", "value": "Red"},
            {"title": "Red Mug"},
        ),
        ({"do": "replace", "field": "title", "find": "blue", "value": "Red"}, {}),
        ({"do": "add", "field": "title", "value": " (new)"}, {"title": "Blue Mug (new)"}),
        (
            {"do": "add", "field": "title", "value": "New ", "place": "start"},
            {"title": "New Blue Mug"},
        ),
        ({"do": "add", "field": "tags", "value": "tea, sale，new"}, {"tags": ["tea", "old", "sale", "new"]}),
        ({"do": "remove", "field": "tags", "value": ["old", "x"]}, {"tags": ["tea"]}),
        ({"do": "replace", "field": "tags", "find": "old", "value": "tea"}, {"tags": ["tea"]}),
        ({"do": "clear", "field": "tags"}, {"tags": []}),
        ({"do": "clear", "field": "attribute", "name": "Height"}, {}),
        (
            {"do": "set", "field": "attribute", "name": "Height", "value": "9 cm"},
            {
                "attribute:Height": [
                    {"name": "Height", "value": 9, "type": "number", "unit": "cm", "origin": {}}
                ]
            },
        ),
    ],
)  # fmt: skip
def test_a_change_does_what_it_says(change, expected):
    assert after(change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"do": "set", "value": "12,50"}, [1250, 1250]),
        ({"do": "clear"}, [None, None]),
        ({"do": "adjust", "unit": "percent", "value": "-10"}, [1791, 2241]),
        ({"do": "adjust", "unit": "percent", "value": "+12.5%"}, [2239, 2801]),
        ({"do": "adjust", "unit": "amount", "value": "−2.50"}, [1740, 2240]),
        ({"do": "adjust", "unit": "percent", "value": "-10", "rounding": "99"}, [1799, 2199]),
        ({"do": "adjust", "unit": "percent", "value": "-10", "rounding": "whole"}, [1800, 2200]),
    ],
)
def test_prices_are_set_and_adjusted_for_every_sku(change, expected):
    sheet = Sheet(known())
    work_out(sheet, read_changes([{"field": "price", **change}], "EUR"), "EUR")
    assert [sheet["price:sku_0"], sheet["price:sku_1"]] == expected


def test_a_sale_keeps_the_price_as_the_price_before():
    changes = [
        {"do": "set", "field": "compare_at_price", "value": "price"},
        {"do": "adjust", "field": "price", "unit": "percent", "value": -20},
    ]
    assert after(*changes) == {
        "compare_at_price:sku_0": 1990,
        "compare_at_price:sku_1": 2490,
        "price:sku_0": 1592,
        "price:sku_1": 1992,
    }


def test_a_replaced_part_of_an_attribute_keeps_the_rest_of_it():
    origin = {"file": "a.csv", "row": 2, "column": "Material"}
    wood = {"name": "Material", "value": "red oak", "type": "text", "unit": None, "origin": origin}
    change = {
        "do": "replace",
        "field": "attribute",
        "name": "Material",
        "find": "red",
        "value": "white",
    }
    assert after(change, here=known(attributes=[wood])) == {
        "attribute:Material": [wood | {"value": "white oak", "origin": {"column": "Material"}}]
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"do": "replace", "field": "title", "find": "Blue Mug"}, "title_missing"),
        ({"do": "add", "field": "title", "value": "x" * 250}, "text_too_long"),
        ({"do": "add", "field": "tags", "value": "x" * 256}, "text_too_long"),
        ({"do": "adjust", "field": "price", "unit": "amount", "value": "-20"}, "price_negative"),
    ],
)
def test_a_product_that_cannot_take_the_change_refuses(change, code):
    with pytest.raises(Refused) as caught:
        after(change)
    assert caught.value.code == code


def test_amounts_are_for_prices_of_the_same_currency():
    yen = known(currency="JPY", prices=[(1990, None)])
    percent = {"do": "adjust", "field": "price", "unit": "percent", "value": "10"}
    assert after(percent, here=yen) == {"price:sku_0": 2189}
    with pytest.raises(Refused, match="other_currency"):
        after({"do": "set", "field": "price", "value": "10"}, here=yen)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"do": "set", "field": "handle", "value": "x"},
        {"do": "clear", "field": "title"},
        {"do": "set", "field": "vendor", "value": " "},
        {"do": "replace", "field": "vendor", "value": "x"},
        {"do": "set", "field": "status", "value": "sold"},
        {"do": "set", "field": "locale", "value": "deutsch!"},
        {"do": "set", "field": "attribute", "value": "x"},
        {"do": "set", "field": "price", "value": "price"},
        {"do": "set", "field": "price", "value": "-1"},
        {"do": "set", "field": "price", "value": "1 USD"},
        {"do": "adjust", "field": "price", "unit": "percent", "value": "NaN"},
        {"do": "adjust", "field": "price", "unit": "percent", "value": "9e9"},
        {"do": "adjust", "field": "price", "value": "5"},
        {"do": "set", "field": "vendor", "value": "x", "colour": "red"},
        {"do": "set", "field": "vendor", "value": "x" * 5001},
    ],
)
def test_a_change_that_makes_no_sense_is_refused(change):
    with pytest.raises(DomainError) as caught:
        read_changes([change], "EUR")
    assert (caught.value.code, caught.value.status) == ("bulk_change_invalid", 422)


def test_nothing_to_change_is_refused_and_so_is_too_much():
    with pytest.raises(DomainError, match="Say what"):
        read_changes([], "EUR")
    with pytest.raises(DomainError, match="at most 10"):
        read_changes([{"do": "clear", "field": "tags"}] * 11, "EUR")


def test_a_change_is_kept_without_what_is_empty():
    assert Change("clear", "tags").to_json() == {"do": "clear", "field": "tags"}
