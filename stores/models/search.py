"""What the search looks at. Written with every product; see catalogue.search_index."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from tenants.models import MerchantOwned


class ProductSearch(MerchantOwned):
    """What a product can be found by. id: the product's; the database deletes both together.

    It is a table of its own so that a product's other changes leave its many postings alone.
    """

    id = models.BigIntegerField(primary_key=True)
    document = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["document"], name="product_search")]

    def __str__(self) -> str:
        return str(self.pk)


class SearchWord(MerchantOwned):
    """A word that some product of the merchant has or had: what a typing error may have meant."""

    word = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant", "word"], name="search_word_once"),
        ]

    def __str__(self) -> str:
        return self.word
