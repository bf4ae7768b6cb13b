import pytest
from django.core.cache import cache
from django.test import Client

from tests.partner import Partner


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def partner(merchant):
    """A program of the merchant, with a key that may do everything."""
    return Partner(merchant)


@pytest.fixture
def probe(settings, partner):
    """The same, where /api/v1/probe/ exists."""
    settings.ROOT_URLCONF = "tests.api.probe"
    return partner


@pytest.fixture(scope="session")
def document():
    """The OpenAPI document."""
    return Client().get("/api/schema/").json()


@pytest.fixture(scope="session")
def operations(document):
    """Its operations: a name, the method, and what is said of it."""
    return [
        (f"{method} {path}", method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
