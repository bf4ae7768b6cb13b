import pytest

from generation.endpoints import save_platform_model
from generation.remote import MAX_HELD, RemoteStations
from tenants.actor import SYSTEM


@pytest.fixture
def stations():
    made = RemoteStations(lambda result: None)
    yield made
    made.close()


@pytest.mark.parametrize(("concurrency", "most"), [(2, 4), (64, MAX_HELD // 4)])
def test_one_endpoint_leaves_places_for_others(db, stations, concurrency, most):
    fields = {
        "name": "M",
        "base_url": "http://127.0.0.1:9/v1",
        "model": "m",
        "max_concurrency": concurrency,
        "is_active": True,
    }
    key = save_platform_model(model=None, fields=fields, api_key="", actor=SYSTEM).public_id
    stations.station(key)
    assert stations.full([key] * (most - 1)) == []
    assert stations.full([key] * most) == [key]


def test_an_endpoint_that_is_gone_is_an_error_and_no_station(db, stations):
    assert stations.station("mod_01h455vb4pex5vsknk084sn02q").code == "model_unknown"
