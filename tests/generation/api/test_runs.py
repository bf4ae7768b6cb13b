import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generation.models import GenerationRequest, GenerationRun
from stores.models import Product
from tenants.models import AuditEntry
from tests.api.test_authentication import problem

RUNS = "/api/v1/generation-runs/"


@pytest.fixture
def products(partner):
    with partner.rows():
        return [Product.objects.create(handle=f"p-{n}", title=f"P {n}") for n in range(3)]


def test_a_run_over_ids_makes_a_request_for_each(partner, products):
    ids = [product.public_id for product in products[:2]]
    brief = {"tone": "warm", "length": "short", "language": "de", "instructions": "Kurz."}
    response = partner.post(
        RUNS, {"products": ids, "brief": brief, "n_candidates": 2, "lane": "interactive"}
    )
    assert response.status_code == 201
    run = response.json()
    assert response["Location"] == f"http://testserver{RUNS}{run['id']}/"
    assert (run["state"], run["n_total"], run["n_candidates"]) == ("running", 2, 2)
    assert (run["brief"], run["lane"], run["model"]) == (brief, "interactive", "default")
    assert partner.get(f"{RUNS}{run['id']}/").json() == run
    requests = partner.get(f"{RUNS}{run['id']}/requests/").json()["results"]
    assert [request["product"] for request in requests] == ids
    assert {request["state"] for request in requests} == {"queued"}
    assert partner.get(f"/api/v1/generation-requests/{requests[0]['id']}/").json() == requests[0]


def test_a_run_over_a_filter(partner, products):
    with partner.rows():
        Product.objects.filter(pk=products[1].pk).update(vendor="Hearth")
    run = partner.post(RUNS, {"filter": {"vendor": "Hearth"}}).json()
    assert (run["n_total"], run["brief"]["language"]) == (1, "en")
    assert partner.post(RUNS, {"filter": {}}).json()["n_total"] == 3


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"products": [], "filter": {}}, "/products"),
        ({"filter": {"copy_state": "gone"}}, "/filter/copy_state"),
        ({"filter": {}, "brief": {"tone": "angry"}}, "/brief/tone"),
        ({"filter": {}, "brief": {"instructions": "x" * 1001}}, "/brief/instructions"),
        ({"filter": {}, "n_candidates": 9}, "/n_candidates"),
        ({"filter": {}, "lane": "fast"}, "/lane"),
        ({"products": ["prd_nonsense"]}, "/products/0"),
    ],
)
def test_what_cannot_be_asked_for(partner, products, body, pointer):
    document = problem(partner.post(RUNS, body), 400, "validation_failed")
    assert [error["pointer"] for error in document["errors"]] == [pointer]
    with partner.rows():
        assert not GenerationRun.objects.exists()


def test_rules_of_the_service_keep_their_codes(partner, products):
    problem(partner.post(RUNS, {"filter": {}, "model": "mod_x"}), 422, "model_unknown")
    problem(partner.post(RUNS, {"filter": {"vendor": "nobody"}}), 422, "nothing_selected")


def test_a_full_queue_says_when_to_come_back(partner, products, settings):
    settings.GENERATION = {**settings.GENERATION, "MAX_QUEUED_REQUESTS": 2}
    response = partner.post(RUNS, {"filter": {}})
    problem(response, 429, "queue_full")
    assert response["Retry-After"] == "60"


def test_a_repeated_run_is_started_once(partner, products):
    first, second = (
        partner.post(RUNS, {"filter": {}}, headers={"Idempotency-Key": "run-1"}) for _ in range(2)
    )
    assert second.json() == first.json()
    assert second["Location"] == first["Location"]
    with partner.rows():
        assert GenerationRequest.objects.count() == 3


def test_a_run_is_cancelled_by_the_key(partner, products):
    run = partner.post(RUNS, {"filter": {}}).json()
    cancelled = partner.post(f"{RUNS}{run['id']}/cancel/").json()
    assert (cancelled["state"], cancelled["n_cancelled"]) == ("cancelled", 3)
    with partner.rows():
        entry = AuditEntry.objects.get(action="run.cancelled")
    assert (entry.actor_kind, entry.actor) == ("api_key", partner.key.prefix)


def test_runs_and_requests_can_be_narrowed(partner, products):
    run = partner.post(RUNS, {"filter": {}}).json()
    assert len(partner.get(RUNS, {"state": "running"}).json()["results"]) == 1
    assert partner.get(RUNS, {"state": "finished"}).json()["results"] == []
    requests = f"{RUNS}{run['id']}/requests/"
    assert partner.get(requests, {"state": "failed"}).json()["results"] == []
    of_one = partner.get(requests, {"product": products[1].public_id}).json()["results"]
    assert [request["product"] for request in of_one] == [products[1].public_id]


def test_a_longer_list_of_requests_takes_no_more_queries(partner, products):
    def n_queries(run):
        with CaptureQueriesContext(connection) as queries:
            assert partner.get(f"{RUNS}{run['id']}/requests/").status_code == 200
        return len(queries)

    one = partner.post(RUNS, {"products": [products[0].public_id]}).json()
    three = partner.post(RUNS, {"filter": {}}).json()
    assert n_queries(three) == n_queries(one)
