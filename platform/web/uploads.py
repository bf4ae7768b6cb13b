"""Receiving files: one that is larger than anybody may bring is passed over, not written to disk."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

FIELDS_BESIDE_A_FILE_BYTES = 64 * 1024


class BoundedUploadHandler(FileUploadHandler):
    """Comes first among the handlers. A view asks `upload_is_too_large` before it asks for the file."""

    is_too_large = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        limit = settings.MAX_IMPORT_BYTES + FIELDS_BESIDE_A_FILE_BYTES
        self.is_too_large = content_length > limit
        if self.request is not None:
            self.request.upload_is_too_large = self.is_too_large  # type: ignore[attr-defined]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.is_too_large:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def upload_is_too_large(request: HttpRequest) -> bool:
    """Whether the request held more than a file may have; its files are not there then."""
    return bool(getattr(request, "upload_is_too_large", False))
