"""How the cells of a text are separated and quoted, and where its header stands: recognised from its beginning."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

from stores.importers.base import UnreadableFile

DELIMITERS = ",;\t|:^~\x1f\x01¦"
QUOTES = ('"', "'", "")
UNUSABLE = ("\r", "\n", "\0")
SAMPLE_CHARACTERS = 16 * 1024
MAX_TYPED_CHARACTERS = 200
MAX_TITLE_ROWS = 10
ONE_COLUMN = 0.001
NOT_TYPED = 0.001
IF_BROKEN = 0.5
IF_QUOTES_ARE_LEFT = 0.2
IF_ALL_QUOTES_ARE_LEFT = 0.001
_SEP = re.compile(r"""sep=([^\r\n\0"'])\r?\n?""", re.IGNORECASE)
_TYPED = re.compile(
    r"""\s*(?:
    [-+€$£¥]?\s?\d[\d.,'\u00a0\u202f\x20]*\s?(?:%|[^\W\d_]{1,3}|[€$£¥])?     # numbers, prices, weights
    |https?://\S+|[\w.-]+@[\w.-]+
    |\d{1,2}:\d{2}(?::\d{2})?
    |\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T\x20][\d:.Z+-]+)?                   # dates
    |[^\W_][\w\x20.\-&']{0,60}                                               # words
    )?\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """quote: "" where none is. escape: what stands before a quote or a delimiter inside of a cell,
    "" if quotes are written twice. is_padded: spaces stand between delimiters and quotes.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    is_padded: bool = False

    def for_csv(self) -> dict[str, Any]:
        """The arguments for `csv.reader`."""
        found: dict[str, Any] = {"delimiter": self.delimiter, "escapechar": self.escape or None}
        if not self.quote:
            return found | {"quoting": csv.QUOTE_NONE}
        # Spaces after a quote are an error where the reader is strict.
        return found | {
            "quotechar": self.quote,
            "skipinitialspace": self.is_padded,
            "strict": not self.is_padded,
        }


def recognised_dialect(text: str, delimiter: str = "", quote: str = "") -> Dialect:
    """The dialect in which most rows are equally wide and most cells are of a known type.

    text: the beginning of a file. delimiter, quote: what a person has said about them.
    Raises UnreadableFile for a delimiter that cannot be one.
    Source: van den Burg, Nazabal, Sutton, Wrangling messy CSV files by detecting row and type
    patterns, 2019; with fewer types and dialects, for the sake of time.
    """
    said = _SEP.match(text)
    if not (len(delimiter) <= 1 and len(quote) <= 1) or delimiter in UNUSABLE or quote in UNUSABLE:
        raise UnreadableFile("delimiter_unusable", delimiter=(delimiter or quote)[:10])
    if delimiter and delimiter in (*QUOTES, quote):
        raise UnreadableFile("delimiter_unusable", delimiter=delimiter)
    if said:
        delimiter, text = delimiter or said[1], text[said.end() :]
    sample = _sample(text)
    is_cut = len(sample) < len(text)
    scores = [(_score(sample, one, is_cut), one) for one in _dialects(sample, delimiter, quote)]
    best = max(scores, key=lambda scored: scored[0])[1]
    plain = replace(best, escape="")
    return plain if _is_even(sample, plain, is_cut) else best


def header_row_of(text: str, dialect: Dialect) -> int:
    """The number of the row with the names of the columns, below titles, blank rows and `sep=;`."""
    rows = list(enumerate(rows_of(_sample(text), dialect), start=1))
    return header_row_among(rows[1:] if _SEP.match(text) else rows)


def header_row_among(rows: Iterable[tuple[int, Sequence[str]]]) -> int:
    """The same for rows with their numbers: a title fills far fewer cells than a row below it."""
    counted = [(number, sum(map(bool, map(str.strip, cells)))) for number, cells in rows]
    filled = [(number, n) for number, n in counted if n]
    usual = Counter(n for _, n in filled).most_common(1)[0][0] if filled else 0
    for place, (number, n) in enumerate(filled[:MAX_TITLE_ROWS]):
        rest = filled[place + 1 : place + 1 + MAX_TITLE_ROWS]
        is_title = n <= max(1, usual // 3) and any(m >= max(2, 2 * n) for _, m in rest)
        if not is_title:
            return number
    return filled[0][0] if filled else 1


def line_end_of(text: str, quote: str) -> str:
    """CRLF, LF, CR or mixed; what stands inside of quotes does not count."""
    mark = re.escape(quote)
    outside = re.sub(f"{mark}[^{mark}]*{mark}", "", text) if quote else text
    n_crlf = outside.count("\r\n")
    counts = {
        "CRLF": n_crlf,
        "LF": outside.count("\n") - n_crlf,
        "CR": outside.count("\r") - n_crlf,
    }
    found = [name for name, n in counts.items() if n]
    return found[0] if len(found) == 1 else "mixed" if found else ""


def rows_of(sample: str, dialect: Dialect) -> Iterator[list[str]]:
    """The rows, up to the first that is not of the dialect."""
    try:
        yield from csv.reader(StringIO(sample, newline=""), **dialect.for_csv())
    except csv.Error:
        return


def _sample(text: str) -> str:
    """Whole lines, as far as there are any."""
    if len(text) <= SAMPLE_CHARACTERS:
        return text
    end = max(text.rfind("\n", 0, SAMPLE_CHARACTERS), text.rfind("\r", 0, SAMPLE_CHARACTERS)) + 1
    return text[: end if end > SAMPLE_CHARACTERS / 4 else SAMPLE_CHARACTERS]


def _dialects(sample: str, delimiter: str, quote: str) -> Iterator[Dialect]:
    """Those that are possible; of equally good ones the first is taken."""
    yield Dialect(delimiter or ",", quote or '"')
    # Addresses and times in a single column are not two columns.
    is_typed = all(map(_is_typed, sample.splitlines()[1:]))
    for one in delimiter or (DELIMITERS.replace(":", "") if is_typed else DELIMITERS):
        for mark in (quote,) if quote else QUOTES:
            is_there = mark in sample or mark == '"'
            if one not in sample or not is_there or mark == one:
                continue
            has_escapes = f"\\{mark or one}" in sample
            sign = re.escape(mark)
            space = rf"{re.escape(one)} +{sign}|{sign} +(?:{re.escape(one)}|[\r\n])"
            is_spaced = bool(mark) and re.search(space, sample) is not None
            for is_padded in (False, True) if is_spaced else (False,):
                for escape in ("", "\\") if has_escapes else ("",):
                    yield Dialect(one, mark, escape, is_padded)


def _score(sample: str, dialect: Dialect, is_cut: bool) -> float:
    rows, share = _parsed(sample, dialect, is_cut)
    if not rows:
        return 0.0
    widths = Counter(map(len, rows))
    pattern = sum(n * max(width - 1, ONE_COLUMN) / width for width, n in widths.items())
    cells = [cell for row in rows for cell in row]
    typed = sum(map(_is_typed, cells)) / len(cells)
    left = _share_with_quotes_left(cells, dialect.quote)
    return share * left * pattern / len(rows) / len(widths) * max(typed, NOT_TYPED)


def _is_even(sample: str, dialect: Dialect, is_cut: bool) -> bool:
    """Whether all rows are equally wide: then a backslash before a quote is the end of a cell."""
    rows, share = _parsed(sample, dialect, is_cut)
    return share == 1.0 and len(set(map(len, rows))) == 1


def _is_typed(text: str) -> bool:
    return len(text) <= MAX_TYPED_CHARACTERS and _TYPED.fullmatch(text) is not None


def _share_with_quotes_left(cells: list[str], quote: str) -> float:
    """How much to trust a dialect that takes as letters what looks like quotation marks."""
    share = 1.0
    for mark in QUOTES:
        if mark and mark != quote:
            started = [cell for cell in cells if cell.startswith(mark)]
            n_whole = sum(len(cell) > 1 and cell.endswith(mark) for cell in started)
            if mark == '"' and n_whole > len(started) / 2:
                share *= IF_ALL_QUOTES_ARE_LEFT
            elif n_whole or (started and mark == '"'):
                share *= IF_QUOTES_ARE_LEFT
    return share


def _parsed(sample: str, dialect: Dialect, is_cut: bool) -> tuple[list[list[str]], float]:
    """The rows that are not blank, and how much to trust them. is_cut: maybe in the middle of a cell."""
    rows: list[list[str]] = []
    share = 1.0
    try:
        rows.extend(csv.reader(StringIO(sample, newline=""), **dialect.for_csv()))
    except csv.Error as problem:
        share = 1.0 if is_cut and "end of data" in str(problem) else IF_BROKEN
    return [row for row in rows if any(row)], share
