from tests.api.conftest import _empty_cache, partner  # noqa: F401
