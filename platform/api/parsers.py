"""Request bodies. The size of JSON is Django's DATA_UPLOAD_MAX_MEMORY_SIZE, that of files MAX_IMPORT_BYTES."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from api.problems import BodyTooLarge

FIELDS_BESIDE_A_FILE_BYTES = 64 * 1024


class ShallowJSONParser(parsers.JSONParser):
    """Refuses nesting that no document of ours has, instead of failing at it."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None


class BoundedMultiPartParser(parsers.MultiPartParser):
    """Refuses a file that is too large before a byte of it is written to disk."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        # Django reads no more than the header says, so the header can be believed.
        n_bytes = int(stream.META.get("CONTENT_LENGTH") or 0)
        if n_bytes > settings.MAX_IMPORT_BYTES + FIELDS_BESIDE_A_FILE_BYTES:
            megabytes = settings.MAX_IMPORT_BYTES // 1024**2
            raise BodyTooLarge(_("A file may have {n} MB at most.").format(n=megabytes))
        return super().parse(stream, media_type, parser_context)
