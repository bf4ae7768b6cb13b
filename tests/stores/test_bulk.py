"""Rows by COPY and upsert: every kind of value arrives as it was, and what is to be kept stays."""

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from stores.catalogue.bulk import BulkTable, Row
from stores.catalogue.write import IMAGES, PRODUCTS
from stores.models import ImportItem, Product, ProductImage
from tenants.fields import decode
from tests.conftest import acting_as

TEXTS = ["", "NULL", "\\N", "\\.", "a\tb\r\nc", '"', "{a,b}", "\\", "'", "杯子", "é" * 200]


def product(handle, **values):
    return Row({**PRODUCTS.blank(), "handle": handle, "title": "T", **values})


def test_no_column_of_a_model_is_forgotten(in_scope):
    for model in (Product, ProductImage, ImportItem):
        columns = {field.attname for field in model._meta.concrete_fields} - {"id"}
        assert set(BulkTable(model).columns) == set(BulkTable(model).blank()) == columns


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_arrives_as_it_was(in_scope, text):
    values = {"vendor": text, "tags": [text, "x"], "source": {"cells": {text: text}}}
    PRODUCTS.write([product("a", **values)])
    stored = Product.objects.get()
    assert (stored.vendor, stored.tags, stored.source) == (text, [text, "x"], values["source"])


def test_rows_come_in_their_order_with_ids_of_their_own(in_scope):
    PRODUCTS.write([product(f"p-{n}") for n in range(300)])
    handles = list(Product.objects.order_by("pk").values_list("handle", flat=True))
    assert handles == [f"p-{n}" for n in range(300)]
    ids = set(Product.objects.values_list("public_id", flat=True))
    assert {decode("prd", one).version for one in ids} == {7}
    assert len(ids) == 300


def test_a_row_that_is_here_keeps_who_it_is(in_scope):
    PRODUCTS.write([product("a")])
    before = Product.objects.get()
    written = PRODUCTS.write([product("a", title="New", copy_state="draft")], ("handle", "id"))
    after = Product.objects.get()
    assert written == [("a", before.pk)]
    assert (after.public_id, after.created_at) == (before.public_id, before.created_at)
    assert (after.title, after.copy_state) == ("New", "none")


def test_what_a_look_at_an_image_found_survives_an_import(in_scope):
    ((_, key),) = PRODUCTS.write([product("a")], ("handle", "id"))
    image = {"product_id": key, "url": "https://e.org/1.jpg", "position": 1}
    IMAGES.write([Row({**IMAGES.blank(), **image})])
    ProductImage.objects.update(state="small", width=10)
    IMAGES.write([Row({**IMAGES.blank(), **image, "alt_text": "New"})])
    stored = ProductImage.objects.get()
    assert (stored.state, stored.width, stored.alt_text) == ("small", 10, "New")


def test_no_row_of_another_merchant_is_written(in_scope, other_merchant):
    with pytest.raises(ProgrammingError, match="row-level security"):
        PRODUCTS.write([product("a", merchant_id=other_merchant.pk)])


def test_nothing_is_left_in_the_temporary_table_for_the_next_statement(in_scope):
    PRODUCTS.write([product("a")])
    PRODUCTS.write([product("b")])
    assert PRODUCTS.write([]) == []
    with acting_as("app"), connection.cursor() as cursor:
        cursor.execute('SELECT handle FROM "copy_of_stores_product"')
        assert cursor.fetchall() == [("b",)]
