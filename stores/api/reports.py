"""What became of the products of an import, as a stream of lines."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import StreamingHttpResponse

from api.renderers import CsvRenderer
from stores.exporters.csv_text import csv_text
from stores.formulas import make_safe
from stores.importers.problems import message_of
from stores.models import CatalogueImport, ImportItem
from tenants.scope import merchant_scope, require_merchant_id

CHUNK = 500
COLUMNS = ("line", "handle", "title", "action", "is_applied", "kind", "column", "code", "detail")


def import_report(found: CatalogueImport, renderer: Any) -> StreamingHttpResponse:
    """The report as JSON Lines, a product a line, or as CSV, a problem or a warning a line."""
    is_csv = isinstance(renderer, CsvRenderer)
    chunks = _items(found, require_merchant_id())
    lines = _csv(chunks) if is_csv else _json_lines(chunks)
    content_type = f"{renderer.media_type}; charset=utf-8"
    name = f"{found.public_id}.{renderer.format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type=content_type, headers=headers)


def _items(found: CatalogueImport, merchant_id: int) -> Iterator[list[ImportItem]]:
    """In the file's order; each chunk in a scope and a transaction of its own: a slow reader holds none."""
    position = -1
    while True:
        with merchant_scope(merchant_id), transaction.atomic():
            items = ImportItem.objects.filter(catalogue_import=found.pk, position__gt=position)
            chunk = list(items.order_by("position").defer("data", "changes", "raw")[:CHUNK])
        if not chunk:
            return
        position = chunk[-1].position
        yield chunk


def _json_lines(chunks: Iterator[list[ImportItem]]) -> Iterator[str]:
    for chunk in chunks:
        for item in chunk:
            row = {
                "line": item.first_row,
                "handle": item.handle,
                "title": item.title,
                "action": item.action,
                "is_applied": item.is_applied,
                "problems": [_problem(each) for each in item.problems],
                "warnings": [_problem(each) for each in item.warnings],
            }
            yield json.dumps(row, ensure_ascii=False) + "\n"


def _csv(chunks: Iterator[list[ImportItem]]) -> Iterator[str]:
    yield csv_text([COLUMNS])
    for chunk in chunks:
        yield csv_text(row for item in chunk for row in _csv_rows(item))


def _csv_rows(item: ImportItem) -> Iterator[list[str]]:
    start = [
        str(item.first_row),
        make_safe(item.handle),
        make_safe(item.title),
        item.action,
        "true" if item.is_applied else "false",
    ]
    kinds = (("problem", item.problems), ("warning", item.warnings))
    said = [(kind, _problem(each)) for kind, problems in kinds for each in problems]
    if not said:
        yield [*start, "", "", "", ""]
    for kind, each in said:
        yield [*start, kind, make_safe(each["column"]), each["code"], make_safe(each["detail"])]


def _problem(problem: dict[str, Any]) -> dict[str, Any]:
    params = {"row": problem["row"], **problem.get("params", {})}
    detail = message_of(problem["code"], params)
    named = ("row", "column", "code")
    return {**{name: problem[name] for name in named}, "detail": detail}
