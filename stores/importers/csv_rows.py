"""Rows of a comma-separated file, as a stream: no line, cell or row may grow without bounds."""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from io import TextIOWrapper
from typing import BinaryIO

from stores.importers.base import MAX_CELL_CHARACTERS, MAX_COLUMNS, UnreadableFile

MAX_LINE_CHARACTERS = 2 * MAX_CELL_CHARACTERS
Row = tuple[int, list[str]]
_WRONG_BYTE = re.compile("[\udc80-\udcff]")


class _WrongBytes(Exception):
    """A line is not UTF-8."""


def csv_rows(stream: BinaryIO) -> Iterator[Row]:
    """The rows with their numbers as a spreadsheet counts them, from 1; empty lines are left out.

    Reads UTF-8 with or without a byte order mark and any mixture of line ends. Raises
    UnreadableFile for another encoding, a quote that is never closed or closed too early, and for
    lines, cells and numbers of columns that no catalogue has.
    """
    # Wrong bytes come through as surrogates, so that the row they stand in can be named.
    text = TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    # The csv module keeps this limit for the whole process; nothing here wants a smaller one.
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(_lines(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > MAX_COLUMNS:
                raise UnreadableFile("too_many_columns", row=number, limit=MAX_COLUMNS)
            if any(cells):
                yield number, cells
    except _WrongBytes as problem:
        raise UnreadableFile("not_utf8", row=number + 1) from problem
    except csv.Error as problem:
        raise _explained(problem, number + 1) from problem
    finally:
        # A wrapper that is thrown away closes its stream; where it is closed already, nothing is left.
        with suppress(ValueError):
            text.detach()


def _lines(text: TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MAX_LINE_CHARACTERS):
        if len(line) >= MAX_LINE_CHARACTERS:
            raise UnreadableFile("line_too_long", limit=MAX_LINE_CHARACTERS)
        if _WRONG_BYTE.search(line):
            raise _WrongBytes
        yield line


def _explained(problem: csv.Error, row: int) -> UnreadableFile:
    if "field limit" in str(problem):
        return UnreadableFile("cell_too_long", row=row, limit=MAX_CELL_CHARACTERS)
    return UnreadableFile("quotes_unbalanced", row=row)
