from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores.importers.base import ImportOptions
from stores.models import CopyVersion, Product, Sku
from stores.services import import_work
from stores.services.copy import add_draft, publish_copy
from stores.services.import_work import apply_items
from stores.services.imports import confirm_import
from tenants.actor import SYSTEM
from tests.stores.files import OPTIONS, bring, changes, counts, preview

FILE = """Handle,Title,Body (HTML),Vendor,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Price,\
Variant Inventory Qty,Image Src,Material (product.metafields.custom.material)
mug,Mug,<p>A mug.</p>,H,tea,Size,S,M-S,12.00,3,https://e.org/1.jpg,Stoneware
mug,,,,,,L,M-L,14.00,4,https://e.org/2.jpg,
pot,Pot,,H,,Title,Default Title,P,30.00,1,,
"""


def texts(handle):
    versions = CopyVersion.objects.filter(slot__product__handle=handle).order_by("number")
    return [(version.text, version.source, version.state) for version in versions]


def publish(handle, text):
    draft = add_draft(
        product=Product.objects.get(handle=handle),
        field="description",
        locale="en",
        text=text,
        source="ai",
        actor=SYSTEM,
    )
    publish_copy(version=draft, actor=SYSTEM)


def test_a_file_in_another_language_leaves_the_description_alone(in_scope):
    bring(FILE)
    other = FILE.replace("A mug.", "一个杯子。").replace("Mug", "杯子")
    found = bring(other, options=replace(OPTIONS, locale="zh-hans"))
    assert changes(found) == [("mug", "title", "Mug", "杯子")]
    assert texts("mug") == [("<p>A mug.</p>", "imported", "published")]
    warnings = [(w["column"], w["code"]) for item in found.items.all() for w in item.warnings]
    assert warnings == [("Body (HTML)", "language_differs")]


def test_a_preview_writes_no_product(in_scope):
    found = preview(FILE)
    assert (found.state, counts(found), found.n_rows) == ("previewed", (2, 0, 0, 0), 3)
    assert found.n_bytes_read == found.size_bytes
    assert (Product.objects.count(), Sku.objects.count(), CopyVersion.objects.count()) == (0, 0, 0)


def test_a_description_is_published_as_imported_or_as_human(in_scope):
    bring(FILE)
    assert texts("mug") == [("<p>A mug.</p>", "imported", "published")]
    assert texts("pot") == []
    options = ImportOptions("en", "EUR", is_human_written=True)
    bring(FILE.replace("mug", "bowl").replace("pot", "can"), options=options)
    assert texts("bowl") == [("<p>A bowl.</p>", "human", "published")]


def test_a_text_remembers_file_row_and_column(in_scope):
    found = bring(FILE, file_name="spring.csv")
    assert CopyVersion.objects.get().provenance == {
        "import": found.public_id,
        "file": "spring.csv",
        "row": 2,
        "column": "Body (HTML)",
    }


def test_the_same_file_again_changes_and_writes_nothing(in_scope):
    bring(FILE)
    before = list(Product.objects.order_by("pk").values_list("pk", "updated_at"))
    again = bring(FILE)
    assert (counts(again), again.n_applied) == ((0, 0, 2, 0), 0)
    assert list(Product.objects.order_by("pk").values_list("pk", "updated_at")) == before
    assert len(texts("mug")) == 1


def test_every_change_is_shown_with_its_old_and_new_value(in_scope):
    bring(FILE)
    found = preview(
        FILE.replace("mug,Mug,<p>A mug.</p>,H,tea", 'mug,Big Mug,<p>Big.</p>,I,"tea, gift"')
        .replace("12.00,3", "13.50,5")
        .replace("Stoneware", "Porcelain")
        .replace("https://e.org/2.jpg", "https://e.org/3.jpg")
        .replace("L,M-L", "XL,M-L")
    )
    assert counts(found) == (0, 1, 1, 0)
    assert changes(found) == [
        ("mug", "title", "Mug", "Big Mug"),
        ("mug", "vendor", "H", "I"),
        ("mug", "tags", "tea", "tea, gift"),
        ("mug", "attribute", "Stoneware", "Porcelain"),
        ("mug", "image", "", "https://e.org/3.jpg"),
        ("mug", "image", "https://e.org/2.jpg", ""),
        ("mug", "price_minor", "12.00", "13.50"),
        ("mug", "cell", "3", "5"),
        ("mug", "sku", "", "XL"),
        ("mug", "sku", "L", ""),
        ("mug", "description", "A mug.", "Big."),
    ]
    confirm_import(catalogue_import=found, actor=SYSTEM)
    apply_items(found.pk)
    mug = Product.objects.get(handle="mug")
    assert (mug.title, mug.tags, mug.attributes[0]["value"]) == (
        "Big Mug",
        ["tea", "gift"],
        "Porcelain",
    )
    assert list(mug.skus.values_list("options", "price_minor")) == [(["S"], 1350), (["XL"], 1400)]
    assert [image.url for image in mug.images.all()] == [
        "https://e.org/1.jpg",
        "https://e.org/3.jpg",
    ]
    assert texts("mug") == [
        ("<p>A mug.</p>", "imported", "retired"),
        ("<p>Big.</p>", "imported", "published"),
    ]
    assert counts(preview(FILE))[1] == 1


def test_a_known_sku_and_product_keep_their_public_ids(in_scope):
    bring(FILE)
    before = set(Sku.objects.values_list("public_id", flat=True))
    product = Product.objects.get(handle="mug").public_id
    bring(FILE.replace("12.00", "13.00"))
    assert set(Sku.objects.values_list("public_id", flat=True)) == before
    assert Product.objects.get(handle="mug").public_id == product


def test_columns_that_a_file_lacks_are_left_as_they_are(in_scope):
    bring(FILE)
    found = bring("Handle,Title,Vendor\nmug,Mug,New\n")
    assert changes(found) == [("mug", "vendor", "H", "New")]
    mug = Product.objects.get(handle="mug")
    assert (mug.vendor, mug.tags, mug.skus.count(), mug.images.count()) == ("New", ["tea"], 2, 2)
    assert mug.attributes[0]["value"] == "Stoneware"
    assert texts("mug") == [("<p>A mug.</p>", "imported", "published")]
    assert changes(preview(FILE)) == [("mug", "vendor", "New", "H")]


def test_a_column_that_is_there_but_empty_empties(in_scope):
    bring(FILE)
    bring("Handle,Title,Vendor,Body (HTML)\nmug,Mug,,\n")
    assert Product.objects.get(handle="mug").vendor == ""
    assert texts("mug") == [("<p>A mug.</p>", "imported", "retired")]
    assert counts(preview("Handle,Title,Vendor,Body (HTML)\nmug,Mug,,\n")) == (0, 0, 1, 0)
    bring(FILE)
    assert texts("mug")[-1] == ("<p>A mug.</p>", "imported", "published")


def test_prices_alone_need_the_option_columns_where_there_are_several_skus(in_scope):
    bring(FILE)
    found = preview("Handle,Title,Variant Price\nmug,Mug,1.00\npot,Pot,2.00\n")
    assert counts(found) == (0, 1, 0, 1)
    assert found.items.get(action="invalid").problems[0]["code"] == "options_needed"


def test_a_new_product_without_a_title_column_is_reported(in_scope):
    bring(FILE)
    found = preview("Handle,Vendor\nmug,I\nnew,I\n")
    assert counts(found) == (0, 1, 0, 1)
    assert found.items.get(action="invalid").problems[0]["code"] == "title_missing"


def test_a_text_published_here_wins_over_a_file_that_never_changed(in_scope):
    bring(FILE)
    publish("mug", "<p>Ours.</p>")
    publish("pot", "<p>Ours too.</p>")
    found = bring(FILE)
    assert (counts(found), found.n_conflicts) == ((0, 0, 2, 0), 0)
    assert texts("mug")[-1] == ("<p>Ours.</p>", "ai", "published")
    assert texts("pot") == [("<p>Ours too.</p>", "ai", "published")]


def test_a_text_changed_on_both_sides_is_a_conflict_and_ours_is_kept(in_scope):
    bring(FILE)
    publish("mug", "<p>Ours.</p>")
    theirs = FILE.replace("A mug.", "Theirs.")
    found = preview(theirs)
    item = found.items.get(action="changed")
    assert found.n_conflicts == 1
    assert item.changes == [
        {"field": "description", "old": "Ours.", "new": "Theirs.", "conflict": True}
    ]
    confirm_import(catalogue_import=found, actor=SYSTEM)
    apply_items(found.pk)
    assert texts("mug") == [
        ("<p>A mug.</p>", "imported", "retired"),
        ("<p>Ours.</p>", "ai", "published"),
        ("<p>Theirs.</p>", "imported", "retired"),
    ]
    assert counts(preview(theirs)) == (0, 0, 2, 0)


def test_the_files_text_is_taken_if_the_person_says_so(in_scope):
    bring(FILE)
    publish("mug", "<p>Ours.</p>")
    found = preview(FILE.replace("A mug.", "Theirs."))
    confirm_import(catalogue_import=found, actor=SYSTEM, on_conflict="take")
    apply_items(found.pk)
    assert texts("mug")[-2:] == [
        ("<p>Ours.</p>", "ai", "retired"),
        ("<p>Theirs.</p>", "imported", "published"),
    ]


def test_a_text_that_the_file_cleared_does_not_clear_ours(in_scope):
    bring(FILE)
    publish("mug", "<p>Ours.</p>")
    cleared = FILE.replace("<p>A mug.</p>", "")
    found = bring(cleared)
    assert found.n_conflicts == 1
    assert texts("mug")[-1] == ("<p>Ours.</p>", "ai", "published")
    assert counts(preview(cleared)) == (0, 0, 2, 0)


def test_markup_without_a_word_is_no_description(in_scope):
    bring(FILE.replace("<p>A mug.</p>", "<p>&nbsp;</p><br>"))
    assert texts("mug") == []


def test_a_handle_that_comes_again_makes_both_products_invalid(in_scope):
    found = preview("Handle,Title\nmug,Mug\npot,Pot\nmug,Other mug\n")
    assert counts(found) == (1, 0, 0, 2)
    rows = [item.problems[0]["params"]["rows"] for item in found.items.filter(action="invalid")]
    assert rows == ["2, 4", "2, 4"]


def test_a_handle_that_comes_again_in_another_chunk_is_found(in_scope, monkeypatch):
    monkeypatch.setattr(import_work, "CHUNK_PRODUCTS", 2)
    rows = [["a", "A"], ["b", "B"], ["c", "C"], ["a", "A2"], ["d", "D"], ["a", "A3"]]
    found = preview([["Handle", "Title"], *rows])
    assert counts(found) == (3, 0, 0, 3)
    assert [
        item.first_row for item in found.items.filter(action="invalid").order_by("position")
    ] == [
        2,
        5,
        7,
    ]


def test_invalid_products_are_never_written(in_scope):
    found = bring("Handle,Title,Variant Price\na,A,1\nb,B,no\n")
    assert (counts(found), found.n_applied) == ((1, 0, 0, 1), 1)
    assert list(Product.objects.values_list("handle", flat=True)) == ["a"]


def test_reading_takes_as_many_queries_for_many_products_as_for_few(in_scope):
    def n_queries(n_products):
        rows = [
            [f"p-{n_products}-{n}", "P", "1", f"https://e.org/{n}.jpg"] for n in range(n_products)
        ]
        file = [["Handle", "Title", "Variant Price", "Image Src"], *rows]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            bring(file)
            preview(file)
        return len(captured)

    assert n_queries(200) == n_queries(10)


@pytest.mark.parametrize("currency", ["USD", "JPY"])
def test_prices_are_in_the_currency_of_the_import(in_scope, currency):
    bring("Handle,Title,Variant Price\nmug,Mug,12\n", options=ImportOptions("en", currency))
    sku = Sku.objects.get()
    assert (sku.currency, sku.price_minor) == (currency, 1200 if currency == "USD" else 12)
    assert OPTIONS.currency == "EUR"
