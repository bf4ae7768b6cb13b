import pytest
from django.core.cache import cache

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
