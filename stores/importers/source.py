"""One uploaded file as importers see it: what it is, how it is read, its table or its text."""

import codecs
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from io import TextIOWrapper
from typing import BinaryIO, TextIO

from stores.importers.base import ImportOptions, Reading, UnreadableFile
from stores.importers.csv_rows import MARK_ERRORS, Row, csv_rows
from stores.importers.dialects import delimiter_of
from stores.importers.encodings import (
    Encoding,
    codec_of,
    named_encoding,
    recognised_encoding,
)
from stores.importers.file_kind import kind_of_text, refuse_other_kinds
from stores.importers.records import record_rows

HEAD_BYTES = 64 * 1024
SAMPLE_ROWS = 50


class Table:
    """header: as it stands in the file. sample: the first rows below it, 50 at most."""

    def __init__(self, rows: Iterator[Row], header_row: int = 0) -> None:
        """Raises UnreadableFile where there is no header; a problem further down waits for `rows`."""
        found = next((row for row in rows if row[0] >= header_row), None)
        if found is None:
            raise UnreadableFile("file_empty")
        self.header_row = found[0]
        self.header = tuple(found[1])
        self._problem: UnreadableFile | None = None
        self._rest = rows
        self.sample = tuple(self._first_rows())

    def rows(self) -> Iterator[Row]:
        """The rows below the header, from the first one; a stream, so that it can be had once."""
        yield from self.sample
        if self._problem is not None:
            raise self._problem
        yield from self._rest

    def _first_rows(self) -> Iterator[Row]:
        try:
            for _n, row in zip(range(SAMPLE_ROWS), self._rest, strict=False):
                yield row
        except UnreadableFile as problem:
            self._problem = problem


class Source:
    """An uploaded file, opened for one reading.

    stream: seekable, of bytes. name: without folders. head: the first bytes.
    """

    def __init__(self, stream: BinaryIO, name: str, options: ImportOptions) -> None:
        self.stream, self.name, self.options = stream, name, options
        stream.seek(0)
        self.head = stream.read(HEAD_BYTES)
        stream.seek(0)

    @cached_property
    def kind(self) -> str:
        """table, xml, html, json or jsonl; raises UnreadableFile for everything else."""
        refuse_other_kinds(self.head)
        return kind_of_text(self._head_text)

    @cached_property
    def reading(self) -> Reading:
        """How the file is read: recognised, or as the options say."""
        encoding = self._encoding
        reading = Reading(kind=self.kind, encoding=encoding.name, is_certain=encoding.is_certain)
        if self.kind != "table":
            return reading
        delimiter = self.options.delimiter or delimiter_of(self._head_text)
        return replace(reading, delimiter=delimiter, quote=self.options.quote or '"')

    def table(self) -> Table:
        """The rows of a table, or of a list of objects; the same each time. Raises UnreadableFile."""
        return self._table

    def text(self) -> TextIO:
        """The decoded text from its beginning; undecodable bytes are lone surrogates in it."""
        self.stream.seek(0)
        return TextIOWrapper(self.stream, self.codec, errors=MARK_ERRORS, newline="")

    def tell(self) -> int:
        """How many bytes have been read."""
        return self.stream.tell()

    @cached_property
    def _table(self) -> Table:
        if self.kind in ("json", "jsonl", "xml"):
            return Table(record_rows(self))
        self.stream.seek(0)
        return Table(csv_rows(self.stream, self.codec, self.reading), self.options.header_row)

    @cached_property
    def codec(self) -> str:
        """What Python calls the encoding of the text. Raises UnreadableFile for one that is none."""
        return codec_of(self._encoding.name)

    @cached_property
    def _encoding(self) -> Encoding:
        if self.options.encoding:
            return named_encoding(self.options.encoding)
        return recognised_encoding(self.head, self.stream, self.options.locale)

    @cached_property
    def _head_text(self) -> str:
        """The last letter may be cut, so it is not decoded to its end."""
        return codecs.getincrementaldecoder(self.codec)(errors="replace").decode(self.head)
