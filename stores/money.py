"""Amounts of money as people write them and as we keep them: integers of the smallest unit."""

import re
from decimal import Decimal

from stores.numbers import NotANumber, parse_decimal

MAX_MINOR = 10**15
MAX_CHARACTERS = 100

_NO_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND"]
    + ["VUV", "XAF", "XOF", "XPF"]
)
_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
_DOLLARS = frozenset(
    ["ARS", "AUD", "BMD", "CAD", "CLP", "COP", "HKD", "MXN", "NZD", "SGD", "TWD", "USD", "UYU"]
)
_SIGNS = {
    "$": _DOLLARS,
    "a$": {"AUD"},
    "c$": {"CAD"},
    "hk$": {"HKD"},
    "nt$": {"TWD"},
    "r$": {"BRL"},
    "s$": {"SGD"},
    "us$": {"USD"},
    "£": {"GBP", "EGP", "GIP", "FKP", "SHP"},
    "€": {"EUR"},
    "¥": {"CNY", "JPY"},
    "￥": {"CNY", "JPY"},
    "元": {"CNY", "TWD", "HKD"},
    "円": {"JPY"},
    "₩": {"KRW"},
    "₫": {"VND"},
    "₴": {"UAH"},
    "₹": {"INR"},
    "₺": {"TRY"},
    "₽": {"RUB"},
    "kr": {"SEK", "NOK", "DKK", "ISK"},
    "kč": {"CZK"},
    "zł": {"PLN"},
}
_AMOUNT = re.compile(
    r"(?P<sign>[-−]?)(?P<before>[^\d\s.,'’+-]*)\s*(?P<minus>[-−]?)"
    r"(?P<number>[\d.,'’\s]*\d)[.,]?[-–]?\s*(?P<after>\D*)"
)


class NotAnAmount(ValueError):
    """code: why the text is no price we can take; params: for the words of the code."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def minor_digits(currency: str) -> int:
    """How many decimals the currency has (ISO 4217)."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def parse_amount(text: str, currency: str, decimal_mark: str = "") -> int | None:
    """The amount in the currency's smallest unit; None for an empty text.

    Understands what `parse_decimal` does, with the currency's sign or code on either side.
    Raises NotAnAmount: not_a_price, price_negative, price_ambiguous, price_in_other_currency,
    price_too_precise, price_too_large.
    """
    text = text.strip()
    if not text:
        return None
    # The pattern tries every split of a long run of spaces: a cell of 500 KB would take hours.
    found = _AMOUNT.fullmatch(text) if len(text) <= MAX_CHARACTERS else None
    if found is None:
        raise NotAnAmount("not_a_price", value=text[:60])
    _check_currency(found["before"].strip() or found["after"].strip(), currency, text)
    amount = _decimal(found["number"], currency, decimal_mark, text)
    if amount and (found["sign"] or found["minus"]):
        raise NotAnAmount("price_negative", value=text[:60])
    return _minor(amount, currency, text)


def format_amount(minor: int | None, currency: str) -> str:
    """The amount as a plain decimal number, such as 1234.50; nothing for None."""
    if minor is None:
        return ""
    digits = minor_digits(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def _check_currency(mark: str, currency: str, text: str) -> None:
    if not mark or mark.upper() == currency:
        return
    known = _SIGNS.get(mark.lower())
    if known is None and not re.fullmatch(r"[A-Za-z]{3}", mark):
        raise NotAnAmount("not_a_price", value=text[:60])
    if known is None or currency not in known:
        raise NotAnAmount("price_in_other_currency", value=text[:60], currency=currency)


def _decimal(number: str, currency: str, decimal_mark: str, text: str) -> Decimal:
    try:
        return parse_decimal(number, minor_digits(currency), decimal_mark)
    except NotANumber as problem:
        code = "price_ambiguous" if problem.code == "number_ambiguous" else "not_a_price"
        raise NotAnAmount(code, value=text[:60]) from problem


def _minor(amount: Decimal, currency: str, text: str) -> int:
    minor = amount.scaleb(minor_digits(currency))
    if minor != minor.to_integral_value():
        raise NotAnAmount("price_too_precise", value=text[:60], currency=currency)
    if minor > MAX_MINOR:
        raise NotAnAmount("price_too_large", value=text[:60])
    return int(minor)
