"""Values as PHP stores them: only what holds no objects, and no deeper than a shop's settings go."""

import re
from typing import Any

MAX_DEPTH = 8
_SCALAR = re.compile(rb"([ibd]):(-?[\d.]{1,30});|(N);")
_LENGTH = re.compile(rb"([sa]):(\d{1,9}):")


def unserialized(text: str) -> Any:
    """Texts, numbers, and dictionaries for arrays; None for what is none of these."""
    data = text.encode()
    try:
        value, end = _value(data, 0, 0)
    except ValueError:
        return None
    return value if end == len(data) else None


def _value(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if found := _SCALAR.match(data, at):
        return _scalar(found), found.end()
    found = _LENGTH.match(data, at)
    if found is None or depth > MAX_DEPTH:
        raise ValueError("no such value")
    length, start = int(found[2]), found.end() + 1
    if found[1] == b"a":
        return _array(data, start, length, depth)
    end = start + length
    if data[end : end + 2] != b'";':
        raise ValueError("a text ends elsewhere")
    return data[start:end].decode(), end + 2


def _scalar(found: re.Match[bytes]) -> Any:
    if found[3]:
        return None
    return float(found[2]) if found[1] == b"d" else int(found[2])


def _array(data: bytes, at: int, length: int, depth: int) -> tuple[dict[Any, Any], int]:
    values: dict[Any, Any] = {}
    for _ in range(length):
        name, at = _value(data, at, depth + 1)
        values[name if isinstance(name, str | int) else ""], at = _value(data, at, depth + 1)
    if data[at : at + 1] != b"}":
        raise ValueError("an array ends elsewhere")
    return values, at + 1
