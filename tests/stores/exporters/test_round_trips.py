"""In, out and in again changes nothing, in every format and with every real file."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stores.exporters.base import ExportOptions, Report
from stores.exporters.registry import all_exporters
from stores.importers.base import ParsedImage, ParsedSku
from stores.models import CopyVersion, Product
from stores.services.copy import add_draft, publish_copy
from stores.services.products import create_product
from tenants.actor import SYSTEM
from tests.stores.exporters.catalogues import catalogues
from tests.stores.exporters.test_table_export import MAPPING
from tests.stores.files import OPTIONS, bring, changes, counts, export, preview

NAMES = {
    "shopify_csv": "f.csv",
    "woocommerce_csv": "f.csv",
    "google_xml": "f.xml",
    "google_tsv": "f.tsv",
    "jsonl": "f.jsonl",
    "csv": "f.csv",
}
OWN = {
    "shopify_csv": "shopify_csv",
    "woocommerce_csv": "woocommerce_csv",
    "google_feed": "google_xml",
    "mapped": "csv",
}
GEAR = "magento-sample/CatalogSampleData/fixtures/SimpleProduct/products_gear_"
REAL = [
    ("dummyjson/products.json", "EUR", 194),
    ("feed-templates/Criteo/xml_criteo_feed_sample.xml", "EUR", 1),
    ("feed-templates/Opencart/ultimate-marketing-manager-feed-templates-skroutz-xml.xml", "EUR", 1),
    ("feed-templates/Skroutz/skroutz.xml", "EUR", 1),
    ("magento-sample/BundleSampleData/fixtures/yoga_bundle.csv", "EUR", 1),
    (f"{GEAR}bags.csv", "EUR", 14),
    (f"{GEAR}fitness_equipment.csv", "EUR", 9),
    (f"{GEAR}fitness_equipment_ball.csv", "EUR", 9),
    (f"{GEAR}fitness_equipment_strap.csv", "EUR", 3),
    (f"{GEAR}watches.csv", "EUR", 9),
    (
        "magento-sample/DownloadableSampleData/fixtures/products_training_video_download.csv",
        "EUR",
        6,
    ),
    ("prestashop-thirtybees/products_import.csv", "EUR", 7),
    ("schemaorg-extruct/misc/product_microdata.html", "USD", 1),
    ("schemaorg-extruct/schema.org/product-ref.html", "USD", 1),
    ("schemaorg-extruct/schema.org/product.json", "USD", 1),
    ("shopify-packt/Product-data.csv", "EUR", 20),
    ("shopify-samples/apparel.csv", "EUR", 20),
    ("shopify-samples/jewelery.csv", "EUR", 20),
    ("spree-sample/products.csv", "USD", 37),
    ("vendure-sample/products.csv", "EUR", 54),
    ("woocommerce-csv/sample_products.csv", "EUR", 15),
]
LINKS = ExportOptions(link_template="https://shop.example/{handle}")
quickly = settings(
    max_examples=12,
    deadline=None,
    # To make a failing catalogue smaller takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def out(format):
    report = Report()
    text = export(format=format, options=LINKS, report=report)
    assert report.n_left_out == 0, report.left_out
    return text


def reading(format, text, options=OPTIONS):
    """How the file of a format is read; of a table of ours a person would confirm the columns."""
    if format != "csv":
        return {"file_name": NAMES[format], "options": options}
    header = next(csv.reader(StringIO(text, newline="")))
    attributes = {one["name"] for product in Product.objects.all() for one in product.attributes}
    rest = {name: "attribute" if name in attributes else "cell" for name in header}
    mapping = {name: MAPPING.get(name, rest[name]) for name in header}
    return {"file_name": "f.csv", "options": replace(options, format="mapped", mapping=mapping)}


def test_every_format_is_tried():
    assert set(NAMES) == set(all_exporters())


@pytest.mark.parametrize("format", NAMES)
@quickly
@given(data=st.data())
def test_a_generated_catalogue_comes_back_unchanged(in_scope, format, data):
    with transaction.atomic():
        found = bring(data.draw(catalogues(format)), file_name="f.jsonl")
        assert found.n_invalid == 0, [item.problems for item in found.items.all()]
        exported = out(format)
        assert out(format) == exported
        once = preview(exported, **reading(format, exported))
        # Nothing that we model; what a format says beyond that is kept from then on.
        assert [change for change in changes(once) if change[1] != "cell"] == []
        assert (once.n_new, once.n_invalid) == (0, 0)
        bring(exported, **reading(format, exported))
        again = out(format)
        twice = preview(again, **reading(format, again))
        assert (changes(twice), counts(twice)) == ([], (0, 0, found.n_new, 0))
        assert out(format) == again
        transaction.set_rollback(True)


@pytest.mark.parametrize(("name", "currency", "n_products"), REAL)
def test_a_real_file_comes_back_unchanged(shared_data, in_scope, name, currency, n_products):
    path = shared_data / "catalogue" / name
    options = replace(OPTIONS, currency=currency)
    if preview(path, file_name=path.name, options=options).state == "mapping":
        options = replace(options, format="mapped")
    found = bring(path, file_name=path.name, options=options)
    assert counts(found) == (n_products, 0, 0, 0)
    for format in {OWN.get(found.format, "jsonl"), "jsonl", "shopify_csv"}:
        exported = export(format=format, options=LINKS)
        again = preview(exported, **reading(format, exported, replace(options, format="")))
        assert (format, changes(again)) == (format, [])
        assert counts(again) == (0, 0, n_products, 0)
        assert export(format=format, options=LINKS) == exported


@pytest.mark.parametrize("format", NAMES)
def test_a_models_text_stays_a_models_text(in_scope, format):
    product = create_product(
        title="Mug",
        actor=SYSTEM,
        description="<p>By people.</p>",
        skus=[ParsedSku((), code="M-1", price_minor=900)],
        images=[ParsedImage("https://e.org/1.jpg", "", 1)],
    )
    draft = add_draft(
        product=product,
        field="description",
        locale="en",
        text="<p>By a <strong>model</strong>, 20 &lt; 30.</p>",
        source="ai",
        actor=SYSTEM,
    )
    published = publish_copy(version=draft, actor=SYSTEM)
    exported = out(format)
    bring(exported, **reading(format, exported))
    live = CopyVersion.objects.get(state="published")
    assert (live.pk, live.source) == (published.pk, "ai")
