import yaml
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import validate


def test_the_document_is_valid_openapi_3_1(document):
    assert document["openapi"] == "3.1.1"
    validate(document)


def test_it_says_how_a_key_is_sent(document):
    scheme = document["components"]["securitySchemes"]["ApiKey"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


def test_it_is_made_without_a_warning(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "s.yaml"))


def test_it_can_be_had_as_yaml_too(document):
    response = Client().get("/api/schema/?format=yaml")
    assert yaml.safe_load(response.content) == document


def test_every_operation_says_what_it_does_and_needs_a_key(operations):
    for name, _, operation in operations:
        assert operation["summary"], name
        assert [list(each) for each in operation["security"]] == [["ApiKey"]], name
        assert {"401", "403", "429"} <= set(operation["responses"]), name


def test_every_post_takes_an_idempotency_key_and_nothing_else_does(operations):
    reference = {"$ref": "#/components/parameters/IdempotencyKey"}
    for name, method, operation in operations:
        assert (reference in operation.get("parameters", [])) == (method == "post"), name


def test_ids_are_described_by_their_prefix(document):
    parameters = document["paths"]["/api/v1/imports/{id}/items/"]["get"]["parameters"]
    about = [given["description"] for given in parameters if given.get("name") == "id"]
    assert about == ["Public id, beginning with `cim_`."]
