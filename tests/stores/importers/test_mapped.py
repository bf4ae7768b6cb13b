import json
from dataclasses import replace

import pytest

from stores.importers.base import UnreadableFile
from stores.importers.mapped import FIELDS, guess_mapping
from stores.importers.problems import MESSAGES
from stores.importers.registry import all_importers, importer_for
from tests.stores.files import OPTIONS, bring, counts, parse, preview
from tests.stores.importers.sources import source

GUESSED = replace(OPTIONS, format="mapped")
HEADER = ["Art", "Bezeichnung", "Text", "Preis", "Farbe", "Gewicht (kg)", "Bild", "Intern"]
MAPPING = {
    "Art": "sku",
    "Bezeichnung": "title",
    "Text": "description",
    "Preis": "price",
    "Farbe": "attribute",
    "Gewicht (kg)": "weight",
    "Bild": "image",
    "Intern": "cell",
}
MUG = ["M 1", "Becher", "<p>Ein Becher.</p>", "12,50", "Rot", "0,4", "https://e.org/1.jpg", "x"]


def assigned(rows, mapping=MAPPING, **options):
    return parse(rows, options=replace(OPTIONS, mapping=mapping, **options))


def found(rows, mapping=MAPPING, **options):
    _, products = assigned(rows, mapping, **options)
    return [(p.row, p.column, p.code) for product in products for p in product.problems]


def test_columns_mean_what_a_person_says():
    layout, (mug,) = assigned([HEADER, MUG])
    assert (mug.handle, mug.title, mug.description) == ("m-1", "Becher", "<p>Ein Becher.</p>")
    assert [(a["name"], a["value"]) for a in mug.attributes] == [("Farbe", "Rot")]
    assert [image.url for image in mug.images] == ["https://e.org/1.jpg"]
    (sku,) = mug.skus
    assert (sku.code, sku.price_minor, sku.weight_grams) == ("M 1", 1250, "400")
    assert sku.cells == {"Intern": "x"}
    assert layout.fields == {
        *("handle", "title", "description", "attributes", "images"),
        *("skus", "sku.code", "sku.price_minor", "sku.weight_grams"),
    }
    assert (layout.description_column, mug.problems) == ("Text", ())


def test_columns_that_nobody_mentions_are_kept():
    _, (mug,) = assigned([HEADER, MUG], {"Bezeichnung": "title"})
    assert mug.skus[0].cells["Farbe"] == "Rot"
    assert mug.attributes == ()


def test_rows_of_a_group_are_skus_of_one_product_wherever_they_stand():
    mapping = {"spu": "group", "name": "title", "color": "option", "code": "sku", "price": "price"}
    rows = [["spu", "name", "color", "code", "price"]]
    rows += [
        ["A", "Shirt", "Red", "a1", "5"],
        ["B", "Mug", "", "b1", "3"],
        ["A", "", "Blue", "a2", ""],
    ]
    _, (shirt, mug) = assigned(rows, mapping)
    assert (shirt.handle, shirt.option_names) == ("a", ("color",))
    assert [(s.options, s.code) for s in shirt.skus] == [(("Red",), "a1"), (("Blue",), "a2")]
    assert (mug.option_names, mug.skus[0].options) == ((), ())


def test_variants_that_name_the_sku_of_their_product_join_it():
    mapping = {"sku": "sku", "parent": "group", "name": "title", "size": "option"}
    rows = [["sku", "parent", "name", "size"], ["P", "", "Shirt", ""]]
    rows += [["P-S", "P", "Shirt S", "S"], ["P-M", "P", "Shirt M", "M"]]
    _, (shirt,) = assigned(rows, mapping)
    assert (shirt.title, [sku.code for sku in shirt.skus]) == ("Shirt", ["P-S", "P-M"])
    assert [warning.code for warning in shirt.warnings] == ["first_value_counts"]


def test_rows_that_only_add_pictures_are_no_skus():
    mapping = {"handle": "handle", "title": "title", "sku": "sku", "image": "image"}
    rows = [["handle", "title", "sku", "image"], ["mug", "Mug", "1", "https://e.org/1.jpg"]]
    _, (mug,) = assigned([*rows, ["mug", "", "", "https://e.org/2.jpg"]], mapping)
    assert (len(mug.skus), len(mug.images)) == (1, 2)


def test_rows_that_no_option_tells_apart_are_told_apart_by_their_skus():
    mapping = {"handle": "handle", "title": "title", "sku": "sku"}
    rows = [["handle", "title", "sku"], ["mug", "Mug", "1"], ["mug", "Mug", "2"]]
    _, (mug,) = assigned(rows, mapping)
    assert (mug.option_names, [sku.options for sku in mug.skus]) == (("sku",), [("1",), ("2",)])
    assert [warning.code for warning in mug.warnings] == ["options_by_sku"]


def test_names_and_values_of_options_may_stand_in_columns_of_their_own():
    header = ["name", "option1_name", "option1_value", "sku", "slug"]
    rows = [["Shirt", "Size", "S", "1", "shirt"], ["Shirt", "Size", "M", "2", "shirt"]]
    _, (shirt,) = parse([header, *rows], options=GUESSED)
    assert (shirt.option_names, [s.options for s in shirt.skus]) == (("Size",), [("S",), ("M",)])


def test_a_reduced_price_is_the_price_and_the_other_the_one_before():
    mapping = {"name": "title", "price": "price", "special": "sale_price"}
    rows = [["name", "price", "special"], ["Mug", "12", "9"], ["Pot", "12", ""]]
    _, (mug, pot) = assigned(rows, mapping)
    assert (mug.skus[0].price_minor, mug.skus[0].compare_at_price_minor) == (900, 1200)
    assert (pot.skus[0].price_minor, pot.skus[0].compare_at_price_minor) == (1200, None)


def test_a_list_of_pictures_is_split_at_any_mark():
    urls = "https://e.org/a,b.jpg,https://e.org/2.jpg; https://e.org/3.jpg\nhttps://e.org/it's.jpg"
    _, (mug,) = assigned([["t", "i"], ["Mug", urls]], {"t": "title", "i": "image"})
    assert [image.url for image in mug.images] == [
        *("https://e.org/a,b.jpg", "https://e.org/2.jpg"),
        *("https://e.org/3.jpg", "https://e.org/it%27s.jpg"),
    ]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("Bezeichnung", "", "title_missing"),
        ("Preis", "gratis", "not_a_price"),
        ("Preis", "12 oder 13", "not_a_price"),
        ("Gewicht (kg)", "schwer", "not_a_weight"),
        ("Art", "x" * 256, "too_long"),
        ("Text", "a\0b", "nul_character"),
    ],
)
def test_a_cell_that_cannot_be_read_is_reported(column, cell, code):
    row = [cell if name == column else value for name, value in zip(HEADER, MUG, strict=True)]
    # A number that can be read in one way only would tell how the others are meant.
    row = [value.replace("0,4", "400") for value in row]
    assert (2, column, code) in found([HEADER, row])


def test_rows_of_the_wrong_length_are_reported():
    assert found([HEADER, MUG[:-1], [*MUG, "oops"]]) == [
        (2, "", "row_too_short"),
        (3, "", "row_too_long"),
    ]


def test_another_currency_is_reported():
    mapping = {"t": "title", "p": "price", "c": "currency"}
    assert found([["t", "p", "c"], ["Mug", "1", "USD"]], mapping) == [
        (2, "c", "price_in_other_currency")
    ]


def test_a_status_that_is_none_is_reported():
    mapping = {"t": "title", "s": "status"}
    rows = [["t", "s"], ["A", "上架"], ["B", "0"], ["C", "perhaps"]]
    assert found(rows, mapping) == [(4, "s", "status_unknown")]
    assert [product.status for product in assigned(rows, mapping)[1]][:2] == ["active", "draft"]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"Text": "description"}, "mapping_without_title"),
        ({"Bezeichnung": "title", "Text": "title"}, "mapping_field_twice"),
        ({"Bezeichnung": "price; DROP TABLE"}, "mapping_unknown_field"),
    ],
)
def test_an_assignment_that_makes_no_sense_is_refused(mapping, code):
    with pytest.raises(UnreadableFile) as caught:
        assigned([HEADER, MUG], mapping)
    assert caught.value.code == code
    assert code in MESSAGES


def test_a_corrected_product_is_read_again():
    rows = [HEADER, [*MUG[:3], "zwölf", *MUG[4:]]]
    layout, (mug,) = assigned(rows)
    raw = [
        [number, ["12,50" if cell == "zwölf" else cell for cell in cells]]
        for number, cells in mug.raw
    ]
    options = replace(OPTIONS, mapping=MAPPING)
    again = all_importers()["mapped"].reread(layout, raw, options, "products.csv")
    assert again == assigned([HEADER, MUG])[1][0]


def test_a_list_of_json_objects_is_a_table_too():
    objects = [
        {"id": 1, "title": "Mug", "tags": ["a", "b"], "size": {"w": 3}, "stock": None, "new": True},
        {"id": 2, "title": "Pot", "reviews": [{"stars": 5}]},
    ]
    for text in (json.dumps(objects), json.dumps({"products": objects}, indent=1)):
        _, (mug, pot) = parse(text, options=GUESSED, file_name="x.json")
        assert (mug.title, mug.tags) == ("Mug", ("a", "b"))
        assert mug.skus[0].cells["size.w"] == "3"
        assert json.loads(pot.skus[0].cells["reviews"]) == [{"stars": 5}]


def test_elements_of_any_xml_are_a_table_too():
    xml = "<store><products><product id='7'><name>Mug</name><price_with_vat>5,00</price_with_vat>"
    xml += "<image>https://e.org/1.jpg</image><ean>4006381333931</ean></product></products></store>"
    _, (mug,) = parse(xml, options=GUESSED, file_name="skroutz.xml")
    assert (mug.title, mug.skus[0].price_minor, mug.skus[0].barcode) == (
        "Mug",
        500,
        "4006381333931",
    )
    assert [image.url for image in mug.images] == ["https://e.org/1.jpg"]


def test_an_import_waits_until_its_columns_are_assigned(in_scope):
    rows = [HEADER, MUG]
    waiting = preview(rows)
    assert (waiting.state, waiting.columns["header"]) == ("mapping", HEADER)
    assert waiting.columns["sample"][0][1][1] == "Becher"
    done = bring(rows, options=replace(OPTIONS, mapping=MAPPING))
    assert (done.state, counts(done)) == ("finished", (1, 0, 0, 0))
    assert counts(preview(rows, options=replace(OPTIONS, mapping=MAPPING))) == (0, 0, 1, 0)


def test_every_field_can_be_guessed_or_chosen():
    assert set(FIELDS) >= {"handle", "title", "price", "option", "attribute", "cell", "ignore"}
    assert importer_for(source([HEADER, MUG], options=GUESSED)).name == "mapped"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("商品名称", "title"),
        ("品牌", "vendor"),
        ("市场价", "compare_at_price"),
        ("零售价", "price"),
        ("货号", "sku"),
        ("商品分类", "category"),
        ("主图", "image"),
        ("Artikelnummer", "sku"),
        ("Hersteller", "vendor"),
        ("Langbeschreibung", "description"),
        ("Désignation", "title"),
        ("Prix TTC", "price"),
        ("Poids (g)", "weight"),
        ("Código de barras", "barcode"),
        ("EAN13", "barcode"),
        ("Name *", "title"),
        ("Reference #", "sku"),
        ("URL rewritten", "handle"),
        ("Categories (x;y;z...)", "category"),
        ("price_with_vat", "price"),
        ("UniqueID", "sku"),
        ("item_group_id", "group"),
        ("image2_src", "image"),
        ("variantAssets", "image"),
        ("taxCategory", "cell"),
    ],
)
def test_a_column_is_known_by_its_name(header, field):
    assert guess_mapping([header], [[""]])[header].field == field


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["https://e.org/1.jpg", "https://e.org/2.png"], "image"),
        (["4006381333931", "9783161484100"], "barcode"),
        (["4006381333932", "9783161484101"], "cell"),
        (["<p>Good</p>", "<ul><li>Better</li></ul>"], "description"),
        (["12.00 €", "1.234,50 €"], "price"),
        (["blue-mug", "red-pot"], "handle"),
        (["red", "blue", "red", "red"], "attribute"),
        (["1", "0", "1", "0"], "cell"),
        (["2024-01-02", "2024-05-06", "2023-01-01"], "cell"),
        (["", ""], "cell"),
    ],
)
def test_a_column_without_a_telling_name_is_known_by_its_values(values, field):
    assert guess_mapping(["Spalte 7"], [[value] for value in values])["Spalte 7"].field == field


def test_a_meaning_goes_to_the_column_that_fits_best():
    guesses = guess_mapping(["Unit price", "Price", "EAN", "UPC"], [["1", "2", "3", "4"]])
    fields = {name: guess.field for name, guess in guesses.items()}
    assert sorted(fields.values()).count("price") == 1
    assert (fields["EAN"], fields["UPC"]) == ("barcode", "cell")


def test_colour_and_size_are_options_only_where_rows_of_a_product_differ():
    header = ["slug", "name", "color", "size"]
    rows = [["a", "A", "red", "S"], ["a", "A", "blue", "S"], ["b", "B", "red", "M"]]
    guesses = guess_mapping(header, rows)
    assert (guesses["color"].field, guesses["size"].field) == ("option", "attribute")
    assert guess_mapping(header, rows[1:])["color"].field == "attribute"


def test_hostile_headers_are_guessed_in_no_time():
    header = ["(" * 5_000, "a" * 100_000, "(((" + ")" * 50, "\u202e\0", "１２３ Ｎａｍｅ", " "]
    assert set(guess_mapping(header, [["x"] * 6])) == set(header[:5])


def test_small_weights_with_fractions_are_kilograms():
    for values, field in ((["0.5", "12"], "weight_kg"), (["250", "0"], "weight")):
        assert guess_mapping(["Weight"], [[value] for value in values])["Weight"].field == field
    assert guess_mapping(["Weight (g)"], [["0.5"]])["Weight (g)"].field == "weight"
    header, rows = ["name", "weight", "weight_unit"], [["Mug", "0.5", "lb"]]
    _, (mug,) = parse([header, *rows], options=GUESSED)
    assert mug.skus[0].weight_grams == "226.796"


def test_names_of_programmers_become_names_of_facts():
    header = ["name", "custom_field.custom.room_coverage", "warrantyInformation", "Ölfüllung (ml)"]
    _, (mug,) = parse([header, ["Mug", "big", "two years", "klein"]], options=GUESSED)
    names = [attribute["name"] for attribute in mug.attributes]
    assert names == ["room coverage", "warranty information", "Ölfüllung (ml)"]
    assert mug.attributes[0]["origin"]["column"] == "custom_field.custom.room_coverage"
