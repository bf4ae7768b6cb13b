"""Single cells of Shopify's CSV, both ways: each `read_` has the `write_` that gives it back."""

import re
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlsplit

from stores.importers.limits import MAX_POSITION
from stores.numbers import NotANumber, parse_decimal

STATUSES = {"active": "active", "draft": "draft", "archived": "archived", "unlisted": "active"}
GRAMS = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "oz": Decimal("28.349523125"),
    "lb": Decimal("453.59237"),
}
MAX_GRAMS = Decimal(10) ** 9
MAX_CHARACTERS = 100
MAX_REMEMBERED = 2_000

_USUAL_GRAMS = re.compile("[1-9][0-9]{0,8}|0")
_USUAL_URL = re.compile(r"https?://[A-Za-z0-9.-]+/[^\s<>\"'`\\\x00-\x1f\x7f]*")
_WEIGHT = re.compile(r"(?P<number>[0-9.,'’\s]*[0-9][.,]?)\s*(?P<unit>[A-Za-z]*)")
_UNSAFE_IN_URL = re.compile(r"[\s<>\"'`\\\x00-\x1f\x7f]")


class BadCell(ValueError):
    """code: why the cell cannot be taken, in the words of `importers.problems`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_flag(cell: str) -> bool:
    """TRUE or FALSE, in any case; raises BadCell."""
    flag = {"true": True, "false": False}.get(cell.lower())
    if flag is None:
        raise BadCell("not_true_or_false")
    return flag


def read_status(cell: str) -> str:
    """A Product.Status; unlisted products are active ones. Raises BadCell."""
    status = STATUSES.get(cell.lower())
    if status is None:
        raise BadCell("status_unknown")
    return status


def read_tags(cell: str) -> tuple[str, ...]:
    """The tags between commas, each once."""
    tags = (tag.strip() for tag in cell.split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def write_tags(tags: list[str] | tuple[str, ...]) -> str:
    return ", ".join(tags)


def read_weight(cell: str) -> str | None:
    """Grams with at most three decimals, as a plain number; None for an empty cell. Raises BadCell."""
    if not cell:
        return None
    if _USUAL_GRAMS.fullmatch(cell):
        return cell
    # The pattern tries every digit as the last one: a long cell of them would take hours.
    found = _WEIGHT.fullmatch(cell) if len(cell) <= MAX_CHARACTERS else None
    factor = GRAMS.get((found["unit"].lower() or "g").removesuffix("s")) if found else None
    if found is None or factor is None:
        raise BadCell("not_a_weight")
    try:
        grams = parse_decimal(found["number"]) * factor
    except NotANumber as problem:
        code = "weight_ambiguous" if problem.code == "number_ambiguous" else "not_a_weight"
        raise BadCell(code) from problem
    if grams > MAX_GRAMS:
        raise BadCell("not_a_weight")
    return write_weight(grams.quantize(Decimal("0.001")))


def write_weight(grams: Decimal | str | None) -> str:
    return "" if grams is None else f"{Decimal(grams).normalize():f}"


@lru_cache(MAX_REMEMBERED)
def read_position(cell: str) -> int:
    """A whole number from 0; raises BadCell."""
    if not re.fullmatch(r"[0-9]{1,10}(\.0+)?", cell) or float(cell) > MAX_POSITION:
        raise BadCell("not_a_whole_number")
    return int(float(cell))


def read_url(cell: str) -> str:
    """A complete web address; raises BadCell."""
    if _USUAL_URL.fullmatch(cell):
        return cell
    try:
        parts = urlsplit(cell)
    except ValueError as problem:
        raise BadCell("not_a_web_address") from problem
    if parts.scheme not in ("http", "https") or not parts.netloc or _UNSAFE_IN_URL.search(cell):
        raise BadCell("not_a_web_address")
    return cell
