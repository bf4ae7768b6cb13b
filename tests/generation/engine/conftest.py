import pytest

from tests.generation.engine.stubs import StubServer


@pytest.fixture
def stub():
    server = StubServer()
    yield server
    server.close()
