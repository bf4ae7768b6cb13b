"""Rows of a text with delimiters, as a stream: no line, cell or row may grow without bounds."""

import codecs
import csv
from collections.abc import Iterator
from io import StringIO
from typing import BinaryIO

from stores.importers.base import MAX_CELL_CHARACTERS, MAX_COLUMNS, UnreadableFile
from stores.importers.dialects import Dialect
from stores.importers.encodings import label_of

MAX_LINE_CHARACTERS = 2 * MAX_CELL_CHARACTERS
BLOCK_BYTES = 256 * 1024
Row = tuple[int, list[str]]
# No text has a lone surrogate, so that it marks undecodable bytes until their row is known.
_WRONG_BYTES = "\udc80"


def _mark(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    return _WRONG_BYTES, problem.end


codecs.register_error("copydesk.mark", _mark)
MARK_ERRORS = "copydesk.mark"


class _WrongBytes(Exception):
    """A line is not in the encoding of the file."""


def csv_rows(stream: BinaryIO, codec: str, dialect: Dialect) -> Iterator[Row]:
    """The rows with their numbers as a spreadsheet counts them, from 1; empty lines are left out.

    Reads any mixture of line ends. Raises UnreadableFile for bytes that are not of the encoding, a
    quote that is never closed or closed too early, and for lines, cells and numbers of columns that
    no catalogue has.
    """
    # The csv module keeps this limit for the whole process; nothing here wants a smaller one.
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(_lines(stream, codec), **dialect.for_csv())
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > MAX_COLUMNS:
                raise UnreadableFile("too_many_columns", row=number, limit=MAX_COLUMNS)
            if any(cells):
                yield number, cells
    except _WrongBytes as problem:
        raise _not_decodable(codec, number + 1) from problem
    except csv.Error as problem:
        raise _explained(problem, number + 1) from problem


def _lines(stream: BinaryIO, codec: str) -> Iterator[str]:
    """Lines with their ends. Blocks are split by StringIO in C, which is what makes it quick."""
    decode = codecs.getincrementaldecoder(codec)(MARK_ERRORS).decode
    # A mark is no part of the text, even where a person has named the encoding without it.
    rest = decode(stream.read(BLOCK_BYTES)).removeprefix("\ufeff")
    is_last = False
    while not is_last:
        data = stream.read(BLOCK_BYTES)
        is_last = not data
        whole, rest = _cut(rest + decode(data, is_last), is_last)
        lines = StringIO(whole, newline="")
        yield from _checked(lines) if _is_suspect(whole) else lines


def _cut(text: str, is_last: bool) -> tuple[str, str]:
    """Whole lines and the beginning of one more; a CR at the very end may have an LF to come."""
    if is_last:
        return text, ""
    end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
    if len(text) - end >= MAX_LINE_CHARACTERS:
        raise UnreadableFile("line_too_long", limit=MAX_LINE_CHARACTERS)
    return text[:end], text[end:]


def _is_suspect(text: str) -> bool:
    return _WRONG_BYTES in text or len(text) >= MAX_LINE_CHARACTERS


def _checked(lines: StringIO) -> Iterator[str]:
    for line in lines:
        if len(line) >= MAX_LINE_CHARACTERS:
            raise UnreadableFile("line_too_long", limit=MAX_LINE_CHARACTERS)
        if _WRONG_BYTES in line:
            raise _WrongBytes
        yield line


def _not_decodable(codec: str, row: int) -> UnreadableFile:
    if codec.startswith("utf-8"):
        return UnreadableFile("not_utf8", row=row)
    return UnreadableFile("not_in_encoding", row=row, encoding=label_of(codec))


def _explained(problem: csv.Error, row: int) -> UnreadableFile:
    if "field limit" in str(problem):
        return UnreadableFile("cell_too_long", row=row, limit=MAX_CELL_CHARACTERS)
    return UnreadableFile("quotes_unbalanced", row=row)
