import pytest
from django.utils.translation import override

from stores.templatetags.shop import (
    attribute_value,
    language_name,
    money,
    origin_words,
    price_range,
    shop_html,
    text_size,
)


def test_markup_of_a_text_is_sanitised_on_its_way_out():
    assert shop_html("<p>Oak<script>x()</script></p>") == "<p>Oak</p>"


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (123450, "EUR", "1,234.50 EUR"),
        (1200, "JPY", "1,200 JPY"),
        (1500, "KWD", "1.500 KWD"),
        (0, "EUR", "0.00 EUR"),
        (None, "EUR", "–"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(minor, currency, shown):
    assert money(minor, currency).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_a_range_of_one_price_is_that_price():
    assert price_range(900, 900, "EUR") == money(900, "EUR")
    assert price_range(900, 1200, "EUR") == f"9.00 – {money(1200, 'EUR')}"


@pytest.mark.parametrize(
    ("attribute", "shown"),
    [
        ({"value": "oak", "unit": None}, "oak"),
        ({"value": 9, "unit": "cm"}, "9\N{NO-BREAK SPACE}cm"),
        ({"value": True}, "✓"),
        ({"value": ["oat", "moss"]}, "oat, moss"),
    ],
)
def test_a_value_is_shown_by_its_type(attribute, shown):
    assert attribute_value(attribute) == shown


def test_the_origin_of_an_attribute_is_a_person_or_a_cell():
    cell = {"file": "shop.csv", "row": 7, "column": "Material"}
    assert origin_words({"origin": cell}) == "shop.csv, row 7, Material"
    assert origin_words({"origin": {"by": "ada@example.org"}}) == "entered by ada@example.org"
    assert origin_words({}) == ""


def test_the_size_counts_words_only_where_they_are_spaced():
    assert text_size("<p>One fine mug.</p>") == "3 words · 13 characters"
    assert text_size("<p>粗陶茶壶，容量 330 毫升。</p>") == "15 characters"


def test_a_language_is_named_in_its_own_words():
    assert [language_name(tag) for tag in ("de", "zh-Hans", "x-none")] == [
        "Deutsch",
        "简体中文",
        "x-none",
    ]


def test_words_follow_the_language_of_the_page():
    with override("zh-hans"):
        assert origin_words({"origin": {"by": "王"}}) == "由 王 填写"
