"""Two keys of two merchants, over every address that the OpenAPI document knows."""

import re

import pytest

from api.models import Scope
from tests.api.world import make_world
from tests.partner import Partner

MARK = "zinnober"
# What every key has something of: itself, its merchant, the models of the platform.
OF_THE_KEY = ("/api/v1/me/", "/api/v1/merchant/", "/api/v1/models/")


@pytest.fixture
def ids(partner):
    """What the partner's merchant has, by the prefix of its kind."""
    with partner.rows():
        return make_world(MARK)


@pytest.fixture
def stranger(other_merchant, ids):
    return Partner(other_merchant)


def addresses(operations, ids):
    """Every operation with an id of the merchant in its address."""
    for name, method, operation in operations:
        path = name.partition(" ")[2]
        if "{id}" in path:
            about = next(p["description"] for p in operation["parameters"] if p.get("name") == "id")
            path = path.replace("{id}", ids[re.search(r"`(\w+)_`", about)[1]])
            path = path.replace("{position}", "1").replace("{product}", ids["prd"])
        yield name, method, path


def test_the_walk_finds_what_is_there(operations, partner, ids):
    for name, method, path in addresses(operations, ids):
        if method == "get" and path not in OF_THE_KEY:
            response = partner.get(path)
            assert response.status_code == 200, name
            assert MARK in text_of(response), name


def text_of(response):
    return response.getvalue().decode()


def body_of(operation):
    return operation.get("requestBody", {}).get("content", {})


def test_a_stranger_finds_nothing(operations, stranger, ids):
    types = {
        name: [*body_of(operation), "application/json"][0] for name, _, operation in operations
    }
    for name, method, path in addresses(operations, ids):
        response = stranger.generic(method.upper(), path, "{}", types[name])
        assert MARK not in text_of(response), name
        if "{id}" in name:
            assert response.status_code == 404, (name, text_of(response))
        elif method == "get" and name.partition(" ")[2] not in OF_THE_KEY:
            assert response.json()["results"] == [], name


def test_a_strangers_product_cannot_be_put_into_a_run(stranger, ids):
    response = stranger.post("/api/v1/generation-runs/", {"products": [ids["prd"]]})
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"pointer": "/products/0", "detail": "There is no such product.", "code": "does_not_exist"}
    ]


def test_a_filter_by_a_strangers_id_finds_nothing(stranger, ids):
    for path in ("skus", "copy-versions"):
        response = stranger.get(f"/api/v1/{path}/", {"product": ids["prd"]})
        assert response.json()["results"] == []


def test_every_operation_needs_just_the_scope_that_is_documented(operations, merchant, ids):
    documented = {name: operation["security"][0]["ApiKey"] for name, _, operation in operations}
    having = {scope: Partner(merchant, scopes={scope}) for scope in Scope.values}
    lacking = {scope: Partner(merchant, scopes={*Scope.values} - {scope}) for scope in Scope.values}
    for name, method, path in addresses(operations, ids):
        if path in OF_THE_KEY and not documented[name]:
            continue
        (scope,) = documented[name]
        assert scope.endswith("read" if method == "get" else "write"), name
        refused = lacking[scope].generic(method.upper(), path, "{", "application/json")
        assert (refused.status_code, refused.json()["scope"]) == (403, scope), name
        allowed = having[scope].generic(method.upper(), path, "{", "application/json")
        assert allowed.status_code in (200, 204, 400, 409, 415, 422), (name, allowed.content)
