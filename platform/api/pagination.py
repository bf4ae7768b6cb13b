"""Cursor pagination: a page costs the same however deep it lies."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import pagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from api.problems import InvalidParameters


class CursorPagination(pagination.CursorPagination):
    """Newest first. The cursor is sealed: inside is a primary key, which never leaves the system."""

    ordering = "-pk"
    page_size_query_param = "limit"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int | None:
        given = request.query_params.get("limit")
        if given is None:
            return self.page_size
        if given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= self.max_page_size:
            return int(given)
        message = _("Give a number from 1 to {limit}.").format(limit=self.max_page_size)
        raise InvalidParameters({"limit": [message]}, code="invalid")

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def decode_cursor(self, request: Request) -> Any:
        sealed = request.query_params.get("cursor")
        if sealed is None:
            return None
        try:
            opened = _seal().decrypt(urlsafe_b64decode(sealed.encode()), None)
            direction, position = opened.decode().split(":")
        except (InvalidTag, ValueError):
            message = _("This cursor is none of ours: follow the links “next” and “previous”.")
            raise InvalidParameters({"cursor": [message]}, code="invalid") from None
        return pagination.Cursor(0, direction == "back", int(position))

    def encode_cursor(self, cursor: Any) -> str:
        # Primary keys are unique, so an offset is never needed.
        text = f"{'back' if cursor.reverse else 'on'}:{cursor.position}"
        sealed = urlsafe_b64encode(_seal().encrypt(text.encode(), None)).decode()
        return replace_query_param(str(self.base_url), "cursor", sealed)


def _seal() -> AESSIV:
    # Without a random part: the same page has the same links, and so the same ETag.
    return AESSIV(hashlib.sha512(b"api.pagination" + settings.SECRET_KEY.encode()).digest())
