"""The OpenAPI document: how an operation is described, and what is completed afterwards."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from inspect import getdoc
from typing import Any

from drf_spectacular import openapi
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter

from api.openapi_examples import examples_of
from api.openapi_texts import (
    ABOUT,
    ETAG,
    PARAMETERS,
    PARTIAL,
    PARTIAL_LIST,
    PROBLEM,
    RATE_HEADERS,
    TAGS,
)
from api.problem_types import PROBLEM_TYPES, ProblemType
from api.problems import CONTENT_TYPE, of_type
from api.shaping import PARTIAL_TYPE, expansions, field_names

JSON = "application/json"
COMPARES = "x-compares"
_VERBS = {
    "list": "list",
    "retrieve": "get",
    "create": "create",
    "update": "replace",
    "partial_update": "update",
    "destroy": "delete",
}


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "api.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "cdk_<prefix>_<secret>"}


class AutoSchema(openapi.AutoSchema):
    """An operation's text is the docstring of its method: a summary, then maybe more."""

    view: Any

    def get_summary(self) -> str:
        return self._doc().partition("\n")[0].rstrip(".")

    def get_description(self) -> str:  # type: ignore[override]  # spectacular's has no arguments
        about = self._doc().partition("\n")[2].strip()
        needs = f"Needs the scope `{self._scope()}`." if self._scope() else "Any key will do."
        return f"{about}\n\n{needs}".strip()

    def get_auth(self) -> list[dict[str, list[str]]]:
        super().get_auth()  # it adds the scheme to the components
        # OpenAPI 3.1 lets schemes other than OAuth list what their bearer must be allowed, too.
        return [{ApiKeyScheme.name: [scope for scope in [self._scope()] if scope]}]

    def get_operation_id(self) -> str:
        """Such as `list_products`, `update_product`, `publish_copy_version`: part of the contract."""
        action, noun = self.view.action, self.view.noun
        if action == "list":
            return f"list_{self.view.nouns or noun + 's'}"
        return f"{_VERBS.get(action, action)}_{noun}"

    def get_override_parameters(self) -> list[Any]:
        return [*self._ids(), *self._shaping()]

    def get_extensions(self) -> dict[str, Any]:
        """For `describe`, which takes it away: whether If-Match can be compared with something."""
        is_about_a_row = "{" in self.path or self.view.action == "partial_update"
        return {COMPARES: self.method != "GET" and is_about_a_row and self.view.compares}

    def _ids(self) -> Iterator[OpenApiParameter]:
        if "{id}" in self.path:
            prefix = (self.view.parent or self.view.model)._meta.get_field("public_id").prefix
            about = f"Public id, beginning with `{prefix}_`."
            yield OpenApiParameter("id", str, OpenApiParameter.PATH, description=about)

    def _shaping(self) -> Iterator[OpenApiParameter]:
        if self.method != "GET" or not self.view.is_shapeable():
            return
        row = self.view.get_serializer()
        yield _names("fields", field_names(row), "Only these members; `id` always comes.")
        if names := [*expansions(row), *self.view.always_expanded]:
            about = "What to add in the member `expanded`."
            if self.view.always_expanded:
                parts = ", ".join(f"`{name}`" for name in self.view.always_expanded)
                about += f" {parts} are there anyway and may be named."
            for name, scope in self.view.expand_scopes.items():
                about += f" `{name}` needs the scope `{scope}`."
            yield _names("expand", names, about)

    def _scope(self) -> str:
        scope = self.view.read_scope if self.method == "GET" else self.view.write_scope
        return str(scope)

    def _doc(self) -> str:
        return getdoc(getattr(self.view, self.view.action)) or ""


def describe(result: Any, generator: Any, request: Any, public: bool) -> Any:
    """Postprocessing hook: complete the document."""
    result = _shorten_names(result)
    result["info"]["description"] = ABOUT
    paths = result["paths"]
    used = {tag for path in paths.values() for each in path.values() for tag in each["tags"]}
    result["tags"] = [{"name": n, "description": about} for n, about in TAGS.items() if n in used]
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas |= {"Problem": PROBLEM, "Partial": PARTIAL, "PartialList": PARTIAL_LIST}
    components["parameters"] = PARAMETERS
    headers = RATE_HEADERS | ETAG
    components["headers"] = {_key(name): value for name, value in headers.items()}
    components["responses"] = dict(_responses())
    for path, operations in paths.items():
        for method, operation in operations.items():
            _complete(operation, path, method)
            _add_examples(operation, schemas)
    return result


def _shorten_names(result: Any) -> Any:
    """What is sent is called an input: the generator adds a second word for the same."""
    return json.loads(json.dumps(result, default=str).replace('InputRequest"', 'Input"'))


def _names(parameter: str, names: Any, about: str) -> OpenApiParameter:
    return OpenApiParameter(
        parameter,
        str,
        OpenApiParameter.QUERY,
        many=True,
        enum=list(dict.fromkeys(names)),
        style="form",
        explode=False,
        description=about,
    )


def _key(header: str) -> str:
    return header.replace("-", "")


def _complete(operation: dict[str, Any], path: str, method: str) -> None:
    responses = operation["responses"]
    names = {given["name"] for given in operation.get("parameters", [])}
    for status, response in responses.items():
        if status.startswith("2"):
            response["description"] = response["description"] or HTTPStatus(int(status)).phrase
            headers = [*RATE_HEADERS, *(ETAG if _has_tag(response) else ())]
            response["headers"] = {
                name: {"$ref": f"#/components/headers/{_key(name)}"} for name in headers
            }
            if "fields" in names:
                _offer_partial(response["content"])
    if method == "get" and "200" in responses:
        responses["304"] = {"description": "Nothing is new."}
    compares = operation.pop(COMPARES)
    own = [status for status in responses if status.startswith("4")]
    for status in (*own, *_statuses(operation, path, method), *(["412"] if compares else [])):
        responses[status] = {"$ref": f"#/components/responses/Problem{status}"}
    references = [
        f"#/components/parameters/{name}" for name in _conditions(operation, path, method)
    ]
    if references:
        operation.setdefault("parameters", []).extend({"$ref": each} for each in references)


def _has_tag(response: dict[str, Any]) -> bool:
    return JSON in response.get("content", {})


def _offer_partial(content: dict[str, Any]) -> None:
    schema = content[JSON]["schema"]
    is_list = "Paginated" in schema.get("$ref", "")
    name = "PartialList" if is_list else "Partial"
    content[PARTIAL_TYPE] = {"schema": {"$ref": f"#/components/schemas/{name}"}}


def _conditions(operation: dict[str, Any], path: str, method: str) -> Iterator[str]:
    if method == "get":
        yield "IfNoneMatch"
    elif "412" in operation["responses"]:
        yield "IfMatch"
    if method == "post":
        yield "IdempotencyKey"


def _statuses(operation: dict[str, Any], path: str, method: str) -> Iterator[str]:
    if method != "get" or any(g.get("in") == "query" for g in operation.get("parameters", [])):
        yield "400"
    yield from ("401", "403")
    if "{" in path:
        yield "404"
    if method == "get":
        yield "406"
    else:
        yield from ("409", "411", "413", "415", "422")
    yield "429"


def _responses() -> Iterator[tuple[str, Any]]:
    by_status: dict[int, list[ProblemType]] = {}
    for problem_type in PROBLEM_TYPES.values():
        by_status.setdefault(problem_type.status, []).append(problem_type)
    for status, types in sorted(by_status.items()):
        examples = {kind.code: {"value": of_type(kind.code).document()} for kind in types}
        content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
        description = " ".join(f"{kind.title}" for kind in types)
        yield f"Problem{status}", {"description": description, "content": {CONTENT_TYPE: content}}


def _add_examples(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Each body, asked for or answered, gets the example of its component."""
    contents = [operation.get("requestBody", {}).get("content", {})]
    contents += [r.get("content", {}) for s, r in operation["responses"].items() if s[0] == "2"]
    for content in contents:
        for media_type, body in content.items():
            example = examples_of(media_type, body.get("schema", {}))
            if example is not None and "examples" not in body:
                body["example"] = example
