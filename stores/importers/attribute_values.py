"""Values of attributes with their types: read from a cell, and written as one again."""

import json
import re
from math import isfinite
from typing import Any, NamedTuple

from stores.numbers import NotANumber, parse_decimal

LIST_SEPARATOR = "; "
UNITS = frozenset(
    ["mm", "cm", "dm", "m", "km", "in", "ft", "yd", '"', "″", "ml", "cl", "dl", "l", "L", "mL"]
    + ["fl oz", "gal", "mg", "g", "kg", "t", "oz", "lb", "lbs", "W", "kW", "V", "mV", "A", "mA"]
    + ["mAh", "Ah", "Wh", "kWh", "Hz", "kHz", "MHz", "GHz", "°C", "℃", "°F", "℉", "K", "%", "°"]
    + ["g/m²", "g/m2", "gsm", "mm²", "cm²", "m²", "cm³", "m³", "lm", "lx", "dB", "bar", "psi"]
    + ["rpm", "px", "dpi", "MB", "GB", "TB", "ml/h", "g/min", "s", "sec", "min", "h", "hours"]
    + ["hour", "minutes", "days", "day", "weeks", "months", "month", "years", "year", "pcs"]
    + ["毫米", "厘米", "米", "毫升", "升", "克", "千克", "公斤", "瓦", "伏", "小时", "分钟", "天"]
    + ["个月", "年", "页", "张", "支", "个", "件", "片", "只", "条"]
)
MEASURES = {
    "MILLIMETERS": "mm",
    "CENTIMETERS": "cm",
    "METERS": "m",
    "INCHES": "in",
    "FEET": "ft",
    "YARDS": "yd",
    "MILLILITERS": "ml",
    "CENTILITERS": "cl",
    "LITERS": "l",
    "CUBIC_METERS": "m³",
    "FLUID_OUNCES": "fl oz",
    "GRAMS": "g",
    "KILOGRAMS": "kg",
    "OUNCES": "oz",
    "POUNDS": "lb",
}
_NUMBER = re.compile(r"(?P<number>-?\d[\d.,]*)\s*(?P<unit>\D{0,8})")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
MAX_DIGITS = 15
MAX_UNIT_CHARACTERS = 30


class Value(NamedTuple):
    """type: text, number, boolean or list. unit: of a number, or None."""

    value: Any
    type: str
    unit: str | None = None


def parse_value(text: str) -> Value:
    """The typed value of a cell; what is not surely something else stays text."""
    text = text.strip()
    if text.lower() in ("true", "false"):
        return Value(text.lower() == "true", "boolean")
    if text[:1] in ("[", "{"):
        return _from_json(text)
    if LIST_SEPARATOR in text:
        parts = [part.strip() for part in text.split(LIST_SEPARATOR)]
        return Value([part for part in parts if part], "list")
    return _number(text) or Value(text, "text")


def write_value(value: Any, unit: str | None = None) -> str:
    """The value as the text of a cell; `parse_value` gives it back."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return LIST_SEPARATOR.join(str(part) for part in value)
    text = str(value)
    if unit:
        return f"{text}{unit}" if unit in ('"', "″", "%", "°") else f"{text} {unit}"
    return text


def _number(text: str) -> Value | None:
    found = _NUMBER.fullmatch(text)
    if found is None or (found["unit"] and found["unit"] not in UNITS):
        return None
    digits = found["number"].lstrip("-")
    if len(digits) > MAX_DIGITS or (digits[0] == "0" and digits[1:2].isdigit()):
        return None
    try:
        number = parse_decimal(digits)
    except NotANumber:
        return None
    signed = -number if found["number"][0] == "-" else number
    whole = int(signed)
    return Value(whole if whole == signed else float(signed), "number", found["unit"] or None)


def _from_json(text: str) -> Value:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return Value(text, "text")
    if isinstance(value, list) and value and all(_is_scalar(part) for part in value):
        return Value([str(part) for part in value], "list")
    if isinstance(value, dict) and _is_number(value.get("value")) and _is_unit(value.get("unit")):
        unit = value.get("unit") or ""
        number = value["value"]
        whole = int(number) if number == int(number) else number
        return Value(whole, "number", MEASURES.get(unit.upper(), unit.lower()) or None)
    return Value(text, "text")


def _is_scalar(part: Any) -> bool:
    return _is_storable(part) or _is_number(part)


def _is_unit(part: Any) -> bool:
    return part is None or (_is_storable(part) and len(part) <= MAX_UNIT_CHARACTERS)


def _is_storable(part: Any) -> bool:
    """JSON escapes spell NULs and halves of surrogate pairs, which PostgreSQL does not keep."""
    return isinstance(part, str) and not _UNSTORABLE.search(part)


def _is_number(part: Any) -> bool:
    if isinstance(part, bool) or not isinstance(part, int | float):
        return False
    return isfinite(part) if isinstance(part, float) else abs(part) < 10**MAX_DIGITS
