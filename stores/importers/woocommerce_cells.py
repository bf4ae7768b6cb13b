"""Single cells of WooCommerce's CSV, both ways: each `read_` has the `write_` that gives it back."""

import re
from collections.abc import Iterable

SEPARATOR = ", "
_COMMA = re.compile(r"(?<!\\),")


def read_list(cell: str) -> list[str]:
    """The values between commas; a comma that belongs to a value has a backslash before it."""
    parts = (part.replace("\\,", ",").strip() for part in _COMMA.split(cell))
    return [part for part in parts if part]


def write_list(values: Iterable[str]) -> str:
    """The values as a cell."""
    return SEPARATOR.join(value.replace(",", "\\,") for value in values)


def read_html(cell: str) -> str:
    r"""The text of a description: line breaks stand there as \n, and a \n of the text as \\n."""
    return "\\n".join(part.replace("\\n", "\n") for part in cell.split("\\\\n"))


def write_html(html: str) -> str:
    """The text as a cell."""
    return html.replace("\\n", "\\\\n").replace("\r\n", "\n").replace("\n", "\\n")
