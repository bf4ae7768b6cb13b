"""Cells that a spreadsheet would run as a formula, made safe the way spreadsheets mark plain text."""

import re

STARTS = "=+-@\t\r\n＝＋－＠"
_NUMBER = re.compile(r"[-+]?\d[\d.,]*%?", re.ASCII)


def make_safe(cell: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet might run it; numbers stay as they are."""
    if cell[:1] and cell[0] in STARTS and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def undo(cell: str) -> str:
    """The cell without the apostrophe that `make_safe`, or a spreadsheet, has put before it."""
    if cell[:1] == "'" and cell[1:2] and cell[1] in STARTS:
        return cell[1:]
    return cell


def make_html_safe(html: str) -> str:
    """The HTML with its first character as an entity if a spreadsheet might run it: it reads the same."""
    html = html.lstrip()
    if html[:1] and html[0] in STARTS:
        return f"&#{ord(html[0])};{html[1:]}"
    return html
