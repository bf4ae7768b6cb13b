"""The plain table: all that we know, whose text it is, and back through the page of columns."""

import csv
from dataclasses import replace
from io import StringIO

from stores.exporters import table as tables
from stores.importers.base import ParsedImage, ParsedSku
from stores.services.copy import add_draft, publish_copy
from stores.services.products import create_product
from tenants.actor import SYSTEM
from tests.stores.files import OPTIONS, bring, changes, counts, export, preview, table

MAPPING = {
    "handle": "handle",
    "title": "title",
    "description": "description",
    "copy_source": "ignore",
    "vendor": "vendor",
    "product_type": "product_type",
    "category": "category",
    "tags": "tags",
    "status": "status",
    "language": "ignore",
    "sku": "sku",
    "barcode": "barcode",
    "price": "price",
    "compare_at_price": "compare_at_price",
    "currency": "currency",
    "weight (g)": "weight",
    "images": "image",
    "image alt text": "image_alt",
    **{f"option {n} name": "option_name" for n in range(1, 5)},
    **{f"option {n} value": "option_value" for n in range(1, 5)},
}


def options(exported):
    """Our own columns by their names; the rest are attributes."""
    header = next(csv.reader(StringIO(exported, newline="")))
    mapping = {name: MAPPING.get(name, "attribute") for name in header}
    return replace(OPTIONS, format="mapped", mapping=mapping)


def bowl(**more):
    return create_product(
        **{
            "title": "Bowl",
            "actor": SYSTEM,
            "vendor": "H",
            "description": "<p>A bowl.</p>",
            "tags": ["new", "oak"],
            "status": "archived",
            "option_names": ["Size"],
            "skus": [
                ParsedSku(
                    ("S; flat",), code="S", barcode="401", price_minor=500,
                    compare_at_price_minor=700, weight_grams="250.5",
                    image_url="https://e.org/1.jpg",
                ),
                ParsedSku(("L",), price_minor=900, image_url="https://e.org/2.jpg"),
            ],
            "images": [
                ParsedImage(f"https://e.org/{n}.jpg", "Front" if n == 1 else "", n) for n in (1, 2)
            ],
            "attributes": [
                {"name": "Volume", "value": 1.5, "type": "number", "unit": "l"},
                {"name": "Woods", "value": ["oak", "ash"], "type": "list"},
            ],
        }
        | more
    )  # fmt: skip


def test_a_row_for_each_sku(in_scope):
    bowl()
    small, large = table(export(format="csv"))
    assert small == {
        "handle": "bowl",
        "title": "Bowl",
        "description": "<p>A bowl.</p>",
        "copy_source": "human",
        "vendor": "H",
        "tags": "new, oak",
        "status": "archived",
        "language": "en",
        "option 1 name": "Size",
        "option 1 value": "S; flat",
        "sku": "S",
        "barcode": "401",
        "price": "5.00",
        "compare_at_price": "7.00",
        "currency": "EUR",
        "weight (g)": "250.5",
        "images": "https://e.org/1.jpg",
        "image alt text": "Front",
        "Volume": "1.5 l",
        "Woods": "oak; ash",
    }
    assert large == {
        "handle": "bowl",
        "title": "Bowl",
        "option 1 name": "Size",
        "option 1 value": "L",
        "price": "9.00",
        "currency": "EUR",
        "images": "https://e.org/2.jpg",
    }


def test_a_product_whose_first_sku_cannot_speak_for_it_has_a_row_of_its_own(in_scope):
    bowl(skus=[ParsedSku(("S",)), ParsedSku(("L",), image_url="https://e.org/2.jpg")])
    product, small, large = table(export(format="csv"))
    assert (product["images"], "sku" in product) == (
        "https://e.org/1.jpg https://e.org/2.jpg",
        False,
    )
    assert ("images" in small, large["images"]) == (False, "https://e.org/2.jpg")
    exported = export(format="csv")
    assert changes(preview(exported, options=options(exported))) == []


def test_a_models_text_is_marked(in_scope):
    draft = add_draft(
        product=bowl(), field="description", locale="en", text="<p>New.</p>", source="ai",
        actor=SYSTEM,
    )  # fmt: skip
    publish_copy(version=draft, actor=SYSTEM)
    assert table(export(format="csv"))[0]["copy_source"] == "ai"


def test_a_table_read_again_changes_nothing(in_scope):
    bowl()
    exported = export(format="csv")
    again = preview(exported, options=options(exported))
    assert (changes(again), counts(again)) == ([], (0, 0, 1, 0))
    bring(exported, options=options(exported))
    assert export(format="csv") == exported


def test_cells_of_a_table_that_we_do_not_model_come_back(in_scope):
    file = "Artikel,Bezeichnung,Preis,Lagerplatz\nM-1,Tasse,12.50,A3\n"
    names = {"Artikel": "sku", "Bezeichnung": "title", "Preis": "price", "Lagerplatz": "cell"}
    bring(file, options=replace(OPTIONS, format="mapped", mapping=names))
    (row,) = table(export(format="csv"))
    assert (row["sku"], row["title"], row["price"], row["Lagerplatz"]) == (
        "M-1", "Tasse", "12.50", "A3",
    )  # fmt: skip


def test_no_cell_is_a_formula(in_scope):
    bowl(vendor="=1+1", attributes=[{"name": "=x", "value": "@y"}])
    rows = list(csv.reader(StringIO(export(format="csv"), newline="")))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "@", "+")]


def test_an_attribute_that_is_called_like_a_column_of_ours_says_so(in_scope):
    bowl(attributes=[{"name": "Price", "value": "cheap"}])
    row = table(export(format="csv"))[0]
    assert (row["price"], row["Price (attribute)"]) == ("5.00", "cheap")


def test_attributes_that_few_products_have_share_a_column(in_scope, monkeypatch):
    monkeypatch.setattr(tables, "MAX_ATTRIBUTES", 1)
    bowl()
    bowl(title="Cup", attributes=[{"name": "Woods", "value": "ash"}, {"name": "a", "value": "x"}])
    exported = export(format="csv")
    cup = next(row for row in table(exported) if row["title"] == "Cup")
    bowls = next(row for row in table(exported) if row["title"] == "Bowl")
    assert (cup["Woods"], cup["attributes"]) == ("ash", '{"a": "x"}')
    assert (bowls["Woods"], bowls["attributes"]) == ("oak; ash", '{"Volume": "1.5 l"}')
    assert export(format="csv") == exported
    reading = options(exported)
    mapping = {**reading.mapping, "attributes": "ignore"}
    again = preview(exported, options=replace(reading, mapping=mapping))
    assert changes(again) == []
