"""Formats beside JSON that some addresses answer in; the answers themselves are streams."""

from typing import Any

from rest_framework.renderers import BaseRenderer


class JsonLinesRenderer(BaseRenderer):
    media_type = "application/x-ndjson"
    format = "jsonl"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return data


class CsvRenderer(JsonLinesRenderer):
    media_type = "text/csv"
    format = "csv"
