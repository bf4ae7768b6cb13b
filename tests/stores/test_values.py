"""Numbers, money, formulas and typed values: the small words that files are made of."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.formulas import STARTS, make_html_safe, make_safe, undo
from stores.importers.attribute_values import parse_value, write_value
from stores.importers.shopify_columns import column_of
from stores.money import NotAnAmount, format_amount, minor_digits, parse_amount
from stores.numbers import NotANumber, parse_decimal


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("1'234.50", "1234.50"),
        ("1\u00a0234", "1234"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        (" 7. ", "7"),
    ],
)
def test_a_number_is_read_in_every_countrys_way(text, number):
    assert parse_decimal(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "1,2,3", "12 34", "1,23.4,5", "-1", "١٢"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NotANumber) as caught:
        parse_decimal(text)
    assert caught.value.code == "not_a_number"


def test_three_decimals_are_ambiguous_unless_the_quantity_has_three():
    with pytest.raises(NotANumber) as caught:
        parse_decimal("1.234")
    assert caught.value.code == "number_ambiguous"
    assert parse_decimal("1.234", decimals=3) == Decimal("1.234")


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1.234", ".", "1.234"),
        ("1.234", ",", "1234"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("0,125", ".", "0.125"),
        ("12,50", ".", "12.50"),
        ("1.234,5", ".", "1234.5"),
    ],
)
def test_the_decimal_mark_of_a_file_settles_what_is_ambiguous_and_nothing_else(text, mark, number):
    assert parse_decimal(text, decimal_mark=mark) == Decimal(number)


def test_a_currency_without_decimals_leaves_one_way_to_read_a_price():
    assert parse_amount("¥1,234", "JPY") == 1234
    assert parse_amount("1,234", "EUR", ".") == 123_400


def test_currencies_have_their_own_number_of_decimals():
    assert [minor_digits(code) for code in ("EUR", "JPY", "KWD")] == [2, 0, 3]
    assert [format_amount(1234, code) for code in ("EUR", "JPY", "KWD")] == [
        "12.34",
        "1234",
        "1.234",
    ]
    assert format_amount(None, "EUR") == ""


@given(st.integers(0, 10**12), st.sampled_from(["EUR", "JPY", "KWD", "CNY"]))
def test_an_amount_that_we_write_is_read_as_the_same(minor, currency):
    assert parse_amount(format_amount(minor, currency), currency) == minor


@given(st.text(max_size=20))
def test_no_text_makes_money_fail_in_another_way(text):
    try:
        parse_amount(text, "EUR")
    except ValueError as problem:
        assert type(problem).__name__ == "NotAnAmount"  # noqa: PT017 (any text may or may not raise)


@pytest.mark.parametrize(
    "cell", ["=1", "+a", "-a", "@a", "\t=1", "\r=1", "＝1", "-5 + 3", "+49 30"]
)
def test_a_formula_is_marked_as_text_and_the_mark_comes_off(cell):
    assert make_safe(cell) == f"'{cell}"
    assert undo(make_safe(cell)) == cell


@pytest.mark.parametrize("cell", ["", "a", "5", "-5", "-5.00", "+5", "1-2", "'quoted'", "'", "a=b"])
def test_what_is_no_formula_stays_as_it_is(cell):
    assert make_safe(cell) == cell
    assert undo(cell) == cell


@given(st.text(max_size=10))
def test_no_cell_of_an_export_starts_a_formula(cell):
    safe = make_safe(cell)
    assert (
        not safe
        or safe[0] not in STARTS
        or safe.lstrip("+-").replace(".", "").replace(",", "").rstrip("%").isdigit()
    )


def test_html_that_looks_like_a_formula_gets_an_entity():
    assert make_html_safe(" =1") == "&#61;1"
    assert make_html_safe("<p>=1</p>") == "<p>=1</p>"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("oak", ("oak", "text", None)),
        ("380 ml", (380, "number", "ml")),
        ("380ml", (380, "number", "ml")),
        ("1,5 l", (1.5, "number", "l")),
        ("-20 °C", (-20, "number", "°C")),
        ("12", (12, "number", None)),
        ('12"', (12, "number", '"')),
        ("60 支", (60, "number", "支")),
        ("TRUE", (True, "boolean", None)),
        ("a; b", (["a", "b"], "list", None)),
        ('["a", "b"]', (["a", "b"], "list", None)),
        ('{"value": 350.0, "unit": "MILLILITERS"}', (350, "number", "ml")),
        ("100% linen", ("100% linen", "text", None)),
        ("925 silver", ("925 silver", "text", None)),
        ("007", ("007", "text", None)),
        ("4006381333931123", ("4006381333931123", "text", None)),
        ("1,800 g/m²", ("1,800 g/m²", "text", None)),
        ("220-240 V", ("220-240 V", "text", None)),
        ("[" * 5000, ("[" * 5000, "text", None)),
        ('{"value": NaN}', ('{"value": NaN}', "text", None)),
        ("[1e999]", ("[1e999]", "text", None)),
    ],
)
def test_a_value_gets_the_type_that_it_surely_has(text, value):
    assert tuple(parse_value(text)) == value


@given(st.text(max_size=20))
def test_a_value_that_we_write_is_read_as_one_that_writes_the_same(text):
    value = parse_value(text)
    written = write_value(value.value, value.unit)
    again = parse_value(written)
    assert write_value(again.value, again.unit) == written


@pytest.mark.parametrize(
    "text",
    [
        '["a\\u0000b"]',
        '["\\ud800"]',
        '{"value": 1, "unit": "\\u0000"}',
        '{"value": 1, "unit": ["cm"]}',
        f"[1{'0' * 400}]",
        f'{{"value": 1{"0" * 400}, "unit": "cm"}}',
    ],
)
def test_json_that_cannot_be_kept_stays_text(text):
    assert parse_value(text) == (text, "text", None)


def test_a_cell_of_spaces_does_not_hold_up_a_worker():
    spaces = " " * 100_000
    with pytest.raises(NotAnAmount) as caught:
        parse_amount(f"1{spaces}x1", "EUR")
    assert caught.value.code == "not_a_price"
    assert column_of(f"a{spaces}b").field == ""
