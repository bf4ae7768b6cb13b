import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores.catalogue.derived import refresh_copy_state
from stores.catalogue.search_index import index_again
from stores.models import CopySlot, CopyVersion, Product, ProductImage, Sku
from tests.api.test_authentication import problem

PRODUCTS = "/api/v1/products/"


def make_product(number, **values):
    defaults = {"handle": f"p-{number}", "title": f"Product {number}", "option_names": ["Size"]}
    product = Product.objects.create(**{**defaults, **values})
    image = ProductImage.objects.create(
        product=product, url=f"https://example.org/{number}.jpg", alt_text="A thing", position=1
    )
    for size in ("S", "M"):
        Sku.objects.create(
            product=product,
            code=f"{number}-{size}",
            options=[size],
            price_minor=1250,
            currency="EUR",
            weight_grams="80.500",
            image=image,
            position=1,
        )
    slot = CopySlot.objects.create(product=product, field="description", locale="en")
    CopyVersion.objects.create(
        slot=slot, number=1, text="<p>Fine &amp; good</p>", source="human", state="published"
    )
    refresh_copy_state([product.pk])
    index_again([product.pk])
    return product


@pytest.fixture
def product(partner):
    attribute = {"name": "Material", "value": "oak", "type": "text", "unit": None}
    attribute["origin"] = {"file": "p.csv", "row": 2, "column": "Material"}
    with partner.rows():
        return make_product(1, tags=["new"], vendor="Hearth", attributes=[attribute])


def test_a_product_shows_all_that_we_know_of_it(partner, product):
    shown = partner.get(f"{PRODUCTS}{product.public_id}/").json()
    with partner.rows():
        skus = list(Sku.objects.order_by("pk"))
        image = ProductImage.objects.get()
    assert shown.pop("created_at").endswith("Z")
    assert shown.pop("updated_at").endswith("Z")
    assert shown == {
        "id": product.public_id,
        "handle": "p-1",
        "title": "Product 1",
        "vendor": "Hearth",
        "product_type": "",
        "category": "",
        "tags": ["new"],
        "status": "active",
        "locale": "en",
        "copy_state": "human",
        "readiness": "empty",
        "currency": "",
        "min_price_minor": None,
        "max_price_minor": None,
        "attributes": product.attributes,
        "option_names": ["Size"],
        "images": [
            {
                "id": image.public_id,
                "url": "https://example.org/1.jpg",
                "alt_text": "A thing",
                "position": 1,
                "state": "unchecked",
                "width": None,
                "height": None,
                "n_bytes": None,
                "checked_at": None,
            }
        ],
        "skus": [
            {
                "id": sku.public_id,
                "product": product.public_id,
                "code": sku.code,
                "barcode": "",
                "options": sku.options,
                "price_minor": 1250,
                "compare_at_price_minor": None,
                "currency": "EUR",
                "weight_grams": "80.500",
                "image": image.public_id,
                "image_url": "https://example.org/1.jpg",
                "position": 1,
            }
            for sku in skus
        ],
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=product 2", ["p-2"]),
        ("q=2-S", ["p-2"]),
        ("handle=p-1", ["p-1"]),
        ("vendor=Hearth", ["p-1"]),
        ("tag=new", ["p-1"]),
        ("status=draft", ["p-2"]),
        ("copy_state=human", ["p-2", "p-1"]),
        ("copy_state=none", []),
        ("updated_since=2000-01-01T00:00:00Z", ["p-2", "p-1"]),
        ("updated_since=2100-01-01T00:00:00Z", []),
    ],
)
def test_products_can_be_narrowed(partner, product, query, found):
    with partner.rows():
        make_product(2, status="draft")
    rows = partner.get(f"{PRODUCTS}?{query}").json()["results"]
    assert [row["handle"] for row in rows] == found


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("status=gone", "status"),
        ("copy_state=x", "copy_state"),
        ("updated_since=x", "updated_since"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(partner, query, parameter):
    document = problem(partner.get(f"{PRODUCTS}?{query}"), 400, "validation_failed")
    assert [error["parameter"] for error in document["errors"]] == [parameter]


def test_nul_in_a_filter_is_refused(partner):
    problem(partner.get(f"{PRODUCTS}?q=%00"), 400, "validation_failed")


@pytest.mark.parametrize("path", ["products", "skus", "copy-versions"])
def test_a_longer_list_takes_no_more_queries(partner, product, path):
    def n_queries():
        with CaptureQueriesContext(connection) as queries:
            assert partner.get(f"/api/v1/{path}/").status_code == 200
        return len(queries)

    few = n_queries()
    with partner.rows():
        for number in range(2, 7):
            make_product(number)
    # The first request of a minute also writes when the key was last used.
    assert n_queries() <= few


def test_skus_can_be_found_by_code_barcode_and_product(partner, product):
    with partner.rows():
        other = make_product(2)
        Sku.objects.filter(code="2-M").update(barcode="4006381333931")

    def codes(**query):
        rows = partner.get("/api/v1/skus/", query).json()["results"]
        return sorted(row["code"] for row in rows)

    assert codes(code="1-S") == ["1-S"]
    assert codes(barcode="4006381333931") == ["2-M"]
    assert codes(product=other.public_id) == ["2-M", "2-S"]
    assert codes(product="prd_nonsense") == []


@pytest.mark.parametrize("id", ["nonsense", "prd_0", "sku_01kb0zxv5cf4qv7r2m9nta3e8s", "1"])
def test_an_id_that_is_none_is_not_found(partner, product, id):
    problem(partner.get(f"{PRODUCTS}{id}/"), 404, "not_found")


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59"])
def test_a_time_out_of_range_is_the_callers_mistake(partner, time):
    problem(partner.get(f"{PRODUCTS}?updated_since={time}"), 400, "validation_failed")
