import pytest

from stores.importers.decimal_marks import decimal_mark_of
from tests.stores.files import parse


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1.234,56"], ","),
        (["1,234.56"], "."),
        (["12,5", "7"], ","),
        (["12.50", "1.234"], "."),
        (["1.234.567"], ","),
        (["0.125"], "."),
        (["1234.567"], "."),
        (["1.234", "2.500"], ""),
        (["12"], ""),
        (["€ 12,50", "7,00 €"], ","),
        (["1,5 kg"], ","),
        (["1'234.50"], "."),
        (["1.2.3", "x"], ""),
        (["36,37 and 38"], ""),
        (["1,50", "2.50"], ""),
        ([], ""),
    ],
)
def test_numbers_that_can_be_read_in_one_way_tell_the_mark(cells, mark):
    assert decimal_mark_of([["name", cell] for cell in cells]) == mark


def test_a_column_with_other_texts_tells_nothing():
    assert decimal_mark_of([["1,50"], ["XL"]]) == ""


def test_an_ambiguous_price_is_read_as_the_rest_of_the_file_writes_its_prices():
    rows = "Handle;Title;Variant Price\na;A;1.234\nb;B;2.345,50\n"
    _, products = parse(rows)
    assert [product.skus[0].price_minor for product in products] == [123_400, 234_550]
