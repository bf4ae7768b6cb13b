"""Weights as people write them, in grams."""

import re
from decimal import Decimal

from stores.importers.base import DecimalMark
from stores.importers.shopify_cells import MAX_CHARACTERS, MAX_GRAMS, BadCell, write_weight
from stores.numbers import NotANumber, parse_decimal

GRAMS = {
    "mg": Decimal("0.001"),
    "g": Decimal(1),
    "gr": Decimal(1),
    "gram": Decimal(1),
    "gramm": Decimal(1),
    "克": Decimal(1),
    "kg": Decimal(1000),
    "kilogram": Decimal(1000),
    "kilogramm": Decimal(1000),
    "公斤": Decimal(1000),
    "千克": Decimal(1000),
    "斤": Decimal(500),
    "t": Decimal(1_000_000),
    "oz": Decimal("28.349523125"),
    "ounce": Decimal("28.349523125"),
    "lb": Decimal("453.59237"),
    "pound": Decimal("453.59237"),
    "livre": Decimal("453.59237"),
    "磅": Decimal("453.59237"),
}
_WEIGHT = re.compile(r"(?P<number>[0-9.,'’\s]*[0-9][.,]?)\s*(?P<unit>[^\W\d_]*)\.?")


def is_unit(text: str) -> bool:
    """Whether weights are written with it."""
    return _unit(text) in GRAMS


def read_grams(text: str, unit: str = "g", decimal_mark: DecimalMark = "") -> str | None:
    """Grams with at most three decimals, as a plain number; None for an empty text.

    unit: where the text names none. Raises BadCell not_a_weight, weight_ambiguous.
    """
    text = text.strip()
    if not text:
        return None
    # The pattern tries every digit as the last one: a long cell of them would take hours.
    found = _WEIGHT.fullmatch(text) if len(text) <= MAX_CHARACTERS else None
    factor = GRAMS.get(_unit(found["unit"] or unit or "g")) if found else None
    if found is None or factor is None:
        raise BadCell("not_a_weight")
    grams = _number(found["number"], decimal_mark) * factor
    if grams > MAX_GRAMS:
        raise BadCell("not_a_weight")
    return write_weight(grams.quantize(Decimal("0.001")))


def _unit(text: str) -> str:
    unit = text.strip().lower()
    return unit if unit in GRAMS else unit.removesuffix("s")


def _number(text: str, decimal_mark: DecimalMark) -> Decimal:
    try:
        return parse_decimal(text, decimals=3, decimal_mark=decimal_mark)
    except NotANumber as problem:
        code = "weight_ambiguous" if problem.code == "number_ambiguous" else "not_a_weight"
        raise BadCell(code) from problem
