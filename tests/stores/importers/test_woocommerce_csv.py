from dataclasses import replace

import pytest

from stores.importers.base import UnreadableFile
from stores.importers.registry import all_importers, importer_for
from stores.importers.woocommerce_cells import read_html, read_list, write_html, write_list
from stores.importers.woocommerce_columns import column_of
from stores.models import Product
from tests.stores.files import OPTIONS, bring, changes, content, parse, preview, problems
from tests.stores.importers.sources import source

HEADER = "ID,Type,SKU,Name,Published,In stock?,Tax status,Regular price,Sale price,Categories,Tags,"
HEADER += "Images,Parent,Position,Weight (kg),Length (cm),Meta: color,Attribute 1 name,"
HEADER += "Attribute 1 value(s),Attribute 1 visible,Attribute 1 default\n"
SHIRT = '1,variable,shirt,Shirt,1,1,taxable,,,,,https://e.org/0.jpg,,0,,,,Size,"S, M, XL",1,M\n'
SMALL = (
    "2,variation,shirt-s,Shirt - S,1,1,taxable,12,9,,,https://e.org/s.jpg,shirt,1,0.2,,,Size,S,,\n"
)
MEDIUM = "3,variation,shirt-m,Shirt - M,1,0,taxable,12,,,,,id:1,2,,,,Size,M,,\n"
MUG = '9,simple,mug,Mug,1,1,taxable,"1.234,50",,"Home > Mugs, Sale","tea, gift",,,0,"0,4",10,red,,,,\n'


def one(file, **kwargs):
    _, products = parse(file, **kwargs)
    assert len(products) == 1
    return products[0]


def test_the_columns_are_recognised_in_five_languages():
    headers = {
        "de": "ID,Typ,Artikelnummer,Name,Veröffentlicht,Vorrätig?,Steuerstatus,Regulärer Preis",
        "fr": "ID,Type,UGS,Nom,Publié,En stock ?,État de la TVA,Tarif régulier",
        "es": "ID,Tipo,SKU,Nombre,Publicado,¿Existencias?,Estado del impuesto,Precio normal",
        "zh": "ID,类型,SKU,名称,已发布,有货？,税状态,常规售价",
    }
    for header in headers.values():
        found = source(f"{header}\n1,simple,mug,Mug,1,1,taxable,12\n")
        assert importer_for(found).name == "woocommerce_csv"
        mug = one(f"{header}\n1,simple,mug,Mug,1,1,taxable,12\n")
        assert (mug.handle, mug.title, mug.skus[0].price_minor) == ("mug", "Mug", 1200)
        assert mug.cells["In stock?"] == "1"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Attribut 2 Wert(e)", "Attribute 2 value(s)"),
        ("Nom de l’attribut 1", "Attribute 1 name"),
        ("Valeur(s) de l'attribut 12", "Attribute 12 value(s)"),
        ("Atributo global 1", "Attribute 1 global"),
        ("Attribut 1 par défaut", "Attribute 1 default"),
        ("属性 3 值", "Attribute 3 value(s)"),
        ("属性1的全局", "Attribute 1 global"),
        ("Gewicht (g)", "Weight"),
        ("宽度 (厘米)", "Width"),
        ("Meta: _yoast", "Meta: _yoast"),
        ("Swatches Attributes", "Swatches Attributes"),
    ],
)
def test_a_translated_header_names_the_english_column(header, name):
    assert column_of(header).name == name


def test_a_shopify_file_is_not_taken_for_one():
    found = source("Handle,Title,Published,Tags,Variant Price\nmug,Mug,true,,1\n")
    assert all_importers()["woocommerce_csv"].recognises(found) == 0.0


def test_a_simple_product_is_read_with_its_facts():
    mug = one(HEADER + MUG)
    assert (mug.handle, mug.category, mug.tags) == ("mug", "Home > Mugs", ("tea", "gift"))
    assert (mug.skus[0].price_minor, mug.skus[0].weight_grams) == (123450, "400")
    assert [(a["name"], a["value"], a["unit"]) for a in mug.attributes] == [("Length", 10, "cm")]
    assert mug.cells["Meta: color"] == "red"
    assert mug.spellings["Categories"] == "Home > Mugs, Sale"
    assert mug.problems == ()


@pytest.mark.parametrize(
    "rows",
    [
        [SHIRT, SMALL, MEDIUM, MUG],
        [MEDIUM, SMALL, SHIRT, MUG],
        [SMALL, SHIRT, MUG, MEDIUM],
    ],
)
def test_variations_find_their_product_wherever_they_stand(rows):
    _, products = parse(HEADER + "".join(rows))
    shirt = next(product for product in products if product.handle == "shirt")
    assert len(products) == 2
    assert shirt.option_names == ("Size",)
    assert [(sku.options, sku.code) for sku in shirt.skus] == [
        (("S",), "shirt-s"),
        (("M",), "shirt-m"),
    ]
    assert (shirt.skus[0].price_minor, shirt.skus[0].compare_at_price_minor) == (900, 1200)
    assert (shirt.skus[1].price_minor, shirt.skus[1].compare_at_price_minor) == (1200, None)
    assert shirt.skus[0].cells["Name"] == "Shirt - S"
    assert shirt.cells["SKU"] == "shirt"
    assert [image.url for image in shirt.images] == ["https://e.org/0.jpg", "https://e.org/s.jpg"]


def test_a_variation_for_any_value_says_so():
    any_size = SMALL.replace("Size,S", "Size,")
    shirt = one(HEADER + SHIRT + any_size + MEDIUM)
    assert [sku.options for sku in shirt.skus] == [("Any",), ("M",)]


def test_an_attribute_that_no_variation_sets_describes_the_product():
    shirt = one(HEADER + SHIRT + SMALL.replace("Size,S", "Size,"))
    assert (shirt.option_names, shirt.skus[0].options) == ((), ())
    assert [(a["name"], a["value"]) for a in shirt.attributes] == [("Size", ["S", "M", "XL"])]


def test_a_variation_without_its_product_is_reported():
    assert problems(HEADER + MEDIUM + MUG) == [(2, "Parent", "parent_not_found")]
    alone = MEDIUM.replace("id:1", "")
    assert problems(HEADER + alone) == [(2, "Parent", "parent_missing")]


def test_repeated_options_are_reported():
    again = MEDIUM.replace("Size,M", "Size,S")
    assert problems(HEADER + SHIRT + SMALL + again) == [(4, "", "options_repeated")]


def test_grouped_and_external_products_keep_what_makes_them_so():
    header = "Type,SKU,Name,Published,In stock?,Tax status,Grouped products,External URL\n"
    rows = 'grouped,set,Set,1,1,taxable,"a, b",\nexternal,gift,Gift,-1,1,taxable,,https://e.org\n'
    _, (together, gift) = parse(header + rows)
    assert together.cells["Grouped products"] == "a, b"
    assert (gift.status, gift.cells["External URL"]) == ("draft", "https://e.org")


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("Name", "", "title_missing"),
        ("Published", "maybe", "published_unknown"),
        ("Regular price", "free", "not_a_price"),
        ("Regular price", "1.234", "price_ambiguous"),
        ("Weight (kg)", "heavy", "not_a_weight"),
        ("Images", "/img/1.jpg", "not_a_web_address"),
    ],
)
def test_a_cell_that_cannot_be_read_is_reported_with_its_column(column, cell, code):
    names = HEADER.strip().split(",")
    cells = dict(zip(names, ["9", "simple", "mug", "Mug", "1", "1", "taxable", "1"], strict=False))
    cells[column] = cell
    rows = [names, [cells.get(name, "") for name in names]]
    assert problems(rows) == [(2, column, code)]


def test_the_decimal_mark_settles_what_a_price_means():
    row = MUG.replace('"1.234,50"', "1.234").replace('"0,4"', "0.4")
    assert one(HEADER + row, options=replace(OPTIONS, decimal_mark=".")).problems != ()
    comma = one(HEADER + row.replace(",0.4,", ",,"), options=replace(OPTIONS, decimal_mark=","))
    assert comma.skus[0].price_minor == 123400


def test_a_corrected_product_is_read_again():
    wrong = HEADER + SHIRT + SMALL.replace(",12,9,", ",twelve,9,") + MEDIUM
    layout, (shirt,) = parse(wrong)
    raw = [[number, list(cells)] for number, cells in shirt.raw]
    raw[1][1][7] = "12"
    again = all_importers()["woocommerce_csv"].reread(layout, raw, OPTIONS, "x.csv")
    assert again == one(HEADER + SHIRT + SMALL + MEDIUM, file_name="x.csv")


def test_a_column_that_comes_twice_is_refused():
    with pytest.raises(UnreadableFile) as caught:
        parse("Name,SKU,Regular price,In stock?,Tax status,Regular price\na,b,1,1,taxable,2\n")
    assert (caught.value.code, caught.value.params["column"]) == ("column_twice", "Regular price")


def test_lists_and_texts_of_cells_come_back_as_they_were():
    assert read_list("Clothing > Hoodies, Salt\\, pepper,x") == [
        *("Clothing > Hoodies", "Salt, pepper", "x"),
    ]
    assert read_list(write_list(["a, b", "c"])) == ["a, b", "c"]
    assert read_html("<p>a</p>\\n<p>b\\\\nc</p>") == "<p>a</p>\n<p>b\\nc</p>"
    assert read_html(write_html("a\nb\\nc")) == "a\nb\\nc"


def test_the_sample_of_woocommerce_is_read_whole(shared_data):
    path = shared_data / "catalogue" / "woocommerce-csv" / "sample_products.csv"
    layout, products = parse(path)
    assert (len(products), sum(len(product.skus) for product in products)) == (15, 22)
    assert all(product.problems == () for product in products)
    hoodie = products[1]
    assert hoodie.option_names == ("Color", "Logo")
    assert [sku.options for sku in hoodie.skus][-1] == ("Blue", "No")
    assert layout.description_column == "Description"
    assert content(path)[:3] == b"ID,"


def test_a_variable_row_without_its_variations_leaves_the_skus_alone(in_scope):
    bring(HEADER + SHIRT + SMALL + MEDIUM)
    alone = HEADER + SHIRT.replace("Shirt", "Blouse").replace("0.jpg", "9.jpg")
    found = preview(alone)
    assert changes(found) == [
        ("shirt", "title", "Shirt", "Blouse"),
        ("shirt", "image", "", "https://e.org/9.jpg"),
    ]
    assert [warning["code"] for warning in found.items.get().warnings] == ["variations_missing"]
    bring(alone)
    shirt = Product.objects.get()
    assert (shirt.title, shirt.option_names, shirt.images.count()) == ("Blouse", ["Size"], 3)
    assert list(shirt.skus.values_list("code", "image__url")) == [
        ("shirt-s", "https://e.org/s.jpg"),
        ("shirt-m", None),
    ]


def test_a_new_variable_row_without_its_variations_has_one_sku(in_scope):
    found = bring(HEADER + SHIRT)
    assert [warning["code"] for warning in found.items.get().warnings] == ["variations_missing"]
    assert list(Product.objects.get().skus.values_list("code", "options")) == [("shirt", [])]
