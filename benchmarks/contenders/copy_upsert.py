"""The least that the same products can cost: COPY to temporary tables, then upserts, as superuser.

Everything is parsed, checked and put into rows before the clock starts; no row security, no
preview, no comparison with what is there, no report; all in one transaction.
"""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
from django.db import models

from benchmarks.contenders.ours import parsed_products
from stores.catalogue.search_words import document_of, tsvector_of
from stores.importers.base import ParsedProduct
from stores.models import CopySlot, CopyVersion, Product, ProductImage, ProductSearch, Sku
from tenants.models import Merchant

TEMPORARY = {
    "c_product": "handle text, title text, vendor text, product_type text, category text,"
    " tags text[], status text, attributes jsonb, option_names text[], source jsonb,"
    " min_price_minor bigint, max_price_minor bigint",
    "c_image": "handle text, url text, alt_text text, position int",
    "c_sku": "handle text, code text, barcode text, options text[], price_minor bigint,"
    " compare_at_price_minor bigint, weight_grams numeric, image_url text, position int,"
    " source jsonb",
    "c_text": "handle text, text text, provenance jsonb",
    "c_search": "handle text, document tsvector",
}
OF_PRODUCT = (
    "FROM {} c JOIN stores_product p ON p.merchant_id = %(merchant)s AND p.handle = c.handle"
)
# (model, key of the upsert, columns from the row, FROM)
UPSERTS: tuple[tuple[type[models.Model], str, dict[str, str], str], ...] = (
    (
        Product,
        "merchant_id, handle",
        {
            **{
                name.split()[0]: f"c.{name.split()[0]}"
                for name in TEMPORARY["c_product"].split(", ")
            },
            "readiness": "'ready'",
            "copy_state": "'human'",
            "currency": "'EUR'",
            "locale": "'en'",
        },
        "FROM c_product c",
    ),
    (
        ProductImage,
        "merchant_id, product_id, url",
        {"product_id": "p.id", "url": "c.url", "alt_text": "c.alt_text", "position": "c.position"},
        OF_PRODUCT.format("c_image"),
    ),
    (
        Sku,
        "merchant_id, product_id, options",
        {
            **{
                name: f"c.{name}"
                for name in (
                    *("code", "barcode", "options", "price_minor", "compare_at_price_minor"),
                    *("weight_grams", "position", "source"),
                )
            },
            "product_id": "p.id",
            "image_id": "i.id",
            "currency": "'EUR'",
        },
        OF_PRODUCT.format("c_sku") + " LEFT JOIN stores_productimage i"
        " ON i.merchant_id = %(merchant)s AND i.product_id = p.id AND i.url = c.image_url",
    ),
    (
        CopySlot,
        "merchant_id, product_id, field, channel, locale",
        {"product_id": "p.id", "field": "'description'", "channel": "'shop'", "locale": "'en'"},
        OF_PRODUCT.format("c_text"),
    ),
    (
        CopyVersion,
        "merchant_id, slot_id, number",
        {
            "slot_id": "s.id",
            "number": "1",
            "text": "c.text",
            "source": "'imported'",
            "state": "'published'",
            "provenance": "c.provenance",
            "published_at": "now()",
        },
        OF_PRODUCT.format("c_text") + " JOIN stores_copyslot s"
        " ON s.merchant_id = %(merchant)s AND s.product_id = p.id",
    ),
    (
        ProductSearch,
        "id",
        {"id": "p.id", "document": "c.document"},
        OF_PRODUCT.format("c_search"),
    ),
)


def bring(path: Path, url: str) -> dict[str, Any]:
    """Seconds of COPY, the upserts and the commit."""
    merchant = Merchant.objects.create(name="Bench", currency="EUR")
    products = [product for product in parsed_products(path) if not product.problems]
    tables = {
        "c_product": [_product(product) for product in products],
        "c_image": [row for product in products for row in _images(product)],
        "c_sku": [row for product in products for row in _skus(product)],
        "c_text": [_text(product) for product in products if product.description],
        "c_search": [_search(merchant.pk, product) for product in products],
    }
    with psycopg.connect(url) as connection:
        started = time.perf_counter()
        with connection.transaction():
            _copy(connection, tables)
            copied = time.perf_counter()
            for upsert in UPSERTS:
                connection.execute(_statement(*upsert), {"merchant": merchant.pk})
        done = time.perf_counter()
    seconds = {"copy": round(copied - started, 3), "write": round(done - started, 3)}
    return {"seconds": seconds, "rows_written": {name: len(rows) for name, rows in tables.items()}}


def _copy(connection: psycopg.Connection, tables: dict[str, list[tuple[Any, ...]]]) -> None:
    for name, rows in tables.items():
        connection.execute(f"CREATE TEMPORARY TABLE {name} ({TEMPORARY[name]}) ON COMMIT DROP")
        with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.execute(f"ANALYZE {name}")  # or the upserts would join by nested loops


def _statement(model: type[models.Model], key: str, columns: dict[str, str], source: str) -> str:
    values = {**dict(_defaults(model)), **columns, "merchant_id": "%(merchant)s"}
    new = [f"{name} = EXCLUDED.{name}" for name in columns if name not in key.split(", ")]
    do = f"UPDATE SET {', '.join(new)}" if new else "NOTHING"
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(values)})"
        f" SELECT {', '.join(values.values())} {source} ON CONFLICT ({key}) DO {do}"
    )


def _defaults(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Every column that no row gives: with what the model would have there, the cheapest way."""
    for field in model._meta.local_concrete_fields:
        if field.get_internal_type() == "UUIDField":
            yield field.column, "uuidv7()"
        elif isinstance(field, models.DateTimeField) and not field.null:
            yield field.column, "now()"
        elif not (field.primary_key or field.null or field.name == "merchant"):
            yield field.column, _literal(field.get_default())


def _literal(value: Any) -> str:
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, dict | list):
        return "'{}'" if isinstance(value, dict) or not value else f"'{json.dumps(value)}'"
    return "'" + str(value or "") + "'"


def _product(product: ParsedProduct) -> Sequence[Any]:
    prices = [sku.price_minor for sku in product.skus if sku.price_minor is not None]
    source = {"format": "shopify_csv", "cells": product.cells, "spellings": product.spellings}
    return (
        *(product.handle, product.title, product.vendor, product.product_type, product.category),
        *(list(product.tags), product.status, json.dumps(product.attributes)),
        *(list(product.option_names), json.dumps(source)),
        *(min(prices, default=None), max(prices, default=None)),
    )


def _images(product: ParsedProduct) -> Iterator[Sequence[Any]]:
    for image in product.images:
        yield product.handle, image.url, image.alt_text, image.position


def _skus(product: ParsedProduct) -> Iterator[Sequence[Any]]:
    for position, sku in enumerate(product.skus, start=1):
        source = json.dumps({"cells": sku.cells} if sku.cells else {})
        yield (
            *(product.handle, sku.code, sku.barcode, list(sku.options), sku.price_minor),
            *(sku.compare_at_price_minor, sku.weight_grams, sku.image_url, position, source),
        )


def _text(product: ParsedProduct) -> Sequence[Any]:
    provenance = {
        "import": "",
        "file": "file.csv",
        "row": product.first_row,
        "column": "Body (HTML)",
    }
    return product.handle, product.description, json.dumps(provenance)


def _search(merchant_id: int, product: ParsedProduct) -> Sequence[Any]:
    lexemes, _words = document_of(product, product.skus)
    return product.handle, tsvector_of(merchant_id, lexemes)
