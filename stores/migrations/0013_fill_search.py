from django.db import migrations

from stores.catalogue.search_words import document_of, tsvector_of

CHUNK = 500
DOCUMENTS = """
INSERT INTO stores_productsearch (id, merchant_id, document)
SELECT d.id, %s, d.document FROM unnest(%s::bigint[], %s::tsvector[]) AS d (id, document)
"""
WORDS = """
INSERT INTO stores_searchword (merchant_id, word) SELECT %s, unnest(%s::text[])
ON CONFLICT DO NOTHING
"""


def fill(apps, schema_editor):
    """Under forced row security the owner sees a merchant's rows in that merchant's scope only."""
    merchants = apps.get_model("tenants", "Merchant").objects.values_list("pk", flat=True)
    products = apps.get_model("stores", "Product").objects
    skus = apps.get_model("stores", "Sku").objects
    with schema_editor.connection.cursor() as cursor:
        for merchant in merchants:
            cursor.execute("SELECT set_config('app.merchant_id', %s, true)", [str(merchant)])
            last = 0
            while chunk := list(products.filter(pk__gt=last).order_by("pk")[:CHUNK]):
                last = chunk[-1].pk
                fill_chunk(cursor, merchant, chunk, skus.filter(product__in=chunk))
        cursor.execute("SELECT set_config('app.merchant_id', '', true)")


def fill_chunk(cursor, merchant, products, skus):
    skus_of, documents, words = {}, [], set()
    for sku in skus:
        skus_of.setdefault(sku.product_id, []).append(sku)
    for product in products:
        lexemes, spellings = document_of(product, skus_of.get(product.pk, []))
        documents.append(tsvector_of(merchant, lexemes))
        words |= spellings
    cursor.execute(DOCUMENTS, [merchant, [product.pk for product in products], documents])
    cursor.execute(WORDS, [merchant, sorted(words)])


class Migration(migrations.Migration):
    dependencies = [("stores", "0012_search"), ("tenants", "0004_audit_indexes")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
