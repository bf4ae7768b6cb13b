"""WooCommerce's CSV: what came from there goes back as it was; what did not, in its shape."""

import csv
from io import StringIO

import pytest

from stores.importers.base import ImportOptions, ParsedImage, ParsedSku
from stores.models import Product
from stores.services.copy import add_draft, publish_copy
from stores.services.products import create_product, update_product
from tenants.actor import SYSTEM
from tests.stores.files import bring, changes, counts, export, preview, table

HANDLE = "Meta: _copydesk_handle"
FILE = """ID,Type,SKU,Name,Published,Short description,Description,In stock?,Weight (lbs),Length (cm),\
Sale price,Regular price,Categories,Tags,Brands,Images,Parent,Position,Attribute 1 name,\
Attribute 1 value(s),Attribute 1 visible,Attribute 1 global,Attribute 2 name,Attribute 2 value(s),\
Attribute 2 visible,Attribute 2 global,Meta: _x
1,variable,TEE,Tee,1,Short,"<p>A tee,\\nwith a break.</p>",1,,,,,"Clothing > Tees, New","a,b",H,\
"https://e.org/1.jpg, https://e.org/2.jpg",,0,Color,"Red, Blue, Green",1,1,Fabric,cotton,0,0,x
2,simple,MUG,Mug,-1,,"=1+1",0,0.5,10,9,12.00,Kitchen,,,https://e.org/3.jpg,,0,,,,,,,,,
3,variation,TEE-R,Tee - Red,1,,Red.,1,1,,,"15,00",,,,https://e.org/2.jpg,TEE,2,Color,Red,,1,,,,,
4,variation,TEE-B,Tee - Blue,1,,,1,1,,,15,,,,https://e.org/4.jpg,id:1,1,Color,Blue,,1,,,,,y
5,"simple, virtual",,Card,0,,,1,,,,5,,,,,,0,,,,,,,,,
"""


def rows(text):
    return list(csv.reader(StringIO(text, newline="")))


def by_name(text):
    return {row.get("Name", row.get("SKU")): row for row in table(text)}


def publish(product, text):
    draft = add_draft(
        product=product, field="description", locale="en", text=text, source="ai", actor=SYSTEM
    )
    return publish_copy(version=draft, actor=SYSTEM)


def test_a_file_comes_back_with_its_own_cells(in_scope):
    bring(FILE)
    before, after = by_name(FILE), by_name(export(format="woocommerce_csv"))
    for row in after.values():
        row.pop(HANDLE, None)
    before["Mug"]["Description"] = "'=1+1"
    assert after == before


def test_a_file_read_again_changes_nothing(in_scope):
    bring(FILE)
    exported = export(format="woocommerce_csv")
    again = preview(exported)
    assert (again.format, changes(again)) == ("woocommerce_csv", [])
    assert counts(again) == (0, 0, 3, 0)
    assert export(format="woocommerce_csv") == exported


def test_what_was_changed_here_lies_over_the_files_cells(in_scope):
    bring(FILE)
    publish(Product.objects.get(handle="TEE"), "<p>Ours.</p>")
    update_product(
        product=Product.objects.get(handle="MUG"),
        actor=SYSTEM,
        title="Cup",
        vendor="H, Ltd",
        status="active",
        tags=["x"],
        skus=[ParsedSku((), code="MUG", price_minor=1100, weight_grams="1000")],
        attributes=[{"name": "Volume", "value": 380, "type": "number", "unit": "ml"}],
    )
    after = by_name(export(format="woocommerce_csv"))
    assert (after["Tee"]["Description"], after["Tee - Red"]["Description"]) == (
        "<p>Ours.</p>", "Red.",
    )  # fmt: skip
    cup = after["Cup"]
    assert (cup["Published"], cup["Brands"], cup["Tags"]) == ("1", "H\\, Ltd", "x")
    assert (cup["Regular price"], "Sale price" in cup, cup["Weight (lbs)"]) == (
        "11.00", False, "2.204623",
    )  # fmt: skip
    assert (cup["Attribute 1 name"], cup["Attribute 1 value(s)"]) == ("Volume", "380 ml")
    assert (cup["Attribute 1 visible"], "Length (cm)" in cup) == ("1", False)
    again = preview(export(format="woocommerce_csv"))
    assert [c for c in changes(again) if c[1] != "cell"] == []


def test_a_variation_more_belongs_to_its_product(in_scope):
    bring(FILE)
    tee = Product.objects.get(handle="TEE")
    update_product(
        product=tee, actor=SYSTEM, skus=[ParsedSku((c,), code=c) for c in ("Blue", "Red", "Black")]
    )
    found = [row for row in table(export(format="woocommerce_csv")) if row.get("Parent")]
    assert [(r["Type"], r["Parent"], r["Attribute 1 value(s)"]) for r in found] == [
        ("variation", "id:1", "Blue"),
        ("variation", "TEE", "Red"),
        ("variation", "TEE", "Black"),
    ]
    assert by_name(export(format="woocommerce_csv"))["Tee"]["Attribute 1 value(s)"] == (
        "Blue, Red, Black"
    )
    again = preview(export(format="woocommerce_csv"))
    assert {c[1] for c in changes(again)} <= {"cell"}


def test_a_product_made_here_has_what_woocommerce_needs(in_scope):
    create_product(
        title="Bowl",
        actor=SYSTEM,
        vendor="H",
        description="<p>A bowl.</p>",
        option_names=["Size"],
        skus=[
            ParsedSku(("S, flat",), code="S", price_minor=500, weight_grams="250"),
            ParsedSku(("L",), price_minor=700, compare_at_price_minor=900),
        ],
        images=[ParsedImage("https://e.org/1.jpg", "", 1)],
        attributes=[{"name": "Material", "value": ["oak", "ash, white"]}],
    )
    bowl, small, large = table(export(format="woocommerce_csv"))
    assert bowl == {
        "Type": "variable",
        "SKU": "bowl",
        "Name": "Bowl",
        "Published": "1",
        "Description": "<p>A bowl.</p>",
        "Brands": "H",
        "Images": "https://e.org/1.jpg",
        "Attribute 1 name": "Size",
        "Attribute 1 value(s)": "S\\, flat, L",
        "Attribute 1 visible": "1",
        "Attribute 1 global": "0",
        "Attribute 2 name": "Material",
        "Attribute 2 value(s)": "oak, ash\\, white",
        "Attribute 2 visible": "1",
        "Attribute 2 global": "0",
    }
    assert (small["Parent"], small["Type"], small["Weight (kg)"]) == ("bowl", "variation", "0.25")
    assert small["Attribute 1 value(s)"] == "S\\, flat"
    assert (large["Regular price"], large["Sale price"]) == ("9.00", "7.00")
    again = preview(export(format="woocommerce_csv"))
    assert {change[1] for change in changes(again)} == {"cell"}
    bring(export(format="woocommerce_csv"))
    assert counts(preview(export(format="woocommerce_csv"))) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("before", "said"), [(0, ("12.00", "")), (1200, ("12.00", "")), (1201, ("12.01", "12.00"))]
)
def test_only_a_price_below_the_one_before_is_a_sale(in_scope, before, said):
    sku = ParsedSku((), code="M", price_minor=1200, compare_at_price_minor=before)
    create_product(title="Mug", actor=SYSTEM, skus=[sku])
    (row,) = table(export(format="woocommerce_csv"))
    assert (row["Regular price"], row.get("Sale price", "")) == said


def test_the_handle_travels_where_the_sku_does_not_say_it(in_scope):
    create_product(title="Bowl", actor=SYSTEM, skus=[ParsedSku((), code="B-1")])
    (row,) = table(export(format="woocommerce_csv"))
    assert (row["SKU"], row[HANDLE]) == ("B-1", "bowl")


def test_headers_in_another_language_stay(in_scope):
    file = """ID,Typ,Artikelnummer,Name,Veröffentlicht,Beschreibung,Vorrätig?,Gewicht (kg),\
Regulärer Preis,Kategorien
7,simple,T-1,Tasse,1,Eine Tasse.,1,"0,5","12,50",Küche
"""
    options = ImportOptions(locale="de", currency="EUR", decimal_mark=",")
    bring(file, options=options)
    exported = export(format="woocommerce_csv")
    assert rows(exported)[0][:10] == rows(file)[0]
    assert rows(exported)[1][:10] == rows(file)[1]
    assert changes(preview(exported, options=options)) == []


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "@x", "-2+3", "\t=x"])
def test_no_cell_is_a_formula(in_scope, text):
    create_product(
        title=f"{text}", actor=SYSTEM, vendor=text, skus=[ParsedSku((), code=text)], handle="h",
        description=f"<p>{text}</p>", attributes=[{"name": text, "value": text}],
    )  # fmt: skip
    for row in rows(export(format="woocommerce_csv")):
        assert not [cell for cell in row if cell[:1] in tuple("=+@\t")]
        assert not [cell for cell in row if cell[:2] == "-2"]


def test_the_real_file_comes_back(shared_data, in_scope):
    path = shared_data / "catalogue" / "woocommerce-csv" / "sample_products.csv"
    found = bring(path)
    assert found.n_invalid == 0
    exported = export(format="woocommerce_csv")
    again = preview(exported)
    assert (changes(again), counts(again)) == ([], (0, 0, found.n_new, 0))
    assert export(format="woocommerce_csv") == exported
    before = {row["ID"]: row for row in table(path.read_text(encoding="utf-8-sig"))}
    for row in table(exported):
        row.pop(HANDLE, None)
        assert row == {name: cell.strip() for name, cell in before[row["ID"]].items()}
