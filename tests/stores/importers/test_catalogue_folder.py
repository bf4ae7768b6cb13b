"""Every file of the catalogues that we were given: its products come in, or it is told what to change."""

from dataclasses import replace

import pytest

from stores.importers.base import UnreadableFile
from stores.importers.problems import MESSAGES
from stores.importers.registry import importer_for
from stores.models import Product, Sku
from tests.stores.files import OPTIONS, bring, changes, counts, preview
from tests.stores.importers.sources import source

CURRENCIES = {"Criteo": "EUR", "Facebook": "GBP"}
NOT_DATA = ("PROVENANCE.txt", "UPSTREAM_LICENSE")
# Format, products, SKUs. `mapped`: with the columns as they are guessed.
PRODUCTS = {
    "dummyjson/products.json": ("mapped", 194, 194),
    "feed-templates/Criteo/xml_criteo_feed_sample.xml": ("google_feed", 1, 1),
    "feed-templates/Facebook/dpa_product_catalog_sample_feed_atom.xml": ("google_feed", 1, 1),
    "feed-templates/Facebook/dpa_product_catalog_sample_feed_rss.xml": ("google_feed", 1, 1),
    "feed-templates/Opencart/ultimate-marketing-manager-feed-templates-skroutz-xml.xml": (
        *("mapped", 1, 1),
    ),
    "feed-templates/Skroutz/skroutz.xml": ("mapped", 1, 1),
    "magento-sample/BundleSampleData/fixtures/yoga_bundle.csv": ("mapped", 1, 1),
    "magento-sample/CatalogSampleData/fixtures/SimpleProduct/products_gear_bags.csv": (
        *("mapped", 14, 14),
    ),
    "magento-sample/CatalogSampleData/fixtures/SimpleProduct/products_gear_fitness_equipment.csv": (
        *("mapped", 9, 9),
    ),
    "magento-sample/CatalogSampleData/fixtures/SimpleProduct/"
    "products_gear_fitness_equipment_ball.csv": ("mapped", 9, 9),
    "magento-sample/CatalogSampleData/fixtures/SimpleProduct/"
    "products_gear_fitness_equipment_strap.csv": ("mapped", 3, 3),
    "magento-sample/CatalogSampleData/fixtures/SimpleProduct/products_gear_watches.csv": (
        *("mapped", 9, 9),
    ),
    "magento-sample/DownloadableSampleData/fixtures/products_training_video_download.csv": (
        *("mapped", 6, 6),
    ),
    "prestashop-thirtybees/products_import.csv": ("mapped", 7, 7),
    "schemaorg-extruct/misc/product_microdata.html": ("schema_org", 1, 1),
    "schemaorg-extruct/schema.org/product-ref.html": ("schema_org", 1, 1),
    "schemaorg-extruct/schema.org/product-ref.json": ("schema_org", 1, 1),
    "schemaorg-extruct/schema.org/product.html": ("schema_org", 1, 1),
    "schemaorg-extruct/schema.org/product.json": ("schema_org", 1, 1),
    "schemaorg-extruct/schema.org/product_custom_url.json": ("schema_org", 1, 1),
    "schemaorg-extruct/schema.org/product_custom_url_and_node_id.json": ("schema_org", 1, 1),
    "shopify-packt/Product-data.csv": ("shopify_csv", 20, 21),
    "shopify-samples/apparel.csv": ("shopify_csv", 20, 22),
    "shopify-samples/jewelery.csv": ("shopify_csv", 20, 23),
    "spree-sample/products.csv": ("mapped", 37, 87),
    "vendure-sample/products.csv": ("mapped", 54, 88),
    "woocommerce-csv/sample_products.csv": ("woocommerce_csv", 15, 22),
    "woocommerce-xml/sample_products.xml": ("wordpress_xml", 18, 23),
}
# What is wrong with all the others.
ANSWERS = {
    "aws-retail-demo/categories.yaml": "file_is_yaml",
    "aws-retail-demo/products.yaml": "file_is_yaml",
    "dummyjson/carts.json": "table_of_orders",
    "dummyjson/comments.json": "table_of_reviews",
    "dummyjson/users.json": "table_of_customers",
    "feed-templates/Google-Shopping-Merchant-Center/product-data-xml-feed-example.md": (
        "file_is_text"
    ),
    "litemall-zh/litemall_data.sql": "file_is_sql",
    "prestashop-thirtybees/addresses_import.csv": "table_of_customers",
    "prestashop-thirtybees/alias_import.csv": "mapping_without_title",
    "prestashop-thirtybees/categories_import.csv": "table_of_categories",
    "prestashop-thirtybees/combinations_import.csv": "table_of_variants",
    "prestashop-thirtybees/customers_import.csv": "table_of_customers",
    "prestashop-thirtybees/manufacturers_import.csv": "table_of_brands",
    "prestashop-thirtybees/store_contacts.csv": "table_of_addresses",
    "prestashop-thirtybees/suppliers_import.csv": "table_of_brands",
    "prestashop-thirtybees/supply_orders_details_import.csv": "table_of_orders",
    "prestashop-thirtybees/supply_orders_import.csv": "table_of_orders",
    "saleor-populatedb/populatedb_data.json": "file_is_dump",
    "schemaorg-extruct/misc/opengraph_ns_product_test.json": "mapping_without_title",
    "shopify-samples/readme.md": "file_is_text",
    "spree-sample/customers.csv": "table_of_customers",
    "spree-sample/product_translations.csv": "table_of_translations",
}
MAGENTO = {
    "Links/crosssell.csv": "table_of_links",
    "Links/related.csv": "table_of_links",
    "Links/upsell.csv": "table_of_links",
    "downloadable_data_training_video_download.csv": "table_of_links",
    "images_yoga_bundle.csv": "table_of_images",
    "images_gear_bags.csv": "table_of_images",
    "images_gear_fitness_equipment.csv": "table_of_images",
    "images_gear_watches.csv": "table_of_images",
    "images_products_training_video.csv": "table_of_images",
    "attributes.csv": "table_of_attributes",
    "categories.csv": "table_of_categories",
}


def currency_of(name):
    return next((code for part, code in CURRENCIES.items() if part in name), "USD")


def read(path, name):
    """Format and products of a file, with its columns as guessed where nobody knows it."""
    options = replace(OPTIONS, currency=currency_of(name))
    opened = source(path, path.name, options)
    importer = importer_for(opened)
    if importer is None:
        options = replace(options, format="mapped")
        opened = source(path, path.name, options)
        importer = importer_for(opened)
    _, *products = importer.read(opened, options)
    return importer.name, products


def test_every_file_is_in_one_of_the_lists(shared_data):
    folder = shared_data / "catalogue"
    names = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    names = {name for name in names if not name.endswith(NOT_DATA)}
    listed = {*PRODUCTS, *ANSWERS}
    assert {n for n in names - listed if not n.endswith(tuple(MAGENTO))} == set()
    assert len(names) == 67


@pytest.mark.parametrize("name", PRODUCTS)
def test_its_products_come_in_on_the_first_try(shared_data, name):
    found, products = read(shared_data / "catalogue" / name, name)
    assert (found, len(products), sum(len(p.skus) for p in products)) == PRODUCTS[name]
    assert [problem for product in products for problem in product.problems] == []
    handles = [product.handle for product in products]
    assert len(set(handles)) == len(handles)


@pytest.mark.parametrize("name", PRODUCTS)
def test_it_is_written_whole_and_the_same_file_again_changes_nothing(shared_data, in_scope, name):
    path = shared_data / "catalogue" / name
    options = replace(OPTIONS, currency=currency_of(name))
    if PRODUCTS[name][0] == "mapped":
        options = replace(options, format="mapped")
    found = bring(path, options=options, file_name=path.name)
    assert (found.state, counts(found)) == ("finished", (PRODUCTS[name][1], 0, 0, 0))
    assert (Product.objects.count(), Sku.objects.count()) == PRODUCTS[name][1:]
    again = preview(path, options=options, file_name=path.name)
    assert (changes(again), counts(again)) == ([], (0, 0, PRODUCTS[name][1], 0))


@pytest.mark.parametrize("name", ANSWERS)
def test_it_is_told_what_is_wrong(shared_data, name):
    with pytest.raises(UnreadableFile) as caught:
        read(shared_data / "catalogue" / name, name)
    assert caught.value.code == ANSWERS[name]
    assert caught.value.code in MESSAGES


def test_the_side_files_of_magento_are_told_what_they_are(shared_data):
    folder = shared_data / "catalogue" / "magento-sample"
    found = set()
    for ending, code in MAGENTO.items():
        for path in folder.rglob(ending.rsplit("/", 1)[-1]):
            with pytest.raises(UnreadableFile) as caught:
                read(path, path.name)
            assert (path.name, caught.value.code) == (path.name, code)
            found.add(path)
    assert len(found) == 17
