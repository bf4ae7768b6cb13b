"""Rows as the text of a CSV or TSV file."""

import csv
from collections.abc import Iterable
from io import StringIO


def csv_text(rows: Iterable[Iterable[str]], delimiter: str = ",") -> str:
    """The rows, quoted where they have to be. Formulas are the caller's: see stores.formulas."""
    text = StringIO(newline="")
    # The writer quotes the characters of its line end only: with "\n" a lone "\r" would break rows.
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
