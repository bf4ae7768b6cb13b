"""Numbers as people write them in files of every country."""

import re
from decimal import Decimal

_SPACES = re.compile(r"[\s'’]")
_SPACED = re.compile(r"[0-9]{1,3}([\s'’][0-9]{3})+([.,][0-9]*)?")
_SHAPE = re.compile(r"[0-9.,'’\s]*[0-9][.,]?")


class NotANumber(ValueError):
    """code: not_a_number, or number_ambiguous where `1.234` could be about one or a thousand."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_decimal(text: str, decimals: int = 2, decimal_mark: str = "") -> Decimal:
    """The number of `1234.5`, `1,234.56`, `1.234,56`, `1 234,56` or `1'234.56`; it has no sign.

    decimals: how many the quantity usually has; with 3 or 0, `1.234` is no longer ambiguous.
    decimal_mark: the one that the rest of the file uses; it settles what `1.234` is.
    Raises NotANumber rather than guess.
    """
    number = text.strip()
    digits = _SPACES.sub("", number)
    if not _SHAPE.fullmatch(number) or (digits != number and not _SPACED.fullmatch(number)):
        raise NotANumber("not_a_number")
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return Decimal(digits)
    point, whole = digits[last], digits[:last]
    other = "," if point == "." else "."
    if point in whole:
        if other in whole or not _is_grouped(digits, point):
            raise NotANumber("not_a_number")
        return Decimal(digits.replace(point, ""))
    if other in whole:
        if not _is_grouped(whole, other):
            raise NotANumber("not_a_number")
        return Decimal(f"{whole.replace(other, '')}.{digits[last + 1 :]}")
    return _with_one_separator(whole, point, digits[last + 1 :], decimals, decimal_mark)


def _with_one_separator(
    whole: str, point: str, fraction: str, decimals: int, decimal_mark: str
) -> Decimal:
    could_be_grouped = len(fraction) == 3 and bool(whole.strip("0")) and len(whole) <= 3
    if could_be_grouped and not decimal_mark and decimals not in (0, 3):
        raise NotANumber("number_ambiguous")
    if could_be_grouped and (decimals == 0 or decimal_mark not in ("", point)):
        return Decimal(whole + fraction)
    return Decimal(f"{whole or '0'}.{fraction}")


def _is_grouped(digits: str, separator: str) -> bool:
    first, *rest = digits.split(separator)
    return 1 <= len(first) <= 3 and all(len(group) == 3 for group in rest)
