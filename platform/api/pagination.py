"""Cursor pagination: a page costs the same however deep it lies."""

from rest_framework import pagination


class CursorPagination(pagination.CursorPagination):
    """Newest first; `limit` up to 200."""

    ordering = "-pk"
    page_size_query_param = "limit"
    max_page_size = 200
