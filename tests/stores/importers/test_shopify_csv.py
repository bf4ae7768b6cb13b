import pytest

from stores.importers.base import ImportOptions, ParsedImage
from tests.stores.files import content, parse, problems

CLASSIC = "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Variant Price\n"
NEW = "Title,URL handle,Description,Vendor,Type,Tags,Published on online store,Status,SKU,Price\n"


def one(file, **kwargs):
    _, products = parse(file, **kwargs)
    assert len(products) == 1
    return products[0]


def test_the_classic_headers_are_read():
    mug = one(CLASSIC + 'mug,Mug,<p>A mug.</p>,Hearthside,Mugs,"tea, gift",false,12.00\n')
    assert (mug.handle, mug.title, mug.description) == ("mug", "Mug", "<p>A mug.</p>")
    assert (mug.vendor, mug.product_type, mug.tags) == ("Hearthside", "Mugs", ("tea", "gift"))
    assert (mug.status, mug.skus[0].price_minor, mug.first_row) == ("draft", 1200, 2)


def test_the_new_headers_are_read():
    mug = one(NEW + 'Mug,mug,<p>A mug.</p>,Hearthside,Mugs,"tea, gift",TRUE,Draft,M-1,12.00\n')
    assert (mug.handle, mug.title, mug.description) == ("mug", "Mug", "<p>A mug.</p>")
    assert (mug.status, mug.skus[0].code, mug.skus[0].price_minor) == ("draft", "M-1", 1200)
    assert mug.cells == {"Published": "TRUE"}


def test_a_layout_says_what_the_file_can_say():
    layout, _ = parse("Handle,Title,SEO Title,Variant Price\nmug,Mug,,1\n")
    assert layout.columns == ("Handle", "Title", "SEO Title", "Variant Price")
    assert layout.fields == {"handle", "title", "skus", "sku.price_minor"}
    assert layout.cell_names == {"SEO Title"}


def test_rows_of_one_handle_are_one_product_with_its_skus_and_images():
    shirt = one(
        "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,"
        "Image Src,Image Position,Image Alt Text,Variant Image\n"
        "shirt,Shirt,Size,S,Colour,Red,S-R,https://e.org/1.jpg,1,Front,https://e.org/2.jpg\n"
        "shirt,,,S,,Blue,S-B,https://e.org/2.jpg,2,,https://e.org/9.jpg\n"
        "shirt,,,,,,,https://e.org/3.jpg,3,,\n"
    )
    assert shirt.option_names == ("Size", "Colour")
    assert [sku.options for sku in shirt.skus] == [("S", "Red"), ("S", "Blue")]
    assert [sku.image_url for sku in shirt.skus] == ["https://e.org/2.jpg", "https://e.org/9.jpg"]
    assert shirt.images == (
        ParsedImage("https://e.org/1.jpg", "Front", 1),
        ParsedImage("https://e.org/2.jpg", "", 2),
        ParsedImage("https://e.org/3.jpg", "", 3),
        ParsedImage("https://e.org/9.jpg", "", 4),
    )
    assert shirt.n_rows == 3


def test_default_title_means_no_options():
    mug = one("Handle,Title,Option1 Name,Option1 Value\nmug,Mug,Title,Default Title\n")
    assert (mug.option_names, [sku.options for sku in mug.skus]) == ((), [()])


def test_metafields_become_typed_attributes_with_their_origin():
    file = (
        "Handle,Title,Material (product.metafields.custom.material),"
        "Capacity (product.metafields.custom.capacity),Safe (product.metafields.custom.safe),"
        "Colours (product.metafields.shopify.color-pattern),Google Shopping / Gender\n"
        "mug,Mug,Stoneware,380 ml,TRUE,Moss; Oat,female\n"
    )
    attributes = one(file, file_name="spring.csv").attributes
    assert [(a["name"], a["value"], a["type"], a["unit"]) for a in attributes] == [
        ("Material", "Stoneware", "text", None),
        ("Capacity", 380, "number", "ml"),
        ("Safe", True, "boolean", None),
        ("Colours", ["Moss", "Oat"], "list", None),
        ("Gender", "female", "text", None),
    ]
    assert attributes[0]["origin"] == {
        "file": "spring.csv",
        "row": 2,
        "column": "Material (product.metafields.custom.material)",
    }


def test_weights_are_grams_whatever_their_unit():
    header = "Handle,Title,Variant Grams\n"
    rows = ["a,A,250", "b,B,0.0", "c,C,1.5 kg", "d,D,2 lb", "e,E,", 'f,F,"0,25 kg"']
    _, products = parse(header + "\n".join(rows))
    weights = [product.skus[0].weight_grams for product in products]
    assert weights == ["250", "0", "1500", "907.185", None, "250"]


def test_line_ends_and_a_byte_order_mark_make_no_difference():
    text = (
        CLASSIC.replace("\n", "\r\n") + 'mug,Mug,"<p>A\nmug.</p>",,,,true,1\npot,Pot,,,,,true,2\r\n'
    )
    _, products = parse(b"\xef\xbb\xbf" + content(text))
    assert [(p.handle, p.first_row) for p in products] == [("mug", 2), ("pot", 3)]
    assert products[0].description == "<p>A\nmug.</p>"


def test_empty_rows_are_passed_over_but_counted():
    _, products = parse(CLASSIC + "\n,,,,,,,\nmug,Mug,,,,,true,1\n")
    assert [product.first_row for product in products] == [4]


def test_a_missing_handle_is_made_of_the_title():
    assert one(CLASSIC + ",Blue Mug,,,,,true,1\n").handle == "blue-mug"


def test_other_columns_are_kept_with_the_row_they_stand_in():
    shirt = one(
        "Handle,Title,Option1 Name,Option1 Value,Image Src,SEO Title,Cost per item,My app\n"
        "shirt,Shirt,Size,S,https://e.org/1.jpg,Best shirt,4,one\n"
        "shirt,,,M,,,5,two\n"
        "shirt,,,,https://e.org/2.jpg,,,three\n"
    )
    assert shirt.cells == {"SEO Title": "Best shirt"}
    assert [sku.cells for sku in shirt.skus] == [
        {"Cost per item": "4", "My app": "one"},
        {"Cost per item": "5", "My app": "two"},
    ]
    assert shirt.image_cells == {"https://e.org/2.jpg": {"My app": "three"}}


def test_an_apostrophe_before_a_formula_is_the_spreadsheets_not_the_products():
    mug = one(CLASSIC + "mug,'=1+1,,'@home,,,true,1\n")
    assert (mug.title, mug.vendor) == ("=1+1", "@home")


@pytest.mark.parametrize(
    ("price", "minor"),
    [
        ("1.234,56 €", 123456),
        ("€1,234.56", 123456),
        ("1 234,56", 123456),
        ("1\u202f234,56\u00a0€", 123456),
        ("EUR 12", 1200),
        ("12,5", 1250),
        (".5", 50),
        ("0", 0),
        ("", None),
    ],
)
def test_prices_are_read_as_people_write_them(price, minor):
    mug = one([["Handle", "Title", "Variant Price"], ["mug", "Mug", price]])
    assert (mug.skus[0].price_minor, mug.problems) == (minor, ())


@pytest.mark.parametrize(
    ("price", "code"),
    [
        ("-5", "price_negative"),
        ("€ -5.00", "price_negative"),
        ("free", "not_a_price"),
        ("1.2.3", "not_a_price"),
        ("12 34", "not_a_price"),
        ("1e5", "not_a_price"),
        ("10 %", "not_a_price"),
        ("=1+1", "not_a_price"),
        ("1.234", "price_ambiguous"),
        ("1,234", "price_ambiguous"),
        ("$10", "price_in_other_currency"),
        ("10 CHF", "price_in_other_currency"),
        ("1234.567", "price_too_precise"),
        ("9" * 20, "price_too_large"),
    ],
)
def test_a_price_that_is_none_is_reported_with_row_column_and_reason(price, code):
    rows = [["Handle", "Title", "Variant Price"], ["mug", "Mug", price]]
    assert problems(rows) == [(2, "Variant Price", code)]


def test_the_currency_decides_how_many_decimals_a_price_has():
    rows = [["Handle", "Title", "Variant Price"], ["mug", "Mug", "1234"]]
    yen = one(rows, options=ImportOptions("ja", "JPY"))
    dinar = one(rows[:1] + [["mug", "Mug", "1.234"]], options=ImportOptions("ar", "KWD"))
    assert (yen.skus[0].price_minor, dinar.skus[0].price_minor) == (1234, 1234)
