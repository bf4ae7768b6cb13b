"""Request bodies. The size of JSON is Django's DATA_UPLOAD_MAX_MEMORY_SIZE, that of files MAX_IMPORT_BYTES."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from api.problems import BodyTooLarge

FIELDS_BESIDE_A_FILE_BYTES = 64 * 1024
MAX_PIECE_BYTES = 16 * 1024 * 1024
PIECE_BYTES = 1024 * 1024


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
        refuse_size(stream, settings.MAX_IMPORT_BYTES + FIELDS_BESIDE_A_FILE_BYTES)
        return super().parse(stream, media_type, parser_context)


class JsonLinesParser(parsers.BaseParser):
    """A body of JSON Lines as a file on disk: however large, it is never whole in memory."""

    media_type = "application/x-ndjson"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        n_bytes = refuse_size(stream, settings.MAX_IMPORT_BYTES)
        file = TemporaryUploadedFile("products.jsonl", self.media_type, n_bytes, "utf-8")
        n_received = 0
        while piece := stream.read(PIECE_BYTES):
            n_received += len(piece)
            file.write(piece)
        if n_received != n_bytes:
            raise ParseError(_("The body ended early."))
        file.seek(0)
        return parsers.DataAndFiles(QueryDict(), MultiValueDict({"file": [file]}))


class PieceParser(parsers.BaseParser):
    """A piece of a file, as bytes."""

    media_type = "application/octet-stream"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        refuse_size(stream, MAX_PIECE_BYTES)
        return {"piece": stream.read()}


def refuse_size(request: Any, limit: int) -> int:
    """How long a body is; raises BodyTooLarge. Django reads no more than the header says."""
    n_bytes = int(request.META.get("CONTENT_LENGTH") or 0)
    if n_bytes > limit:
        message = _("A body may have {n} MB at most here.").format(n=limit // 1024**2)
        raise BodyTooLarge(message)
    return n_bytes
