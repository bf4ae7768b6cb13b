"""What the OpenAPI document says of all operations: texts, shared parameters and headers."""

from typing import Any

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

**Less, or more.** `fields` names the members that you need (`fields=title,skus.code`); the answer then
has the media type `application/vnd.copydesk.partial+json`. `expand` adds what belongs to a row in its
member `expanded`; ids stay ids.

**Conditions.** Reads have an `ETag`. `If-None-Match` answers 304 while nothing is new; `If-Match` with
a change answers 412 if somebody else was faster, and then nothing is changed.

**Repeating a POST.** Send an `Idempotency-Key` (a UUID is good) and repeat the request as often as you
must: it is done once, and the first answer comes back, with `Idempotent-Replayed: true`, for 24 hours.
A request that failed leaves its key free.

**Limits.** `RateLimit` and `RateLimit-Policy` tell what a key has left; 429 comes with `Retry-After`.
"""
TAGS = {
    "products": "What is sold, with attributes, options, images and SKUs.",
    "skus": "The sellable units of products.",
    "images": "The pictures of products: addresses that the shop shows them from.",
    "categories": "The categories that products are in.",
    "collections": "Products that are shown together, chosen by hand or by a rule.",
    "saved-views": "Filters of the list of products under a name.",
    "bulk-edits": "Change many products at once: preview, confirm, undo.",
    "imports": "Catalogue files: upload, look at the preview, correct, confirm.",
    "uploads": "Large files in pieces, so that a cut connection costs one piece.",
    "mapping-profiles": "How the columns of your own tables are read.",
    "exports": "The catalogue as a file.",
    "feeds": "The catalogue at an address that a shop or a marketplace fetches.",
    "copy-slots": "The places where texts go.",
    "copy-versions": "Texts from draft to publication.",
    "generation-runs": "Have a model write texts for many products.",
    "generation-requests": "One product of a run, and the candidates that the model wrote for it.",
    "candidates": "The texts that a model gave back.",
    "models": "The models that a run may name.",
    "model-endpoints": "Models of your own, behind OpenAI-compatible servers.",
    "merchant": "The shop that the key belongs to.",
    "me": "What this key is and may do.",
}
PROBLEM = {
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
RATE_HEADERS = {
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
ETAG = {
    "ETag": {
        "description": "Stands for this answer, byte by byte.",
        "schema": {"type": "string"},
        "example": '"5f0c6c2e9a4b1d7788aa01c2d3e4f506"',
    }
}
PARAMETERS: dict[str, dict[str, Any]] = {
    "IdempotencyKey": _IDEMPOTENCY_KEY,
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "An ETag that you have: while it still holds, the answer is 304 and empty.",
        "schema": {"type": "string", "maxLength": 1000},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of the row as you have seen it: if it has changed since, 412.",
        "schema": {"type": "string", "maxLength": 1000},
    },
}
PARTIAL = {
    "type": "object",
    "description": "A row with those members only that `fields` names.",
    "additionalProperties": True,
}
PARTIAL_LIST = {
    "type": "object",
    "description": "A page of rows with those members only that `fields` names.",
    "required": ["next", "previous", "results"],
    "properties": {
        "next": {"type": ["string", "null"], "format": "uri"},
        "previous": {"type": ["string", "null"], "format": "uri"},
        "results": {"type": "array", "items": {"$ref": "#/components/schemas/Partial"}},
    },
}
