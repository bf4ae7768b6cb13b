"""Every body in the OpenAPI document has an example, and the example is one."""

import pytest
from jsonschema import Draft202012Validator


@pytest.fixture(scope="module")
def bodies(operations):
    """A name and a body of each operation, asked for and answered."""
    found = []
    for name, _method, operation in operations:
        found += [(name, operation.get("requestBody"))]
        answers = operation["responses"].items()
        found += [(f"{name} {status}", body) for status, body in answers if status[0] == "2"]
    return [
        (name, media_type, content)
        for name, body in found
        if body
        for media_type, content in body.get("content", {}).items()
    ]


def test_every_body_has_an_example(bodies):
    without = [(name, media_type) for name, media_type, body in bodies if "example" not in body]
    assert without == []


def test_every_example_is_what_the_schema_says(bodies, document):
    for name, media_type, body in bodies:
        if media_type.endswith("json"):
            schema = {**body["schema"], "components": document["components"]}
            errors = Draft202012Validator(schema).iter_errors(body["example"])
            problems = [error.message for error in errors]
            assert problems == [], (name, media_type)


def test_names_of_operations_are_a_verb_and_a_noun(operations):
    names = [operation["operationId"] for _, _, operation in operations]
    assert len(set(names)) == len(names)
    assert {"list_products", "get_sku", "replace_product", "update_image"} <= set(names)
    assert {"upsert_products", "publish_copy_version", "undo_bulk_edit"} <= set(names)
    for name in names:
        assert name.replace("_", "").isalpha(), name
        assert name == name.lower(), name


def test_every_tag_says_what_it_holds(document, operations):
    used = {tag for _, _, operation in operations for tag in operation["tags"]}
    assert {tag["name"] for tag in document["tags"]} == used
    assert all(tag["description"] for tag in document["tags"])


def test_every_refusal_is_a_problem(operations, document):
    for name, _, operation in operations:
        for status, response in operation["responses"].items():
            if status[0] == "4":
                reference = response["$ref"].rpartition("/")[2]
                content = document["components"]["responses"][reference]["content"]
                assert list(content) == ["application/problem+json"], name
