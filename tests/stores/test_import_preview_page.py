"""The preview with everything that a file can change and everything that can be wrong with it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenants.scope import merchant_scope
from tests.stores.files import bring, preview
from tests.stores.importers.test_hostile_files import TEXT_COLUMNS

BEFORE = """Handle,Title,Body (HTML),Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,\
Variant Grams,Variant Inventory Qty,Image Src,Image Alt Text,Variant Image,Cost,A (product.metafields.b.c)
mug,Mug,<p>A mug.</p>,tea,true,Size,S,M-S,12.00,1,3,https://e.org/1.jpg,Front,https://e.org/1.jpg,5,oak
mug,,,,,,L,M-L,14.00,2,4,https://e.org/2.jpg,,,,
mug,,,,,,,,,,,https://e.org/3.jpg,,,6,
"""
AFTER = """Handle,Title,Body (HTML),Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,\
Variant Grams,Variant Inventory Qty,Image Src,Image Alt Text,Variant Image,Cost,A (product.metafields.b.c)
mug,Cup,<p>A cup.</p>,"tea, gift",false,Grösse,M,M-M,13.00,3,5,https://e.org/2.jpg,Back,https://e.org/2.jpg,7,ash
mug,,,,,,S,M-1,14.50,4,6,https://e.org/4.jpg,,https://e.org/4.jpg,8,
mug,,,,,,,,,,,https://e.org/3.jpg,Side,,9,
"""


@pytest.fixture
def page(merchant, viewer, signed_in):
    client = signed_in(viewer)

    def get(found, show):
        path = reverse("stores:import_detail", args=[merchant.public_id, found.public_id])
        return client.get(f"{path}?show={show}")

    return get


def test_every_kind_of_change_is_shown(merchant, page):
    with merchant_scope(merchant.pk):
        bring(BEFORE)
        found = preview(AFTER)
        fields = {change["field"] for change in found.items.get().changes}
    assert fields == {
        *("title", "tags", "status", "option_names", "attribute", "cell", "description"),
        *("image", "alt_text", "image_position", "sku", "code", "price_minor", "weight_grams"),
        *("image_url", "sku_position"),
    }
    response = page(found, "changed")
    text = response.content.decode()
    assert response.status_code == 200
    for label in ("Alternative text", "Position of a SKU", "Image of a SKU", "Weight in grams"):
        assert label in text
    assert "<del>tea</del> → <ins>tea, gift</ins>" in text
    assert "<del>Active</del> → <ins>Draft</ins>" in text


def test_attacks_are_shown_as_text(merchant, page):
    attack = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    header = ["Handle", "Option1 Name", "Image Src", "Variant Price", *TEXT_COLUMNS]
    row = [attack, "Size", attack, attack, *[attack] * len(TEXT_COLUMNS)]
    with merchant_scope(merchant.pk):
        found = preview([header, row, ["ok", "Size", "", "1", *["x"] * len(TEXT_COLUMNS)]])
    for show in ("invalid", "new"):
        response = page(found, show)
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
        assert "<img src=x" not in response.content.decode()


def test_the_page_takes_as_many_queries_for_many_rows_as_for_few(merchant, page):
    def n_queries(n_rows):
        with merchant_scope(merchant.pk):
            found = preview([["Handle", "Title"], *([f"p-{n}", f"P {n}"] for n in range(n_rows))])
        with CaptureQueriesContext(connection) as captured:
            page(found, "new")
        return len(captured)

    n_queries(1)
    assert n_queries(3) == n_queries(60)
