"""Sheets of an Excel workbook as rows of texts, as a stream."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO

from stores.importers.base import MAX_CELL_CHARACTERS, MAX_COLUMNS, UnreadableFile
from stores.importers.csv_rows import Row

SIGNIFICANT_DIGITS = 15
_ZEROS = re.compile(r"0{2,}")


class SheetSource:
    """names: of the sheets. sheet: the one that is read: `wanted`, or else the first with rows.

    Holds the styles and the texts that cells share in memory, and of the sheet one row at a time.
    """

    def __init__(self, stream: BinaryIO, wanted: str = "") -> None:
        """Raises UnreadableFile for a damaged workbook and one without such a sheet.

        zip_archives.check_workbook must have found nothing wrong with it.
        """
        with _as_unreadable():
            self._book = _opened(stream)
            self.names: tuple[str, ...] = tuple(sheet.title for sheet in self._book.worksheets)
            self.sheet = wanted or self._first_with_rows()
        if self.sheet not in self.names:
            raise UnreadableFile("sheet_unknown", sheet=self.sheet)

    def rows(self) -> Iterator[Row]:
        """The rows that are not empty, with their numbers. Raises UnreadableFile."""
        return self._rows_of(self.sheet)

    def _first_with_rows(self) -> str:
        for name in self.names:
            if len(list(islice(self._rows_of(name), 2))) == 2:
                return name
        return self.names[0]

    def _rows_of(self, name: str) -> Iterator[Row]:
        with _as_unreadable():
            sheet = self._book[name]
            # What the file says of its size is often wrong, and nothing here depends on it.
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(), start=1):
                cells = [_text(cell, number) for cell in row]
                while cells and not cells[-1]:
                    cells.pop()
                if len(cells) > MAX_COLUMNS:
                    raise UnreadableFile("too_many_columns", row=number, limit=MAX_COLUMNS)
                if cells:
                    yield number, cells


@contextmanager
def _as_unreadable() -> Iterator[None]:
    """openpyxl raises whatever it stumbles over in a file that is not as it should be."""
    try:
        yield
    except (UnreadableFile, OSError):
        raise
    except Exception as problem:
        raise UnreadableFile("workbook_broken") from problem


def _opened(stream: BinaryIO) -> Any:
    # It would slow down the start of every process.
    from openpyxl import load_workbook

    stream.seek(0)
    return load_workbook(stream, read_only=True, data_only=True, keep_links=False)


def _text(cell: Any, row: int) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if len(value) > MAX_CELL_CHARACTERS:
            raise UnreadableFile("cell_too_long", row=row, limit=MAX_CELL_CHARACTERS)
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value, cell.number_format or "")
    return _moment(value)


def number_text(value: float, number_format: str) -> str:
    """The number as people write it: no exponent, no needless zeros, but those of its format.

    Excel keeps 15 digits; what is behind them in a float is noise.
    """
    first = number_format.split(";")[0]
    if "%" in first:
        return f"{number_text(value * 100, '')}%"
    digits = Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}")
    plain = f"{digits:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.zfill(len(first)) if _ZEROS.fullmatch(first) else plain


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else ""
