"""Which decimal mark the numbers of a table use, by those that can be read in one way only."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from stores.importers.base import DecimalMark

LONGEST = 40
MAJORITY = 0.8
_NUMBER = re.compile(
    r"[-+−]?\s?[^\W\d_]{0,3}[$€£¥₹₽₺]?\s?(?P<digits>\d[\d.,'’\s]*)\s?[%$€£¥₹₽₺]?\s?[^\W\d_]{0,3}\.?"
)
_SPACES = re.compile(r"[\s'’]")


def decimal_mark_of(rows: Sequence[Sequence[str]]) -> DecimalMark:
    """The mark of the columns that hold nothing but numbers; "" where none tells or they differ."""
    columns = zip_longest(*rows, fillvalue="")
    votes = Counter(mark for cells in columns for mark in map(_mark, _digits(cells)) if mark)
    if not votes:
        return ""
    mark, n = votes.most_common(1)[0]
    return mark if n >= MAJORITY * votes.total() else ""


def _digits(cells: Iterable[str]) -> list[str]:
    """The numbers of a column without signs and spaces; none if something else stands there."""
    texts = [text for cell in cells if (text := cell.strip())]
    found = [_NUMBER.fullmatch(text) if len(text) <= LONGEST else None for text in texts]
    if not all(found):
        return []
    return [_SPACES.sub("", one["digits"]) for one in found if one]


def _mark(digits: str) -> DecimalMark:
    marks = [c for c in digits if c in ".,"]
    if not marks or digits[-1] in ".,":
        return ""
    last: DecimalMark = "." if marks[-1] == "." else ","
    other: DecimalMark = "," if last == "." else "."
    if len(set(marks)) == 2:
        return last if marks.count(last) == 1 else ""
    whole, _, fraction = digits.partition(last)
    if len(marks) > 1:
        return other if all(len(part) == 3 for part in fraction.split(last)) else ""
    is_ambiguous = len(fraction) == 3 and len(whole) <= 3 and whole.strip("0")
    return "" if is_ambiguous else last
