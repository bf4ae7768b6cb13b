"""Everything that a row can have wrong with it: reported with row, column and reason, never raised."""

import pytest

from stores.importers.base import UnreadableFile
from stores.importers.csv_rows import MAX_LINE_CHARACTERS
from stores.importers.limits import MAX_ROWS_PER_PRODUCT
from stores.importers.problems import MESSAGES, message_of
from tests.stores.files import parse, problems

HEADER = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Image Src,Image Position,Status\n"


def code_of(file):
    with pytest.raises(UnreadableFile) as caught:
        parse(file)
    return caught.value.code, caught.value.row


def test_a_product_without_a_title_is_reported():
    assert problems("Handle,Title\nmug,\nmug,\npot,Pot\n") == [(2, "Title", "title_missing")]


def test_a_row_without_handle_and_title_is_reported():
    assert problems("Handle,Title,Vendor\n,,H\n") == [
        (2, "Title", "title_missing"),
        (2, "Handle", "handle_missing"),
    ]


def test_a_title_that_makes_no_handle_is_reported():
    assert problems("Handle,Title\n,青釉\n") == [(2, "Handle", "handle_missing")]


def test_two_products_glued_together_by_a_handle_are_reported():
    file = "Handle,Title,Option1 Name,Option1 Value\nmug,Mug,Size,S\nmug,Pot,,M\n"
    assert problems(file) == [(3, "Title", "values_differ")]


def test_a_repeated_combination_of_options_is_reported():
    file = "Handle,Title,Option1 Name,Option1 Value\nmug,Mug,Size,S\nmug,,,M\nmug,,,S\n"
    assert problems(file) == [(4, "", "options_repeated")]


def test_rows_without_options_cannot_be_several_skus():
    assert problems("Handle,Title,Variant SKU\nmug,Mug,A\nmug,,B\n") == [
        (3, "", "options_repeated")
    ]


def test_a_missing_option_value_or_name_is_reported():
    file = HEADER + "a,A,Size,,1,,,\nb,B,,S,1,,,\n"
    assert problems(file) == [
        (2, "Option1 Value", "option_value_missing"),
        (3, "Option1 Name", "option_name_missing"),
    ]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://e.org/x.jpg",
        "/images/x.jpg",
        "//e.org/x.jpg",
        "https://",
        "https://e.org/a b.jpg",
        'https://e.org/"onerror=x',
        "https://[::1",
        "x" * 2001,
    ],
)
def test_an_image_address_that_is_none_is_reported(url):
    rows = [["Handle", "Title", "Image Src"], ["mug", "Mug", url]]
    assert (2, "Image Src", "not_a_web_address") in problems(rows)


@pytest.mark.parametrize("position", ["first", "-1", "1.5", "9" * 12])
def test_a_position_that_is_none_is_reported(position):
    file = HEADER + f"mug,Mug,,,,https://e.org/1.jpg,{position},\n"
    assert problems(file) == [(2, "Image Position", "not_a_whole_number")]


def test_an_unknown_status_is_reported():
    assert problems(HEADER + "mug,Mug,,,,,,gone\n") == [(2, "Status", "status_unknown")]


def test_published_is_true_or_false():
    assert problems("Handle,Title,Published\nmug,Mug,maybe\n") == [
        (2, "Published", "not_true_or_false")
    ]


@pytest.mark.parametrize("weight", ["heavy", "-3", "5 stones", "9" * 11])
def test_a_weight_that_is_none_is_reported(weight):
    file = f"Handle,Title,Variant Grams\nmug,Mug,{weight}\n"
    assert problems(file) == [(2, "Variant Grams", "not_a_weight")]


@pytest.mark.parametrize(
    ("column", "limit"),
    [
        ("Handle", 255),
        ("Title", 255),
        ("Vendor", 255),
        ("Type", 255),
        ("Product Category", 500),
        ("Tags", 255),
        ("Variant SKU", 255),
        ("Variant Barcode", 64),
        ("Body (HTML)", 50_000),
        ("A (product.metafields.b.c)", 5_000),
    ],
)
def test_a_text_that_does_not_fit_is_reported_and_one_that_does_is_not(column, limit):
    for length, expected in ((limit, []), (limit + 1, [(2, column, "too_long")])):
        cells = {"Handle": "mug", "Title": "Mug", column: "x" * length}
        assert problems([list(cells), list(cells.values())]) == expected


def test_a_nul_is_reported_and_taken_out():
    _, products = parse("Handle,Title,Vendor\nmug,M\0ug,H\n")
    assert products[0].title == "Mug"
    assert [(p.row, p.column, p.code) for p in products[0].problems] == [
        (2, "Title", "nul_character")
    ]


def test_ragged_rows_are_reported():
    file = "Handle,Title,Vendor\nmug,Mug\npot,Pot,H,oops\nbowl,Bowl,H,,\n"
    assert problems(file) == [(2, "", "row_too_short"), (3, "", "row_too_long")]


def test_what_follows_from_shifted_cells_is_not_reported_on_top():
    file = "Handle,Title,Variant Price,Image Src\nmug,Mug, red,12.00,https://e.org/1.jpg\n"
    assert problems(file) == [(2, "", "row_too_long")]


def test_a_product_with_endless_rows_is_reported_and_not_kept():
    rows = [["mug", "Mug", f"https://e.org/{n}.jpg"] for n in range(MAX_ROWS_PER_PRODUCT + 5)]
    _, products = parse([["Handle", "Title", "Image Src"], *rows])
    assert [p.code for p in products[0].problems] == ["too_many_rows"]
    assert len(products[0].images) == 1


def test_a_hopeless_product_has_a_short_list_of_problems():
    rows = [["mug", "Mug", "no", "no"] for _ in range(200)]
    assert len(problems([["Handle", "Title", "Variant Price", "Image Src"], *rows])) == 50


def test_problems_of_one_product_leave_the_others_alone():
    _, products = parse("Handle,Title,Variant Price\na,A,1\nb,B,no\nc,C,3\n")
    assert [(p.handle, bool(p.problems)) for p in products] == [
        ("a", False),
        ("b", True),
        ("c", False),
    ]


@pytest.mark.parametrize(
    ("file", "code", "row"),
    [
        ("", "file_empty", 0),
        (" \r\n\n", "file_empty", 0),
        ("Handle,Title\n", "no_products", 0),
        ("Handle,Title\n\n,,\n", "no_products", 0),
        ("Handle,Title,title\nmug,Mug,Pot\n", "column_twice", 1),
        ("Handle,Body (HTML),Description\nmug,a,b\n", "column_twice", 1),
        ('Handle,Title\nmug,Mug\npot,"Pot\n', "quotes_unbalanced", 3),
        ('Handle,Title\nmug,"Mug" red\n', "quotes_unbalanced", 2),
        ('Handle,Title\nmug,"' + "x" * 500_001 + '"\n', "cell_too_long", 2),
        ("Handle,Title\nmug," + "x" * MAX_LINE_CHARACTERS, "line_too_long", 0),
        ("Handle,Title\nmug," + "," * 1000 + "\n", "too_many_columns", 2),
        ("Handle,Title\nmug,Café\npot,Thé\n".encode() + b"cup,Caf\xe9\n", "not_utf8", 4),
        (b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml", "workbook_broken", 0),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "file_is_xls", 0),
        (b"\x89PNG\r\n\x1a\n....", "file_is_image", 0),
        (b"\xff\xd8\xff\xe0....", "file_is_image", 0),
        (b"%PDF-1.7", "file_is_pdf", 0),
        (b"\x1f\x8b\x08....", "file_is_gzip", 0),
        ("<!DOCTYPE html><title>x</title>", "html_unknown", 0),
        ('<?xml version="1.0"?><rss/>', "xml_unknown", 0),
        ('{"products": []}', "json_unknown", 0),
    ],
)
def test_a_file_that_cannot_be_read_says_why(file, code, row):
    assert code_of(file) == (code, row)
    assert code in MESSAGES


class Anything(dict):
    def __missing__(self, name):
        return "7"


def test_every_message_can_be_put_into_words():
    for code in MESSAGES:
        assert "%(" not in message_of(code, Anything())
    assert message_of("new_code", {}) == "new_code"
    assert "not a price" in message_of("not_a_price", {})
