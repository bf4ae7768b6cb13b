"""One uploaded file as importers see it: what it is, how it is read, its table or its text."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from io import TextIOWrapper
from itertools import islice
from typing import BinaryIO, TextIO

from stores.importers.base import ImportOptions, Reading, UnreadableFile
from stores.importers.csv_rows import MARK_ERRORS, Row, csv_rows
from stores.importers.decimal_marks import decimal_mark_of
from stores.importers.dialects import (
    Dialect,
    header_row_among,
    header_row_of,
    line_end_of,
    recognised_dialect,
    rows_of,
)
from stores.importers.encodings import (
    Encoding,
    chosen_encoding,
    codec_of,
    recognised_encoding,
)
from stores.importers.file_kind import is_zip, kind_of_text, refuse_other_kinds
from stores.importers.records import record_rows
from stores.importers.workbooks import SheetSource
from stores.importers.zip_archives import check_workbook

HEAD_BYTES = 64 * 1024
SAMPLE_ROWS = 50
SAMPLE_CHARACTERS = 2_000_000
# Names of columns are looked up in the database, whose JSON has neither.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Table:
    """header: as it stands in the file, without NUL. sample: the first rows below it, 50 at most."""

    def __init__(self, rows: Iterator[Row], header_row: int = 0) -> None:
        """Raises UnreadableFile where there is no header; a problem further down waits for `rows`."""
        found = next((row for row in rows if row[0] >= header_row), None)
        if found is None:
            raise UnreadableFile("file_empty")
        self.header_row = found[0]
        self.header = tuple(_UNSTORABLE.sub("", name) for name in found[1])
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
        room = SAMPLE_CHARACTERS
        try:
            for _n, row in zip(range(SAMPLE_ROWS), self._rest, strict=False):
                yield row
                room -= sum(map(len, row[1]))
                if room < 0:
                    return
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

    @property
    def is_workbook(self) -> bool:
        """Whether the file has to be unpacked before anything of it can be read."""
        return is_zip(self.head)

    @cached_property
    def kind(self) -> str:
        """table, xml, html, json or jsonl; raises UnreadableFile for everything else."""
        if self.is_workbook:
            check_workbook(self.stream)
            return "table"
        refuse_other_kinds(self.head, self.stream)
        return kind_of_text(self._head_text)

    @cached_property
    def reading(self) -> Reading:
        """How the file is read: recognised, or as the options say. Raises UnreadableFile."""
        if self.kind == "table" and self.is_workbook:
            return self._reading_of_workbook()
        reading = Reading(
            kind=self.kind,
            encoding=self._encoding.name,
            is_certain=self._encoding.is_certain,
            decimal_mark=self.options.decimal_mark,
        )
        return self._with_dialect(reading) if self.kind == "table" else reading

    @property
    def options_as_read(self) -> ImportOptions:
        """The options, with what the file itself tells where they say nothing."""
        return replace(self.options, decimal_mark=self.reading.decimal_mark)

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
        if self.is_workbook:
            return Table(self._workbook.rows(), self.reading.header_row)
        self.stream.seek(0)
        return Table(csv_rows(self.stream, self.codec, self._dialect), self.reading.header_row)

    def _reading_of_workbook(self) -> Reading:
        book = self._workbook
        rows = list(islice(book.rows(), SAMPLE_ROWS))
        header_row = self.options.header_row or header_row_among(rows)
        cells = [cells for number, cells in rows if number > header_row]
        return Reading(
            kind="table",
            sheet=book.sheet,
            sheets=book.names,
            header_row=header_row,
            decimal_mark=self.options.decimal_mark or decimal_mark_of(cells),
        )

    @cached_property
    def _workbook(self) -> SheetSource:
        return SheetSource(self.stream, self.options.sheet)

    def _with_dialect(self, reading: Reading) -> Reading:
        dialect, text = self._dialect, self._head_text
        header_row = self.options.header_row or header_row_of(text, dialect)
        rows = list(islice(rows_of(text, dialect), header_row, header_row + SAMPLE_ROWS))
        return replace(
            reading,
            delimiter=dialect.delimiter,
            quote=dialect.quote,
            escape=dialect.escape,
            is_padded=dialect.is_padded,
            line_end=line_end_of(text, dialect.quote),
            header_row=header_row,
            decimal_mark=reading.decimal_mark or decimal_mark_of(rows),
        )

    @cached_property
    def _dialect(self) -> Dialect:
        return recognised_dialect(self._head_text, self.options.delimiter, self.options.quote)

    @cached_property
    def codec(self) -> str:
        """What Python calls the encoding of the text. Raises UnreadableFile for one that is none."""
        return codec_of(self._encoding.name)

    @cached_property
    def _encoding(self) -> Encoding:
        if self.options.encoding:
            return chosen_encoding(self.options.encoding, self.head)
        return recognised_encoding(self.head, self.stream, self.options.locale)

    @cached_property
    def _head_text(self) -> str:
        """The last letter may be cut, so it is not decoded to its end."""
        return codecs.getincrementaldecoder(self.codec)(errors="replace").decode(self.head)
