import re
from pathlib import Path

import pytest
from django.test import Client
from django.test.client import FakePayload

from api.problem_types import PROBLEM_TYPES
from tenants.models import AuditEntry
from tests.api.test_authentication import PROBE, problem

ROOT = Path(__file__).parents[2]


def test_validation_names_each_value_by_a_json_pointer(probe):
    options = [{"name": "fine"}, {"name": "far too long"}]
    document = problem(probe.post(PROBE, {"options": options}), 400, "validation_failed")
    assert document["errors"] == [
        {"pointer": "/note", "detail": "This field is required.", "code": "required"},
        {
            "pointer": "/options/1/name",
            "detail": "Ensure this field has no more than 5 characters.",
            "code": "max_length",
        },
    ]
    assert document["type"] == "http://127.0.0.1:8000/api/problems/validation_failed/"
    assert document["title"] == "Some of the values are not valid."
    assert document["detail"] == (
        "/note: This field is required.; "
        "/options/1/name: Ensure this field has no more than 5 characters."
    )
    assert document["status"] == 400


def test_a_body_that_is_no_object_is_not_valid(probe):
    document = problem(probe.post(PROBE, [1]), 400, "validation_failed")
    assert [error["pointer"] for error in document["errors"]] == [""]


@pytest.mark.parametrize("body", ["{", '{"note": NaN}', "[" * 100_000, b"\xff\xfe"])
def test_malformed_json_is_refused(probe, body):
    problem(probe.post(PROBE, body), 400, "malformed_body")


def test_nul_and_lone_surrogates_never_reach_the_database(probe):
    for note in (r'"\u0000"', r'"\ud800"'):
        document = problem(probe.post(PROBE, f'{{"note": {note}}}'), 400, "validation_failed")
        assert [error["pointer"] for error in document["errors"]] == ["/note"]


def test_a_body_that_is_too_large_is_refused(probe, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    problem(probe.post(PROBE, {"note": "x" * 200}), 413, "body_too_large")


def test_an_upload_that_is_too_large_is_refused(probe, settings):
    settings.MAX_IMPORT_BYTES = 0
    body = "x" * 70_000
    response = probe.post(PROBE, body, "multipart/form-data; boundary=b")
    problem(response, 413, "body_too_large")


def test_a_body_in_chunks_is_refused_and_not_taken_for_an_empty_one(probe):
    headers = {"Transfer-Encoding": "chunked"}
    environ = {"wsgi.input": FakePayload(b'{"note": "x"}'), "CONTENT_LENGTH": ""}
    response = probe.post(PROBE, headers=headers, **environ)
    problem(response, 411, "length_required")


def test_answers_to_a_key_are_kept_by_no_shared_cache(probe):
    assert probe.get(PROBE)["Cache-Control"] == "private, no-cache"
    assert probe.post(PROBE)["Cache-Control"] == "no-store"


def test_other_media_types_are_refused(probe):
    problem(probe.post(PROBE, "a=1", "text/plain"), 415, "unsupported_media_type")


def test_other_answers_cannot_be_given(probe):
    problem(probe.get(PROBE, headers={"Accept": "text/html"}), 406, "not_acceptable")


def test_a_method_that_is_not_there_names_those_that_are(probe):
    response = probe.delete(PROBE)
    problem(response, 405, "method_not_allowed")
    assert response["Allow"] == "GET, POST, HEAD"


def test_a_domain_error_keeps_its_code_and_nothing_is_written(probe):
    document = problem(probe.post(PROBE, {"note": "x", "fail": "domain"}), 409, "probe_refused")
    assert document["detail"] == "Not today."
    with probe.rows():
        assert not AuditEntry.objects.filter(action="probe.made").exists()


def test_a_bug_shows_nothing_of_itself_and_nothing_is_written(probe, caplog):
    response = probe.post(PROBE, {"note": "x", "fail": "bug"})
    problem(response, 500, "internal_error")
    assert "secret" not in response.content.decode()
    assert "the secret of the house" in caplog.text
    with probe.rows():
        assert not AuditEntry.objects.filter(action="probe.made").exists()


def test_unknown_addresses_are_problems_too(db):
    for path in ("/api/", "/api/v1/", "/api/v1/nothing/", "/api/v2/products/"):
        problem(Client().get(path), 404, "not_found")
    problem(Client(enforce_csrf_checks=True).post("/api/v1/nothing/"), 404, "not_found")


def test_a_forgotten_slash_keeps_the_method_and_the_query(db):
    response = Client().post("/api/v1/products?a=1")
    assert (response.status_code, response["Location"]) == (308, "/api/v1/products/?a=1")


def test_every_problem_has_a_page(db):
    for code in PROBLEM_TYPES:
        response = Client().get(f"/api/problems/{code}/")
        assert response.status_code == 200
        assert code in response.content.decode()
    assert Client().get("/api/problems/no_such_code/").status_code == 404


@pytest.mark.parametrize("app", ["stores", "generation"])
def test_every_rule_of_the_services_is_a_known_problem(app):
    sources = [path.read_text() for path in (ROOT / app).rglob("*.py")]
    codes = {code for text in sources for code in re.findall(r'DomainError\(\s*"(\w+)"', text)}
    assert codes - {*PROBLEM_TYPES} == set()


def test_problems_speak_the_language_of_the_request(db):
    response = Client().get("/api/v1/products/", headers={"Accept-Language": "zh-hans"})
    assert problem(response, 401, "missing_key")["status"] == 401
    assert response["Content-Language"] == "zh-hans"
