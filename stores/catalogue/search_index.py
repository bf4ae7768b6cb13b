"""Keeping the search up to date: one document a product, and the words of each merchant."""

from collections.abc import Iterable, Sequence

from django.db import connection

from stores.catalogue.search_words import document_of, tsvector_of
from stores.models import Product, Sku
from tenants.scope import require_merchant_id

Lexemes = set[str]
_DOCUMENTS = """
INSERT INTO stores_productsearch AS s (id, merchant_id, document)
SELECT d.id, %s, d.document FROM unnest(%s::bigint[], %s::tsvector[]) AS d (id, document)
ON CONFLICT (id) DO UPDATE SET document = excluded.document
 WHERE s.document IS DISTINCT FROM excluded.document
"""
# In one order always: two writers that wait for each other's words would never end.
_WORDS = """
INSERT INTO stores_searchword (merchant_id, word)
SELECT %(merchant)s, w.word FROM unnest(%(words)s::text[]) AS w (word)
 WHERE NOT EXISTS (SELECT FROM stores_searchword s
                    WHERE s.merchant_id = %(merchant)s AND s.word = w.word)
 ORDER BY w.word
ON CONFLICT DO NOTHING
"""


def index_products(products: Iterable[tuple[Product, Sequence[Sku]]]) -> None:
    """Make stored products findable by what they are now; a document that stays is not rewritten."""
    write_documents((product.pk, *document_of(product, skus)) for product, skus in products)


def write_documents(documents: Iterable[tuple[int, Lexemes, Lexemes]]) -> None:
    """Keep what `document_of` found, by the product's key: all lexemes, and the words among them."""
    merchant_id = require_merchant_id()
    vectors: dict[int, str] = {}
    words: set[str] = set()
    for key, lexemes, spellings in documents:
        vectors[key] = tsvector_of(merchant_id, lexemes)
        words |= spellings
    if vectors:
        with connection.cursor() as cursor:
            cursor.execute(_DOCUMENTS, [merchant_id, list(vectors), list(vectors.values())])
            cursor.execute(_WORDS, {"merchant": merchant_id, "words": sorted(words)})


def index_again(keys: Sequence[int]) -> None:
    """Bring the documents of the products with these keys up to date, from what is stored."""
    found = Product.objects.filter(pk__in=keys).prefetch_related("skus")
    index_products((product, list(product.skus.all())) for product in found)
