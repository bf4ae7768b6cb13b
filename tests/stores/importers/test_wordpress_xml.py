from dataclasses import replace

import pytest

from stores.importers.base import UnreadableFile
from stores.importers.registry import all_importers
from stores.importers.wordpress_php import unserialized
from tests.stores.files import OPTIONS, parse

START = (
    '<?xml version="1.0"?><rss xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Shop</title>'
)
END = "</channel></rss>"
SIZES = 'a:1:{s:7:"pa_size";a:2:{s:4:"name";s:7:"pa_size";s:12:"is_variation";i:1;}}'


def item(number, kind, title, metas, terms="", **texts):
    parts = "".join(f"<wp:{name}>{text}</wp:{name}>" for name, text in texts.items())
    values = "".join(
        f"<wp:postmeta><wp:meta_key>{k}</wp:meta_key><wp:meta_value>{v}</wp:meta_value></wp:postmeta>"
        for k, v in metas.items()
    )
    return (
        f"<item><title>{title}</title><content:encoded><![CDATA[<p>A\n{title}.</p>]]>"
        f"</content:encoded><wp:post_id>{number}</wp:post_id><wp:post_type>{kind}</wp:post_type>"
        f"<wp:status>publish</wp:status>{parts}{terms}{values}</item>"
    )


SHIRT = item(
    *(1, "product", "Shirt", {"_sku": "shirt", "_product_attributes": SIZES, "_thumbnail_id": 9}),
    terms='<category domain="pa_size" nicename="s">Small</category>'
    '<category domain="pa_size" nicename="m">Medium</category>'
    '<category domain="product_cat" nicename="tops">Tops</category>',
)
SMALL = item(
    *(2, "product_variation", "Shirt - S"),
    {"_sku": "shirt-s", "_regular_price": "12.50", "_sale_price": "9", "attribute_pa_size": "s"},
    post_parent=1,
)
MEDIUM = item(
    *(3, "product_variation", "Shirt - M"),
    {"_sku": "shirt-m", "_regular_price": "1.250", "attribute_pa_size": "m"},
    post_parent=1,
)
PICTURE = item(9, "attachment", "x", {}, attachment_url="https://e.org/9.jpg")
PAGE = item(5, "page", "About us", {})


@pytest.mark.parametrize(
    "items", [[SHIRT, SMALL, MEDIUM, PICTURE, PAGE], [PICTURE, MEDIUM, SMALL, PAGE, SHIRT]]
)
def test_a_product_is_put_together_from_its_items(items):
    layout, (shirt,) = parse(START + "".join(items) + END, file_name="export.xml")
    assert (shirt.handle, shirt.title, shirt.category) == ("shirt", "Shirt", "Tops")
    assert (shirt.description, shirt.option_names) == ("<p>A\nShirt.</p>", ("Size",))
    skus = {sku.options: (sku.code, sku.price_minor) for sku in shirt.skus}
    assert skus == {("Small",): ("shirt-s", 900), ("Medium",): ("shirt-m", 125)}
    assert [image.url for image in shirt.images] == ["https://e.org/9.jpg"]
    assert shirt.problems == ()
    assert "sku.options" in layout.fields


def test_a_corrected_product_is_read_again():
    wrong = START + SHIRT + SMALL.replace("12.50", "cheap") + END
    layout, (shirt,) = parse(wrong)
    assert [(p.column, p.code) for p in shirt.problems] == [("Regular price", "not_a_price")]
    raw = [[n, ["12" if cell == "cheap" else cell for cell in cells]] for n, cells in shirt.raw]
    again = all_importers()["wordpress_xml"].reread(layout, raw, OPTIONS, "x")
    assert (again.problems, again.skus[0].compare_at_price_minor) == ((), 1200)


def test_an_export_without_products_names_the_one_to_use():
    with pytest.raises(UnreadableFile) as caught:
        parse(START + PAGE + END)
    assert caught.value.code == "file_is_wordpress"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('a:1:{s:3:"é1";a:2:{i:0;s:1:"a";s:1:"b";b:1;}}', {"é1": {0: "a", "b": 1}}),
        ("d:1.5;", 1.5),
        ("N;", None),
        ('O:8:"stdClass":0:{}', None),
        ('s:99:"short";', None),
        ("a:999999999:{", None),
        ("a:1:{" * 50, None),
        ("", None),
    ],
)
def test_values_of_php_are_read_without_making_objects(text, value):
    assert unserialized(text) == value


def test_the_sample_of_woocommerce_is_read_whole(shared_data):
    path = shared_data / "catalogue" / "woocommerce-xml" / "sample_products.xml"
    _, products = parse(path, options=replace(OPTIONS, currency="VND"))
    assert (len(products), sum(len(product.skus) for product in products)) == (18, 23)
    assert all(product.problems == () for product in products)
    assert products[1].option_names == ("Color", "Logo")
