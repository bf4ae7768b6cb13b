"""Google Merchant feeds: whose text it is, what Google demands, and what comes back."""

import csv
from io import StringIO
from xml.etree import ElementTree

import pytest

from stores.exporters.base import ExportOptions, Report
from stores.exporters.google_texts import description_text, labelled, title_text
from stores.importers.base import ParsedImage, ParsedSku
from stores.models import CopyVersion, Product
from stores.services.copy import add_draft, edit_copy, publish_copy
from stores.services.products import create_product, update_product
from tenants.actor import SYSTEM
from tests.stores.files import bring, changes, counts, export, preview

G = "{http://base.google.com/ns/1.0}"
LINKS = ExportOptions(link_template="https://shop.example/p/{handle}?v={sku}", shop_name="H & Co")


def mug(**more):
    return create_product(
        **{
            "title": "Mug",
            "actor": SYSTEM,
            "vendor": "Hearthside",
            "description": "<p>By people.</p>",
            "skus": [ParsedSku((), code="M-1", price_minor=1200, weight_grams="380")],
            "images": [ParsedImage("https://e.org/1.jpg", "Front", 1)],
        }
        | more
    )


def publish(product, text, source="ai"):
    draft = add_draft(
        product=product, field="description", locale="en", text=text, source=source, actor=SYSTEM
    )
    return publish_copy(version=draft, actor=SYSTEM)


def items(text):
    """What each item says, by name; parts of an element as a dictionary."""
    return [
        {
            element.tag.removeprefix(G): {p.tag.removeprefix(G): p.text for p in element}
            or element.text
            for element in item
        }
        for item in ElementTree.fromstring(text).iter("item")
    ]


def xml(report=None, options=LINKS):
    return items(export(format="google_xml", options=options, report=report))


def rows(report=None):
    text = export(format="google_tsv", options=LINKS, report=report)
    found = csv.DictReader(StringIO(text, newline=""), delimiter="\t")
    return [{name: cell for name, cell in row.items() if cell} for row in found]


def test_text_of_people_is_the_plain_description(in_scope):
    mug()
    assert xml() == [
        {
            "id": "M-1",
            "item_group_id": "mug",
            "title": "Mug",
            "description": "By people.",
            "brand": "Hearthside",
            "link": "https://shop.example/p/mug?v=M-1",
            "image_link": "https://e.org/1.jpg",
            "price": "12.00 EUR",
            "availability": "in_stock",
            "shipping_weight": "380 g",
        }
    ]


@pytest.mark.parametrize("edited", [False, True])
def test_text_of_a_model_is_labelled_and_the_plain_attribute_is_left_out(in_scope, edited):
    version = publish(mug(), "<p>By a model.</p>")
    if edited:
        draft = edit_copy(version=version, text="<p>By a model, edited.</p>", actor=SYSTEM)
        publish_copy(version=draft, actor=SYSTEM)
    content = "By a model, edited." if edited else "By a model."
    for item in xml():
        assert "description" not in item
        assert item["structured_description"] == {
            "digital_source_type": "trained_algorithmic_media",
            "content": content,
        }
    for row in rows():
        assert "description" not in row
        assert row["structured_description"] == f"trained_algorithmic_media:{content}"


def test_the_same_rule_holds_for_titles():
    assert labelled("title", "Mug", by_ai=True) == {
        "structured_title": [{"digital_source_type": "trained_algorithmic_media", "content": "Mug"}]
    }
    assert labelled("title", "Mug", by_ai=False) == {"title": ["Mug"]}
    assert labelled("title", "", by_ai=True) == {}


def test_texts_keep_within_googles_limits():
    assert title_text("word " * 40) == "word " * 28 + "word…"
    assert len(title_text("杯" * 151)) == 150
    long = description_text("<p>" + "word " * 1200 + "</p>")
    assert (len(long) <= 5000, long[-6:]) == (True, " word…")


def test_markup_that_says_more_than_its_text_stays(in_scope):
    mug(description="<p>A <strong>good</strong> mug.</p>")
    assert xml()[0]["description"] == "<p>A <strong>good</strong> mug.</p>"


def test_what_google_demands_and_a_product_lacks_leaves_it_out_with_the_reason(in_scope):
    mug()
    mug(title="No price", skus=[ParsedSku((), code="N")])
    mug(title="No image", images=[])
    mug(title="Draft", status="draft")
    report = Report()
    assert [item["title"] for item in xml(report)] == ["Mug"]
    assert [(one["title"], one["code"]) for one in report.left_out] == [
        ("No price", "price_missing"),
        ("No image", "image_missing"),
        ("Draft", "not_active"),
    ]
    assert (report.n_read, report.n_written, report.n_left_out) == (4, 1, 3)
    report = Report()
    assert xml(report, ExportOptions()) == []
    assert {one["code"] for one in report.left_out[:1]} == {"link_missing"}


def test_variants_are_items_of_one_group(in_scope):
    mug(
        option_names=["Colour", "Glaze"],
        skus=[
            ParsedSku(("Blue", "Matt"), code="B", price_minor=900, compare_at_price_minor=1200),
            ParsedSku(("Red", "Gloss"), price_minor=900, image_url="https://e.org/2.jpg"),
        ],
        attributes=[{"name": "Material", "value": "clay"}, {"name": "Volume", "value": 380}],
    )
    blue, red = xml()
    assert (blue["item_group_id"], red["item_group_id"]) == ("mug", "mug")
    assert (blue["color"], red["color"], red["material"]) == ("Blue", "Red", "clay")
    assert (blue["price"], blue["sale_price"]) == ("12.00 EUR", "9.00 EUR")
    assert (red["image_link"], red["id"][:4]) == ("https://e.org/2.jpg", "sku_")
    text = export(format="google_xml", options=LINKS)
    assert "<g:attribute_name>Glaze</g:attribute_name>" in text
    assert rows()[0]["product_detail"] == ":Glaze:Matt,:Volume:380"


def test_what_xml_forbids_is_not_in_it_and_the_rest_is_escaped(in_scope):
    product = mug(vendor="<b>&\"'\x0b\x1f￾]]>")
    Product.objects.filter(pk=product.pk).update(title="A\x08\ufffe\U0001f375 & <script>")
    (item,) = xml()
    assert (item["title"], item["brand"]) == ("A\U0001f375 & <script>", "<b>&\"']]>")


def test_a_table_has_no_cell_that_a_spreadsheet_runs(in_scope):
    mug(title="=1+1", vendor='=HYPERLINK("x")', description="<p>-2+3</p>")
    (row,) = rows()
    assert (row["title"], row["brand"], row["description"]) == (
        "'=1+1", "'=HYPERLINK(\"x\")", "'-2+3",
    )  # fmt: skip


FEED = f"""<?xml version="1.0"?>
<rss xmlns:g="{G[1:-1]}" version="2.0"><channel>
<item><g:id>A</g:id><title>Mug</title><g:description>Old &amp; plain.</g:description>
<link>https://e.org/a</link><g:image_link>https://e.org/1.jpg</g:image_link>
<g:availability>out_of_stock</g:availability><g:price>EUR 12</g:price><g:custom_label_0>x
</g:custom_label_0><g:shipping><g:country>DE</g:country><g:price>4.00 EUR</g:price></g:shipping>
<g:product_detail><g:section_name>General</g:section_name><g:attribute_name>Power
</g:attribute_name><g:attribute_value>0.5 kW</g:attribute_value></g:product_detail></item>
<item><g:id>B-1</g:id><g:item_group_id>B</g:item_group_id><title>Tee red</title>
<g:structured_description><g:digital_source_type>trained_algorithmic_media</g:digital_source_type>
<g:content>Written.</g:content></g:structured_description><g:color>Red</g:color>
<link>https://e.org/b</link><g:image_link>https://e.org/2.jpg</g:image_link>
<g:price>5.00 EUR</g:price></item>
<item><g:id>B-2</g:id><g:item_group_id>B</g:item_group_id><title>Tee blue</title>
<g:structured_description><g:digital_source_type>trained_algorithmic_media</g:digital_source_type>
<g:content>Written.</g:content></g:structured_description><g:color>Blue</g:color>
<link>https://e.org/b</link><g:image_link>https://e.org/3.jpg</g:image_link>
<g:price>5.00 EUR</g:price></item>
</channel></rss>
"""


@pytest.mark.parametrize(("format", "name"), [("google_xml", "f.xml"), ("google_tsv", "f.tsv")])
def test_a_feed_comes_back_as_it_was(in_scope, format, name):
    bring(FEED, file_name="feed.xml")
    bring(export(format=format), file_name=name)
    exported = export(format=format)
    again = preview(exported, file_name=name)
    assert (again.format, changes(again), counts(again)) == ("google_feed", [], (0, 0, 2, 0))
    assert export(format=format) == exported


def test_a_label_that_a_feed_brought_stays(in_scope):
    bring(FEED, file_name="feed.xml")
    sources = CopyVersion.objects.filter(state="published").order_by("text")
    assert list(sources.values_list("text", "source")) == [
        ("<p>Old &amp; plain.</p>", "imported"),
        ("<p>Written.</p>", "ai"),
    ]
    mug_item, red, blue = xml(options=ExportOptions())
    assert (mug_item["description"], "structured_description" in mug_item) == (
        "Old & plain.", False,
    )  # fmt: skip
    assert (red["title"], blue["title"]) == ("Tee red", "Tee blue")
    assert {"description" in red, "structured_description" in red} == {False, True}
    assert mug_item["shipping"] == {"country": "DE", "price": "4.00 EUR"}
    assert mug_item["price"] == "EUR 12"
    assert mug_item["product_detail"]["section_name"] == "General"


def test_a_new_text_of_a_model_takes_the_place_of_every_old_one(in_scope):
    bring(FEED, file_name="feed.xml")
    for product in Product.objects.all():
        publish(product, "<p>New.</p>")
    for item in xml(options=ExportOptions()):
        assert "description" not in item
        assert item["structured_description"]["content"] == "New."


def test_a_price_changed_here_is_written_anew(in_scope):
    bring(FEED, file_name="feed.xml")
    product = Product.objects.get(handle="A")
    update_product(product=product, actor=SYSTEM, skus=[ParsedSku((), code="A", price_minor=1300)])
    assert xml(options=ExportOptions())[0]["price"] == "13.00 EUR"


@pytest.mark.parametrize(
    ("before", "said"),
    [(0, ("12.00 EUR", None)), (1200, ("12.00 EUR", None)), (1201, ("12.01 EUR", "12.00 EUR"))],
)
def test_only_a_price_below_the_one_before_is_a_sale(in_scope, before, said):
    mug(skus=[ParsedSku((), code="M", price_minor=1200, compare_at_price_minor=before)])
    (item,) = xml()
    assert (item["price"], item.get("sale_price")) == said


def test_ai_marks_survive_the_way_out_and_in(in_scope):
    publish(mug(), "<p>By a model.</p>")
    again = preview(export(format="google_xml", options=LINKS), file_name="f.xml")
    assert [c for c in changes(again) if c[1] == "description"] == []
    bring(export(format="google_xml", options=LINKS), file_name="f.xml")
    live = CopyVersion.objects.get(state="published")
    assert (live.source, live.text) == ("ai", "<p>By a model.</p>")
