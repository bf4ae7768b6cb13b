import json
from dataclasses import replace

import pytest

from stores.importers.base import UnreadableFile
from stores.importers.registry import all_importers, importer_for
from tests.stores.files import OPTIONS, bring, changes, parse, preview
from tests.stores.importers.sources import source

RSS = '<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
RSS_END = "</channel></rss>"
MUG = (
    "<item><g:id>mug-1</g:id><title>Mug</title><description>A mug &amp; more.</description>"
    "<link>https://e.org/mug</link><g:price>12.00 EUR</g:price><g:sale_price>9.50 EUR</g:sale_price>"
    "<g:image_link>https://e.org/1.jpg</g:image_link><g:brand>Hearthside</g:brand>"
    "<g:additional_image_link>https://e.org/2.jpg</g:additional_image_link>"
    "<g:additional_image_link>https://e.org/3.jpg</g:additional_image_link>"
    "<g:gtin>4006381333931</g:gtin><g:color>Red</g:color><g:shipping_weight>1.5 kg</g:shipping_weight>"
    "<g:product_type>Home &gt; Mugs</g:product_type>"
    "<g:google_product_category>Home &gt; Kitchen</g:google_product_category>"
    "<g:shipping><g:country>DE</g:country><g:price>4 EUR</g:price></g:shipping>"
    "<g:product_detail><g:section_name>General</g:section_name>"
    "<g:attribute_name>Capacity</g:attribute_name><g:attribute_value>380 ml</g:attribute_value>"
    "</g:product_detail><g:custom_label_0>Best</g:custom_label_0></item>"
)
TSV = "id\ttitle\tdescription\tlink\timage link\tavailability\tprice\tbrand\titem group id\tsize\n"


def shirt(number, size, group="shirt", color="Red", price="20 EUR"):
    return (
        f"<item><g:id>{number}</g:id><g:title>Shirt {size}</g:title><g:price>{price}</g:price>"
        f"<g:item_group_id>{group}</g:item_group_id><g:size>{size}</g:size>"
        f"<g:color>{color}</g:color></item>"
    )


def products(xml, **kwargs):
    return parse(RSS + xml + RSS_END, file_name="feed.xml", **kwargs)[1]


def test_an_item_becomes_a_product():
    (mug,) = products(MUG)
    assert (mug.handle, mug.title, mug.vendor) == ("mug-1", "Mug", "Hearthside")
    assert (mug.product_type, mug.category) == ("Home > Mugs", "Home > Kitchen")
    assert mug.description == "<p>A mug &amp; more.</p>"
    assert [image.url for image in mug.images] == [f"https://e.org/{n}.jpg" for n in (1, 2, 3)]
    assert [(a["name"], a["value"], a["unit"]) for a in mug.attributes] == [
        ("Color", "Red", None),
        ("Capacity", 380, "ml"),
    ]
    sku = mug.skus[0]
    assert (sku.code, sku.barcode, sku.weight_grams) == ("mug-1", "4006381333931", "1500")
    assert (sku.price_minor, sku.compare_at_price_minor) == (950, 1200)
    assert sku.cells["link"] == "https://e.org/mug"
    assert json.loads(sku.cells["shipping"]) == [{"country": "DE", "price": "4 EUR"}]
    assert sku.cells["custom_label_0"] == "Best"
    assert mug.problems == ()


def test_a_layout_names_what_the_feed_can_say():
    layout, _ = parse(RSS + MUG + RSS_END)
    assert {"title", "images", "sku.compare_at_price_minor"} <= layout.fields
    assert "sku.barcode" in layout.fields
    assert layout.description_column == "description"


def test_items_of_a_group_are_skus_of_one_product_wherever_they_stand():
    found = products(shirt(1, "S") + MUG + shirt(2, "M") + shirt(3, "L"))
    assert [product.handle for product in found] == ["shirt", "mug-1"]
    assert found[0].option_names == ("Size",)
    assert [sku.options for sku in found[0].skus] == [("S",), ("M",), ("L",)]
    assert [(a["name"], a["value"]) for a in found[0].attributes] == [("Color", "Red")]
    assert found[0].cells == {"item_group_id": "shirt"}
    assert [sku.cells.get("title") for sku in found[0].skus] == [None, "Shirt M", "Shirt L"]


def test_items_that_nothing_tells_apart_are_told_apart_by_id():
    (found,) = products(shirt(1, "S") + shirt(2, "S"))
    assert (found.option_names, [sku.options for sku in found.skus]) == (("id",), [("1",), ("2",)])
    assert [warning.code for warning in found.warnings] == ["options_by_id"]
    (found,) = products(shirt(1, "S") + shirt(1, "S"))
    assert {problem.code for problem in found.problems} == {"id_repeated"}


def test_atom_is_read_like_rss():
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">'
        '<title>Shop</title><entry><g:id>1</g:id><title>Mug</title><link href="https://e.org/1"/>'
        "<summary>A mug.</summary><g:price>1 EUR</g:price></entry></feed>"
    )
    (mug,) = parse(atom)[1]
    assert (mug.handle, mug.title, mug.description) == ("1", "Mug", "<p>A mug.</p>")
    assert mug.skus[0].cells == {"link": "https://e.org/1"}


def test_a_table_is_read_with_the_rows_and_columns_of_its_problems():
    rows = "1\tMug\tA mug.\thttps://e.org\thttps://e.org/1.jpg\tin_stock\t12 USD\tH\t\t\n"
    layout, (mug,) = parse(TSV + rows)
    assert [(p.row, p.column, p.code) for p in mug.problems] == [
        (2, "price", "price_in_other_currency")
    ]
    assert layout.columns[4] == "image link"
    raw = [(2, [cell.replace("USD", "EUR") for cell in mug.raw[0][1]])]
    again = all_importers()["google_feed"].reread(layout, raw, OPTIONS, "x")
    assert (again.problems, again.skus[0].price_minor) == ((), 1200)


def test_a_corrected_item_of_xml_is_read_again():
    layout, (mug,) = parse(RSS + MUG.replace("12.00 EUR", "twelve") + RSS_END)
    assert [(p.column, p.code) for p in mug.problems] == [("price", "not_a_price")]
    again = all_importers()["google_feed"].reread(
        layout, mug.raw.replace("twelve", "12.00 EUR"), OPTIONS, "products.csv"
    )
    assert (again.problems, again.skus[0].compare_at_price_minor) == ((), 1200)
    broken = all_importers()["google_feed"].reread(layout, "[{", OPTIONS, "x")
    assert [problem.code for problem in broken.problems] == ["items_broken"]


@pytest.mark.parametrize(
    "content",
    [
        "<g:digital_source_type>trained_algorithmic_media</g:digital_source_type>"
        "<g:content>A red mug.</g:content>",
        "<g:content>A red mug.</g:content>",
        'trained_algorithmic_media:"A red mug."',
    ],
)
def test_a_text_that_a_model_has_written_is_not_called_human(content):
    item = "<item><g:id>1</g:id><g:title>Mug</g:title><g:price>1 EUR</g:price>"
    item += f"<g:structured_description>{content}</g:structured_description></item>"
    (mug,) = products(item)
    assert (mug.description, mug.is_ai_written) == ("<p>A red mug.</p>", True)
    assert "structured_description" in mug.cells


def test_the_plain_description_wins_over_the_structured_one():
    item = "<item><g:id>1</g:id><g:title>Mug</g:title><g:description>Ours.</g:description>"
    item += "<g:structured_description>default:Theirs.</g:structured_description></item>"
    (mug,) = products(item)
    assert (mug.description, mug.is_ai_written) == ("<p>Ours.</p>", False)


def test_details_of_a_table_are_taken_apart():
    header = TSV.rstrip("\n") + "\tproduct detail\n"
    cells = '1\tMug\t\t\t\tin_stock\t1 EUR\tH\t\t\tGeneral:Capacity:380 ml,"Care: x":Wash:yes\n'
    (mug,) = parse(header + cells)[1]
    assert [(a["name"], a["value"]) for a in mug.attributes] == [("Capacity", 380), ("Wash", "yes")]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<item><g:title>Mug</g:title></item>", ("id", "id_missing")),
        ("<item><g:id>1</g:id></item>", ("title", "title_missing")),
        ("<item><g:id>1</g:id><g:title>M</g:title><g:price>12 USD</g:price></item>",
         ("price", "price_in_other_currency")),
        ("<item><g:id>1</g:id><g:title>M</g:title><g:image_link>/1.jpg</g:image_link></item>",
         ("image_link", "not_a_web_address")),
        ("<item><g:id>1</g:id><g:title>M</g:title><g:shipping_weight>x</g:shipping_weight></item>",
         ("shipping_weight", "not_a_weight")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_item_is_reported(item, expected):
    (product,) = products(item)
    assert [(p.column, p.code) for p in product.problems][:1] == [expected]


def test_a_feed_without_items_is_refused():
    with pytest.raises(UnreadableFile) as caught:
        products("<title>Shop</title>")
    assert caught.value.code == "no_items"


def test_a_feed_in_another_encoding_is_read():
    xml = RSS.replace("?>", ' encoding="gb18030"?>') + shirt(1, "大") + RSS_END
    (found,) = parse(xml.encode("gb18030"))[1]
    assert found.title == "Shirt 大"


def test_only_feeds_are_recognised():
    assert importer_for(source(RSS + MUG + RSS_END)).name == "google_feed"
    assert importer_for(source(TSV + "1\tM\t\t\t\tx\t1 EUR\tH\t\t\n")).name == "google_feed"
    assert importer_for(source("id,title,price\n1,Mug,2\n2,Pot,3\n")) is None


def test_prices_follow_the_decimal_mark():
    options = replace(OPTIONS, decimal_mark=",")
    (found,) = products(shirt(1, "S", price="1.234 EUR"), options=options)
    assert found.skus[0].price_minor == 123400


def test_plain_text_does_not_take_the_markup_from_a_description(in_scope):
    bring("Handle,Title,Body (HTML)\nmug-1,Mug,<p>A <b>mug</b> &amp; more.</p>\n")
    assert [
        change for change in changes(preview(RSS + MUG + RSS_END)) if "descr" in change[1]
    ] == []
    other = preview(RSS + MUG.replace("A mug", "A cup") + RSS_END)
    assert ("mug-1", "description", "A mug & more.", "A cup & more.") in changes(other)
