import pytest

from generation.models import Candidate, GenerationRequest, GenerationRun, MerchantEndpoint
from stores.models import CopyVersion, Product
from stores.services.copy import add_draft
from tenants.actor import SYSTEM
from tests.api.test_authentication import problem

CANDIDATES, ENDPOINTS = "/api/v1/candidates/", "/api/v1/model-endpoints/"
JSON = "application/json"


@pytest.fixture
def written(partner):
    """The draft of the first of two candidates, and the second one."""
    with partner.rows():
        product = Product.objects.create(handle="stool", title="Stool")
        run = GenerationRun.objects.create(brief={"language": "en"}, n_total=1)
        request = GenerationRequest.objects.create(run=run, product=product, lane="bulk")
        first, second = (
            Candidate.objects.create(
                request=request, index=n, raw=text, text=text, finish_reason="stop"
            )
            for n, text in enumerate(["An oak stool.", "A stool of oak."])
        )
        draft = add_draft(
            product=product,
            field="description",
            locale="en",
            text="<p>An oak stool.</p>",
            source="ai",
            candidate=first.public_id,
            provenance={"run": run.public_id},
            actor=SYSTEM,
        )
    return draft, second


def test_another_candidate_takes_the_place_of_the_draft(partner, written):
    draft, second = written
    response = partner.post(f"{CANDIDATES}{second.public_id}/choose/")
    assert response.status_code == 201, response.content
    chosen = response.json()
    assert (chosen["candidate"], chosen["state"]) == (second.public_id, "draft")
    assert response["Location"].endswith(f"/api/v1/copy-versions/{chosen['id']}/")
    with partner.rows():
        assert CopyVersion.objects.get(pk=draft.pk).state == "retired"
    problem(partner.post(f"{CANDIDATES}{second.public_id}/choose/"), 404, "not_found")


def test_requests_show_their_candidates_where_asked(partner, written):
    (row,) = partner.get("/api/v1/generation-requests/?expand=candidates,product,run").json()[
        "results"
    ]
    assert [each["text"] for each in row["expanded"]["candidates"]] == [
        "An oak stool.",
        "A stool of oak.",
    ]
    assert row["expanded"]["product"]["title"] == "Stool"
    assert row["expanded"]["run"]["id"] == row["run"]


def test_another_text_can_be_asked_for(partner, written):
    draft, _ = written
    response = partner.post(
        f"/api/v1/copy-versions/{draft.public_id}/regenerate/", {"instructions": "Shorter."}
    )
    assert response.status_code == 201, response.content
    run = response.json()
    assert (run["lane"], run["n_total"]) == ("interactive", 1)
    assert run["brief"]["instructions"] == "Shorter."


def test_what_failed_in_a_run_is_tried_again(partner, written):
    with partner.rows():
        GenerationRequest.objects.update(state="failed", error_code="x")
        GenerationRun.objects.update(n_failed=1, state="finished")
        run = GenerationRun.objects.get().public_id
    again = partner.post(f"/api/v1/generation-runs/{run}/retry/").json()
    assert (again["state"], again["n_failed"]) == ("running", 0)
    problem(partner.post(f"/api/v1/generation-runs/{run}/retry/"), 409, "nothing_to_retry")


ENDPOINT = {
    "name": "Ours",
    "base_url": "https://93.184.216.34/v1",
    "model": "m",
    "api_key": "secret-1",
}


def test_a_model_of_ones_own_is_added_changed_and_deleted(partner):
    response = partner.post(ENDPOINTS, ENDPOINT)
    assert response.status_code == 201, response.content
    added = response.json()
    assert (added["has_api_key"], added["max_concurrency"]) == (True, 4)
    assert "secret-1" not in response.content.decode()
    address = f"{ENDPOINTS}{added['id']}/"
    changed = partner.patch(address, {"max_concurrency": 8}, content_type=JSON).json()
    assert changed == {**added, "max_concurrency": 8}
    names = [row["id"] for row in partner.get("/api/v1/models/").json()["results"]]
    assert names == ["default", added["id"]]
    problem(partner.post(ENDPOINTS, ENDPOINT), 409, "endpoint_name_taken")
    assert partner.delete(address).status_code == 204
    assert partner.get(ENDPOINTS).json()["results"] == []


def test_a_stored_key_never_goes_to_another_server(partner):
    address = f"{ENDPOINTS}{partner.post(ENDPOINTS, ENDPOINT).json()['id']}/"
    moved = {"base_url": "https://93.184.216.35/v1"}
    document = problem(partner.patch(address, moved, content_type=JSON), 400, "validation_failed")
    assert [error["pointer"] for error in document["errors"]] == ["/api_key"]
    with partner.rows():
        assert MerchantEndpoint.objects.get().base_url == ENDPOINT["base_url"]
    moved["api_key"] = "secret-2"
    assert partner.patch(address, moved, content_type=JSON).status_code == 200


def test_a_model_must_stand_at_a_public_address(partner):
    inside = {**ENDPOINT, "base_url": "https://127.0.0.1/v1"}
    problem(partner.post(ENDPOINTS, inside), 422, "endpoint_forbidden")
