"""JSON bodies. Their size is Django's DATA_UPLOAD_MAX_MEMORY_SIZE."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError


class ShallowJSONParser(parsers.JSONParser):
    """Refuses nesting that no document of ours has, instead of failing at it."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
