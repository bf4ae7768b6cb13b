import csv
from io import StringIO

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from stores.exporters.base import ExportOptions, Report
from stores.exporters.registry import all_exporters
from stores.importers.base import ParsedImage, ParsedSku
from stores.models import Product
from stores.services.copy import add_draft, publish_copy, unpublish_copy
from stores.services.products import create_product, update_product
from tenants.actor import SYSTEM
from tenants.scope import merchant_scope
from tests.stores.files import bring, changes, counts, export, preview, table

CLASSIC = """Handle,Title,Body (HTML),Tags,Published,Option1 Name,Option1 Value,Variant SKU,\
Variant Price,Variant Inventory Qty,Image Src,Image Alt Text,Variant Grams
shirt,Shirt,<p>A shirt.</p>,"new,  sale",true,Size,S,S-1,"€10,00",3,https://e.org/1.jpg,Front,0.0
shirt,,,,,,M,S-2,12,4,https://e.org/2.jpg,,1.5 kg
shirt,,,,,,,,,,https://e.org/3.jpg,Back,
"""
NEW = """Title,URL handle,Description,Status,SKU,Price,Inventory quantity,SEO title,My column
Mug,mug,,active,M-1,5.00,7,Best mug,kept
"""


def rows(text):
    return list(csv.reader(StringIO(text, newline="")))


def publish(product, text, locale="en"):
    draft = add_draft(
        product=product,
        field="description",
        locale=locale,
        text=text,
        source="ai",
        actor=SYSTEM,
    )
    return publish_copy(version=draft, actor=SYSTEM)


def test_a_file_comes_back_with_its_own_spelling(in_scope):
    bring(CLASSIC)
    assert rows(export()) == rows(CLASSIC)


def test_a_published_text_replaces_the_description_only(in_scope):
    bring(CLASSIC)
    publish(Product.objects.get(), "<p>Ours.</p>")
    assert rows(export()) == rows(CLASSIC.replace("<p>A shirt.</p>", "<p>Ours.</p>"))


def test_a_text_in_another_language_stays_out(in_scope):
    bring(CLASSIC)
    publish(Product.objects.get(), "<p>Unser.</p>", locale="de")
    assert rows(export()) == rows(CLASSIC)


def test_markup_that_we_do_not_show_comes_back_untouched(in_scope):
    file = CLASSIC.replace("<p>A shirt.</p>", "<p onclick=x>A</p><iframe src=x></iframe>")
    bring(file)
    assert rows(export()) == rows(file)


def test_a_description_taken_off_here_is_empty_in_the_export(in_scope):
    bring(CLASSIC)
    version = publish(Product.objects.get(), "<p>Ours.</p>")
    unpublish_copy(version=version, actor=SYSTEM)
    assert rows(export()) == rows(CLASSIC.replace("<p>A shirt.</p>", ""))


def test_what_was_changed_here_lies_over_the_files_cells(in_scope):
    bring(CLASSIC)
    shirt = Product.objects.get()
    small, medium = shirt.skus.all()
    update_product(
        product=shirt,
        actor=SYSTEM,
        title="Tee",
        tags=["new"],
        status="draft",
        skus=[
            ParsedSku(("S",), code="S-1", price_minor=1000, weight_grams="0"),
            ParsedSku(("M",), code="S-2", price_minor=1300, weight_grams="1500"),
        ],
    )
    expected = CLASSIC.replace("Shirt,<p>", "Tee,<p>").replace('"new,  sale",true', "new,false")
    assert rows(export()) == rows(expected.replace("S-2,12,", "S-2,13.00,"))
    assert (small.pk, medium.pk) == tuple(shirt.skus.values_list("pk", flat=True))


def test_a_sku_less_or_more_gets_rows_like_shopifys(in_scope):
    bring(CLASSIC)
    shirt = Product.objects.get()
    update_product(
        product=shirt, actor=SYSTEM, skus=[ParsedSku((s,)) for s in ("S", "L", "XL", "XS")]
    )
    found = [(row.get("Option1 Value"), row.get("Image Src")) for row in table(export())]
    assert found == [
        ("S", "https://e.org/1.jpg"),
        ("L", "https://e.org/2.jpg"),
        ("XL", "https://e.org/3.jpg"),
        ("XS", None),
    ]
    assert counts(preview(export())) == (0, 0, 1, 0)


def test_files_of_both_layouts_share_one_header(in_scope):
    bring(CLASSIC)
    bring(NEW)
    exported = export()
    header = rows(exported)[0]
    assert header[:9] == rows(NEW)[0]
    assert header[9:] == [
        *("Tags", "Published", "Option1 Name", "Option1 Value"),
        *("Image Src", "Image Alt Text", "Variant Grams"),
    ]
    shirt, _, _, mug = table(exported)
    assert (shirt["URL handle"], shirt["Description"]) == ("shirt", "<p>A shirt.</p>")
    assert (mug["My column"], mug["Inventory quantity"]) == ("kept", "7")
    assert changes(preview(exported)) == []


def test_a_product_made_here_gets_the_classic_columns(in_scope):
    create_product(
        title="Bowl",
        actor=SYSTEM,
        vendor="H",
        description="<p>A bowl.</p>",
        status="archived",
        option_names=["Size"],
        skus=[
            ParsedSku(("S",), price_minor=500, weight_grams="250", image_url="https://e.org/1.jpg")
        ],
        images=[ParsedImage("https://e.org/1.jpg", "Front", 1)],
        attributes=[{"name": "Material", "value": "oak"}, {"name": "材质", "value": ["a", "b"]}],
    )
    exported = export()
    assert table(exported) == [
        {
            "Handle": "bowl",
            "Title": "Bowl",
            "Body (HTML)": "<p>A bowl.</p>",
            "Vendor": "H",
            "Option1 Name": "Size",
            "Option1 Value": "S",
            "Variant Price": "5.00",
            "Variant Grams": "250",
            "Image Src": "https://e.org/1.jpg",
            "Image Position": "1",
            "Image Alt Text": "Front",
            "Variant Image": "https://e.org/1.jpg",
            "Status": "archived",
            "Material (product.metafields.custom.material)": "oak",
            "材质 (product.metafields.custom.attribute_1a5c9a47)": "a; b",
        }
    ]
    again = preview(exported)
    assert (changes(again), counts(again)) == ([], (0, 0, 1, 0))


def test_columns_that_a_file_lacked_are_added_where_a_product_needs_them(in_scope):
    bring("Handle,Title\nmug,Mug\npot,Pot\n")
    mug = Product.objects.get(handle="mug")
    assert rows(export())[0] == ["Handle", "Title"]
    publish(mug, "<p>Ours.</p>")
    update_product(
        product=mug, actor=SYSTEM, vendor="H", attributes=[{"name": "Size", "value": "S"}]
    )
    assert rows(export()) == [
        ["Handle", "Title", "Body (HTML)", "Vendor", "Size (product.metafields.custom.size)"],
        ["mug", "Mug", "<p>Ours.</p>", "H", "S"],
        ["pot", "Pot", "", "", ""],
    ]


def test_an_alternative_text_given_here_gets_a_column(in_scope):
    bring("Handle,Title,Image Src\nmug,Mug,https://e.org/1.jpg\nmug,,https://e.org/2.jpg\n")
    assert rows(export())[0] == ["Handle", "Title", "Image Src"]
    images = [ParsedImage(f"https://e.org/{n}.jpg", "Front" if n == 1 else "", n) for n in (1, 2)]
    update_product(product=Product.objects.get(), actor=SYSTEM, images=images)
    assert rows(export()) == [
        ["Handle", "Title", "Image Src", "Image Alt Text"],
        ["mug", "Mug", "https://e.org/1.jpg", "Front"],
        ["mug", "", "https://e.org/2.jpg", ""],
    ]


def test_an_attribute_changed_here_goes_back_to_its_column(in_scope):
    file = "Handle,Title,Material (product.metafields.custom.m)\nmug,Mug,oak\n"
    bring(file)
    mug = Product.objects.get()
    update_product(product=mug, actor=SYSTEM, attributes=[{"name": "Material", "value": "ash"}])
    assert rows(export()) == rows(file.replace("oak", "ash"))


def test_a_filter_limits_the_export(in_scope):
    bring("Handle,Title\nmug,Mug\npot,Pot\n")
    assert len(rows(export(Product.objects.filter(handle="pot")))) == 2


def test_an_export_of_nothing_has_a_header(in_scope):
    assert rows(export())[0][:3] == ["Handle", "Title", "Body (HTML)"]


@pytest.mark.django_db
def test_the_pieces_can_be_taken_when_the_scope_is_closed(merchant, other_merchant):
    with merchant_scope(other_merchant.pk), transaction.atomic():
        create_product(title="Theirs", actor=SYSTEM)
    with merchant_scope(merchant.pk), transaction.atomic():
        create_product(title="Mine", actor=SYSTEM)
        exporter = all_exporters()["shopify_csv"]
        pieces = exporter.write(Product.objects.all(), ExportOptions(), Report())
    text = "".join(pieces)
    assert ("Mine" in text, "Theirs" in text) == (True, False)


def test_an_export_takes_a_bounded_number_of_queries(in_scope):
    def n_queries():
        with CaptureQueriesContext(connection) as captured:
            export()
        return len(captured)

    bring([["Handle", "Title", "Variant Price"], *([f"a-{n}", "A", "1"] for n in range(5))])
    few = n_queries()
    bring([["Handle", "Title", "Variant Price"], *([f"b-{n}", "B", "1"] for n in range(150))])
    assert n_queries() == few
