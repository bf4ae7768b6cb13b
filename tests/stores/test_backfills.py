"""Migrations that fill new columns and tables from rows that were there before."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from stores.models import Product, ProductSearch, SearchWord, Sku
from stores.selectors.search import search
from tenants.guard import open_locks
from tenants.scope import merchant_scope
from tests.conftest import acting_as


@pytest.fixture
def shops(merchant, other_merchant):
    """Two shops with a product each, as they were before."""
    for shop in (merchant, other_merchant):
        with merchant_scope(shop.pk):
            mug = Product.objects.create(handle="mug", title="Stoneware mug", vendor="Fjord")
            Sku.objects.create(product=mug, currency="EUR", price_minor=900, position=1)
    return merchant, other_merchant


def fill(name):
    """As the owner runs it, over the models as they were then."""
    module = import_module(f"stores.migrations.{name}")
    apps = MigrationLoader(connection).project_state(("stores", name)).apps
    with acting_as("owner"):
        module.fill(apps, SimpleNamespace(connection=connection))


def test_every_merchants_products_become_findable(shops):
    fill("0013_fill_search")
    for shop in shops:
        with merchant_scope(shop.pk):
            assert [p.handle for p in search("stoneware").apply(Product.objects.all())] == ["mug"]
            assert (ProductSearch.objects.count(), SearchWord.objects.count()) == (1, 2)
    assert open_locks() == []


def test_every_merchants_products_get_their_prices(shops):
    fill("0007_fill_product_columns")
    for shop in shops:
        with merchant_scope(shop.pk):
            mug = Product.objects.get()
            assert (mug.min_price_minor, mug.currency, mug.readiness) == (900, "EUR", "thin")
    assert open_locks() == []
