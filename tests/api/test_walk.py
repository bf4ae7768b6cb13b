"""What a partner does, over a real connection: a product, a run, its draft, the text of the shop."""

import httpx2
import pytest

from generation.finishing import finish_request
from generation.models import GenerationRequest
from tests.generation.conftest import as_worker, service  # noqa: F401


@pytest.fixture
def http(live_server, partner):
    headers = {"Authorization": f"Bearer {partner.secret}"}
    with httpx2.Client(base_url=f"{live_server.url}/api/v1/", headers=headers) as client:
        yield client


@pytest.fixture
def write_texts(partner, request):
    """A function: the worker's part, with the echo backend."""

    def work():
        request.getfixturevalue("service")().serve(30)
        with partner.rows():
            ids = list(GenerationRequest.objects.values_list("pk", flat=True))
        for request_id in ids:
            with partner.rows():
                finish_request(request_id)

    return work


def post(http, path, body, key):
    return http.post(path, json=body, headers={"Idempotency-Key": key})


def test_a_partner_gets_a_product_described(http, write_texts):
    stool = {"title": "Oak stool", "attributes": [{"name": "Material", "value": "oak"}]}
    product = post(http, "products/", stool, "p-1").json()
    again = post(http, "products/", stool, "p-1")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (product, "true")

    wanted = {"products": [product["id"]], "brief": {"tone": "warm"}, "n_candidates": 2}
    started = post(http, "generation-runs/", wanted, "r-1")
    assert started.status_code == 201
    assert http.get(started.headers["Location"]).json()["state"] == "running"
    write_texts()
    run = http.get(started.headers["Location"]).json()
    assert (run["state"], run["n_succeeded"], run["n_failed"]) == ("finished", 1, 0)

    requests = http.get(f"generation-runs/{run['id']}/requests/").json()["results"]
    candidates = http.get(f"generation-requests/{requests[0]['id']}/candidates/").json()["results"]
    assert [candidate["index"] for candidate in candidates] == [0, 1]

    drafts = http.get("copy-versions/", params={"run": run["id"], "state": "draft"}).json()
    (draft,) = drafts["results"]
    assert draft["candidate"] in [candidate["id"] for candidate in candidates]
    assert http.get(f"products/{product['id']}/copy/").json()["results"] == []
    published = post(http, f"copy-versions/{draft['id']}/publish/", {}, "v-1")
    assert published.status_code == 200
    (text,) = http.get(f"products/{product['id']}/copy/").json()["results"]
    assert (text["id"], text["text"]) == (draft["id"], draft["text"])
    assert http.get(f"products/{product['id']}/").json()["copy_state"] == "published"


def test_what_goes_wrong_is_said_over_the_wire_too(http):
    refused = http.post("products/", content=b"{", headers={"Content-Type": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (400, "malformed_body")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["RateLimit-Policy"] == '"key";q=600;w=60'
    moved = http.post("products", json={"title": "x"}, follow_redirects=True)
    assert (moved.history[0].status_code, moved.status_code) == (308, 201)
    nobody = http.get("products/", headers={"Authorization": "Bearer nonsense"})
    assert (nobody.status_code, nobody.json()["code"]) == (401, "invalid_key")
