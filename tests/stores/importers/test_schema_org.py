import json
import socket
from dataclasses import replace

import pytest

from stores.importers.base import UnreadableFile
from stores.importers.registry import all_importers
from tests.stores.files import OPTIONS, parse

MUG = {
    "@context": "https://schema.org",
    "@type": "Product",
    "name": "Mug",
    "description": "A red mug.\n\nHolds 380 ml.",
    "url": "https://shop.example/products/red-mug?variant=1",
    "image": ["https://e.org/1.jpg", {"@type": "ImageObject", "contentUrl": "https://e.org/2.jpg"}],
    "brand": {"@type": "Brand", "name": "Hearthside"},
    "sku": "M-1",
    "gtin13": "4006381333931",
    "color": "Red",
    "weight": {"@type": "QuantitativeValue", "value": 0.4, "unitCode": "KGM"},
    "additionalProperty": [{"@type": "PropertyValue", "name": "Capacity", "value": "380 ml"}],
    "aggregateRating": {"ratingValue": 4.4},
    "offers": {"@type": "Offer", "price": "12.00", "priceCurrency": "EUR", "availability": "InStock"},
}  # fmt: skip


def page(*blocks, body="", head=""):
    scripts = "".join(
        f'<script type="application/ld+json">{b if isinstance(b, str) else json.dumps(b)}</script>'
        for b in blocks
    )
    return f"<!DOCTYPE html><html><head>{head}{scripts}</head><body>{body}</body></html>"


def products(*blocks, **kwargs):
    return parse(page(*blocks, **kwargs), file_name="page.html")[1]


def test_a_product_of_json_ld_is_read():
    (mug,) = products(MUG)
    assert (mug.handle, mug.title, mug.vendor) == ("red-mug", "Mug", "Hearthside")
    assert mug.description == "<p>A red mug.</p><p>Holds 380 ml.</p>"
    assert [image.url for image in mug.images] == ["https://e.org/1.jpg", "https://e.org/2.jpg"]
    assert [(a["name"], a["value"], a["unit"]) for a in mug.attributes] == [
        ("Color", "Red", None),
        ("Capacity", 380, "ml"),
    ]
    (sku,) = mug.skus
    assert (sku.code, sku.barcode, sku.price_minor) == ("M-1", "4006381333931", 1200)
    assert sku.weight_grams == "400"
    assert json.loads(mug.cells["aggregateRating"]) == {"ratingValue": 4.4}
    assert mug.problems == ()


def test_products_are_found_wherever_they_stand():
    graph = {"@graph": [{"@type": "WebSite", "name": "Shop"}, MUG]}
    listed = {"@type": "ItemList", "itemListElement": [{"item": {"@type": "Product", "name": "Pot",
              "sku": "P"}}, {"item": {"@type": ["Product", "Thing"], "name": "Pan", "sku": "Q"}}]}  # fmt: skip
    assert [product.title for product in products(graph, [listed])] == ["Mug", "Pot", "Pan"]


def test_related_products_are_not_the_pages_own():
    related = MUG | {"isRelatedTo": {"@type": "Product", "name": "Pot", "sku": "P"}}
    assert [product.title for product in products(related)] == ["Mug"]


def test_a_group_is_one_product_with_its_variants():
    group = {
        "@type": "ProductGroup", "@id": "#g", "name": "Shirt", "productGroupID": "shirt",
        "variesBy": ["https://schema.org/size"],
        "hasVariant": [
            {"@type": "Product", "sku": "S", "size": "S", "color": "Red", "image": "https://e.org/s.jpg",
             "offers": {"price": 20, "priceCurrency": "EUR"}},
            {"@type": "Product", "sku": "M", "size": "M", "color": "Red",
             "offers": {"@type": "Offer", "priceSpecification": [
                 {"price": "18.5", "priceCurrency": "EUR"},
                 {"price": 25, "priceType": "https://schema.org/ListPrice"}]}},
        ],
    }  # fmt: skip
    late = {
        "@type": "Product",
        "sku": "L",
        "size": "L",
        "color": "Red",
        "isVariantOf": {"@id": "#g"},
    }
    (shirt,) = products(group, late)
    assert shirt.option_names == ("Size",)
    assert [(sku.options, sku.code, sku.price_minor) for sku in shirt.skus] == [
        (("S",), "S", 2000),
        (("M",), "M", 1850),
        (("L",), "L", None),
    ]
    assert shirt.skus[1].compare_at_price_minor == 2500
    assert shirt.skus[0].image_url == "https://e.org/s.jpg"


def test_offers_with_skus_of_their_own_are_variants():
    offers = [{"@type": "Offer", "sku": code, "name": code, "price": 5} for code in ("A", "B")]
    (mug,) = products(MUG | {"offers": offers})
    assert [(sku.options, sku.code) for sku in mug.skus] == [(("A",), "A"), (("B",), "B")]


@pytest.mark.parametrize(
    "offers",
    [
        {"@type": "AggregateOffer", "lowPrice": 12, "highPrice": 20, "priceCurrency": "EUR"},
        {"@type": "AggregateOffer", "offers": [{"price": 12, "priceCurrency": "EUR"}]},
        [{"@type": "Offer", "price": "12", "priceCurrency": "eur"}, {"price": 15}],
        {"price": "12.0000"},
    ],
)
def test_a_price_is_found_in_every_kind_of_offer(offers):
    (mug,) = products(MUG | {"offers": offers})
    assert (mug.skus[0].price_minor, mug.problems) == (1200, ())


def test_a_price_in_another_currency_is_reported():
    (mug,) = products(MUG | {"offers": {"price": 12, "priceCurrency": "USD"}})
    assert [(p.row, p.column, p.code) for p in mug.problems] == [
        (1, "offers", "price_in_other_currency")
    ]
    mended = mug.raw.replace("USD", "EUR")
    layout, _ = parse(page(MUG))
    again = all_importers()["schema_org"].reread(layout, mended, OPTIONS, "x")
    assert (again.problems, again.skus[0].price_minor) == ((), 1200)


def test_references_within_a_page_are_followed():
    offer = {"@id": "#offer", "@type": "Offer", "price": 7, "priceCurrency": "EUR"}
    (mug,) = products({"@graph": [MUG | {"offers": {"@id": "#offer"}}, offer]})
    assert mug.skus[0].price_minor == 700


def test_a_block_that_is_broken_spoils_no_other():
    commented = "/* ours */\n" + json.dumps(
        MUG | {"name": "Cup", "sku": "C", "url": "https://e.org/c"}
    )
    found = products("{broken", "", commented, MUG, '{"a":' * 5_000)
    assert [product.title for product in found] == ["Cup", "Mug"]


def test_the_same_product_in_two_notations_comes_once():
    body = '<div itemscope itemtype="http://schema.org/Product"><b itemprop="name">Mug</b>'
    body += '<i itemprop="sku">M-1</i></div>'
    assert len(products(MUG, body=body)) == 1


def test_addresses_of_pictures_are_completed_by_that_of_the_page():
    body = '<div itemscope itemtype="http://schema.org/Product"><b itemprop="name">Mug</b>'
    body += '<i itemprop="sku">1</i><img itemprop="image" src="/img/1.jpg"></div>'
    head = '<link rel="canonical" href="https://shop.example/p/mug">'
    (mug,) = products(body=body, head=head)
    assert [image.url for image in mug.images] == ["https://shop.example/img/1.jpg"]
    (mug,) = products(body=body)
    assert (mug.images, [w.code for w in mug.warnings]) == ((), ["image_relative"])


def test_nothing_is_fetched(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    remote = MUG | {"@context": "http://evil.example/context.jsonld"}
    head = '<base href="http://evil.example/"><script src="http://evil.example/x.js"></script>'
    assert products(remote, head=head)[0].title == "Mug"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (page(), "html_unknown"),
        (page({"@type": "Article", "name": "x"}), "html_unknown"),
        (page(body="x" * 5_000_001), "html_too_large"),
        (page(body="<i itemprop=x>y</i>" * 20_001), "html_too_many_facts"),
        (page(body="<i itemscope>" * 200 + "<i itemprop=x>y</i>" * 200), "html_too_many_facts"),
        (page(body='<i itemscope itemref="a b c">y</i>' * 70), "html_too_many_facts"),
    ],
)
def test_a_page_without_products_says_why(content, code):
    with pytest.raises(UnreadableFile) as caught:
        parse(content, file_name="page.html")
    assert caught.value.code == code


def test_deep_and_circular_pages_are_no_trap():
    circle = {"@type": "Product", "@id": "#a", "name": "Mug", "sku": "1", "offers": {"@id": "#a"}}
    assert products(circle)[0].title == "Mug"
    body = '<div itemscope itemprop="offers" itemtype="http://schema.org/Product">' * 300
    with pytest.raises(UnreadableFile):
        products(body=body + "x")


@pytest.mark.parametrize(
    ("name", "n_products", "n_warnings"),
    [
        ("misc/product_microdata.html", 1, 1),
        ("schema.org/product.html", 1, 1),
        ("schema.org/product-ref.html", 1, 2),
        ("schema.org/product.json", 1, 1),
        ("schema.org/product-ref.json", 1, 2),
        ("schema.org/product_custom_url.json", 1, 0),
        ("schema.org/product_custom_url_and_node_id.json", 1, 0),
    ],
)
def test_the_samples_of_extruct_are_read(shared_data, name, n_products, n_warnings):
    path = shared_data / "catalogue" / "schemaorg-extruct" / name
    _, found = parse(path, options=replace(OPTIONS, currency="USD"))
    assert (len(found), sum(len(product.warnings) for product in found)) == (n_products, n_warnings)
    assert (found[0].title, found[0].vendor) == ("Executive Anvil", "ACME")
    assert (found[0].skus[0].code, found[0].skus[0].price_minor) == ("925872", 11999)
    assert found[0].problems == ()
