from django.db import migrations

from stores.catalogue.search_words import document_of, tsvector_of
from tenants.operations import every_merchants_rows

CHUNK = 500
TABLES = ("stores_product", "stores_sku", "stores_productsearch", "stores_searchword")
DOCUMENTS = """
INSERT INTO stores_productsearch (id, merchant_id, document)
SELECT d.id, d.merchant_id, d.document
  FROM unnest(%s::bigint[], %s::bigint[], %s::tsvector[]) AS d (id, merchant_id, document)
"""
WORDS = """
INSERT INTO stores_searchword (merchant_id, word)
SELECT * FROM unnest(%s::bigint[], %s::text[])
ON CONFLICT DO NOTHING
"""


def fill(apps, schema_editor):
    # The owner's connection: another one would wait for this transaction for ever.
    alias = schema_editor.connection.alias
    products = apps.get_model("stores", "Product").objects.using(alias)
    skus = apps.get_model("stores", "Sku").objects.using(alias)
    with schema_editor.connection.cursor() as cursor, every_merchants_rows(cursor, *TABLES):
        last = 0
        while chunk := list(products.filter(pk__gt=last).order_by("pk")[:CHUNK]):
            last = chunk[-1].pk
            fill_chunk(cursor, chunk, skus.filter(product__in=chunk))


def fill_chunk(cursor, products, skus):
    skus_of, documents, words = {}, [], set()
    for sku in skus:
        skus_of.setdefault(sku.product_id, []).append(sku)
    for product in products:
        lexemes, spellings = document_of(product, skus_of.get(product.pk, []))
        documents.append(tsvector_of(product.merchant_id, lexemes))
        words |= {(product.merchant_id, word) for word in spellings}
    keys, merchants = zip(*[(p.pk, p.merchant_id) for p in products], strict=True)
    cursor.execute(DOCUMENTS, [list(keys), list(merchants), documents])
    pairs = sorted(words)
    cursor.execute(WORDS, [[merchant for merchant, _ in pairs], [word for _, word in pairs]])


class Migration(migrations.Migration):
    dependencies = [("stores", "0012_search"), ("tenants", "0004_audit_indexes")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
