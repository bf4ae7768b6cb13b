"""What every operation of the OpenAPI document has in common: the key, problems, idempotency, limits."""

from collections.abc import Iterator
from http import HTTPStatus
from inspect import getdoc
from typing import Any

from drf_spectacular import openapi
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter

from api.problem_types import PROBLEM_TYPES, ProblemType
from api.problems import CONTENT_TYPE, of_type

ABOUT = """\
Everything that the dashboard does with a catalogue and its texts, for programs.

**Keys.** Each request carries `Authorization: Bearer cdk_…`. An owner makes keys on the dashboard's
page *API keys* and chooses what each may do (its scopes).

**Ids** are opaque strings that begin with what they name: `prd_`, `sku_`, `run_`, `cpv_`. An id of
another merchant answers 404, like one that never existed.

**Errors** are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem details
(`application/problem+json`). Programs decide by `code`, which never changes its meaning; people read
`detail`, which follows `Accept-Language`; `type` is the address of a page about the problem.

**Lists** come in pages: follow `next` until it is null. `limit` is 1 to 200, 50 unless said.

**Repeating a POST.** Send an `Idempotency-Key` (a UUID is good) and repeat the request as often as you
must: it is done once, and the first answer comes back, with `Idempotent-Replayed: true`, for 24 hours.
A request that failed leaves its key free.

**Limits.** `RateLimit` and `RateLimit-Policy` tell what a key has left; 429 comes with `Retry-After`.
"""
_TAGS = {
    "products": "What is sold, with attributes, options, images and SKUs.",
    "skus": "The sellable units of products; they are written with their product.",
    "imports": "Catalogue files: upload, look at the preview, confirm.",
    "generation-runs": "Have a model write texts for many products.",
    "generation-requests": "One product of a run, and the candidates that the model wrote for it.",
    "copy-versions": "Texts from draft to publication.",
}
_PROBLEM = {
    "type": "object",
    "description": "Problem details as in RFC 9457.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable; for programs."},
        "scope": {"type": "string", "description": "With missing_scope: what the key lacks."},
        "errors": {
            "type": "array",
            "description": "With validation_failed: each value that is not valid.",
            "items": {
                "type": "object",
                "required": ["detail", "code"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body."},
                    "parameter": {"type": "string", "description": "Parameter of the address."},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Makes it safe to send the request again: it is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "example": "0b8f2c1e-7d1c-4a57-9a0b-5f7d2a9f6c11",
}
_HEADERS = {
    "RateLimit": {
        "description": "What the key has left, and for how many seconds that holds.",
        "schema": {"type": "string"},
        "example": '"key";r=599;t=42',
    },
    "RateLimit-Policy": {
        "description": "Requests per window of seconds.",
        "schema": {"type": "string"},
        "example": '"key";q=600;w=60',
    },
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
        return f"{about}\n\nNeeds the scope `{self._scope()}`.".strip()

    def get_auth(self) -> list[dict[str, list[str]]]:
        super().get_auth()  # it adds the scheme to the components
        # OpenAPI 3.1 lets schemes other than OAuth list what their bearer must be allowed, too.
        return [{ApiKeyScheme.name: [self._scope()]}]

    def get_operation_id(self) -> str:
        name = str(super().get_operation_id())
        is_action = self.view.action not in ("create", "list")
        return name.removesuffix("_create") if is_action else name

    def get_override_parameters(self) -> list[Any]:
        if "{id}" not in self.path:
            return []
        prefix = (self.view.parent or self.view.model)._meta.get_field("public_id").prefix
        about = f"Public id, beginning with `{prefix}_`."
        return [OpenApiParameter("id", str, OpenApiParameter.PATH, description=about)]

    def _scope(self) -> str:
        scope = self.view.read_scope if self.method == "GET" else self.view.write_scope
        return str(scope)

    def _doc(self) -> str:
        return getdoc(getattr(self.view, self.view.action)) or ""


def describe(result: Any, generator: Any, request: Any, public: bool) -> Any:
    """Postprocessing hook: complete the document."""
    result["info"]["description"] = ABOUT
    result["tags"] = [{"name": name, "description": about} for name, about in _TAGS.items()]
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["parameters"] = {"IdempotencyKey": _IDEMPOTENCY_KEY}
    components["headers"] = {name.replace("-", ""): value for name, value in _HEADERS.items()}
    components["responses"] = dict(_responses())
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _complete(operation, path, method)
    return result


def _complete(operation: dict[str, Any], path: str, method: str) -> None:
    responses = operation["responses"]
    for status, response in responses.items():
        if status.startswith("2"):
            response["description"] = response["description"] or HTTPStatus(int(status)).phrase
            response["headers"] = {
                name: {"$ref": f"#/components/headers/{name.replace('-', '')}"} for name in _HEADERS
            }
    for status in _statuses(operation, path, method):
        responses.setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})
    if method == "post":
        parameter = {"$ref": "#/components/parameters/IdempotencyKey"}
        operation.setdefault("parameters", []).append(parameter)


def _statuses(operation: dict[str, Any], path: str, method: str) -> Iterator[str]:
    has_body = "requestBody" in operation
    if has_body or any(given.get("in") == "query" for given in operation.get("parameters", [])):
        yield "400"
    yield from ("401", "403")
    if "{" in path:
        yield "404"
    if method != "get":
        yield "409"
    if has_body:
        yield from ("413", "415")
    if method == "post":
        yield "422"
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
