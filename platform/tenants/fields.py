"""Public ids: what leaves the system instead of the bigint key. Format: TypeID 0.3 (prefix, UUIDv7 in base 32)."""

import os
import time
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    TextField = models.Field[str, str]
else:
    TextField = models.Field

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_NOBODY = uuid.UUID(int=0)
# Two letters at a time: lists of products encode an id for every row.
_PAIRS = [one + other for one in _ALPHABET for other in _ALPHABET]
_SHIFTS = range(120, -10, -10)
_RANDOM_BITS = (1 << 80) - 1 & ~(0xF << 76) & ~(0x3 << 62)


def uuid7() -> uuid.UUID:
    """A UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def uuid7s(count: int) -> Iterator[str]:
    """As many UUIDs version 7 of this moment, as 32 hexadecimal digits: quicker than one by one."""
    start = (time.time_ns() // 1_000_000) << 80 | 0x7 << 76 | 0x2 << 62
    random = os.urandom(10 * count)
    for n in range(0, 10 * count, 10):
        yield f"{start | int.from_bytes(random[n : n + 10], 'big') & _RANDOM_BITS:032x}"


def encode(prefix: str, value: uuid.UUID) -> str:
    """The public id of a UUID: `prd_` and 26 characters of Crockford's base 32."""
    number = value.int
    return f"{prefix}_" + "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def decode(prefix: str, public_id: str) -> uuid.UUID:
    """The UUID of a public id; raises ValueError if it is not one, or one of another kind."""
    found, _, letters = public_id.partition("_")
    if found != prefix or len(letters) != 26 or letters[0] > "7":
        raise ValueError(f"not a public id of kind {prefix}")
    number = 0
    for letter in letters:
        if letter not in _VALUES:
            raise ValueError(f"not a public id of kind {prefix}")
        number = number << 5 | _VALUES[letter]
    return uuid.UUID(int=number)


class PublicIdField(TextField):
    """A UUIDv7 in the database, a prefixed string in Python. A malformed id matches no row: a 404, not an error."""

    def __init__(self, prefix: str, **kwargs: Any) -> None:
        self.prefix = prefix
        super().__init__(**{"unique": True, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("unique", None)
        kwargs.pop("editable", None)
        return name, path, [self.prefix, *args], kwargs

    def get_internal_type(self) -> str:
        return "UUIDField"

    def has_default(self) -> bool:
        return True

    def get_default(self) -> str:
        return encode(self.prefix, uuid7())

    def _get_default(self) -> str:
        return self.get_default()

    def from_db_value(self, value: uuid.UUID | None, *_: Any) -> str | None:
        return None if value is None else encode(self.prefix, value)

    def to_python(self, value: Any) -> Any:
        return encode(self.prefix, value) if isinstance(value, uuid.UUID) else value

    def get_prep_value(self, value: Any) -> uuid.UUID | None:
        if value is None or isinstance(value, uuid.UUID):
            return value
        try:
            return decode(self.prefix, str(value))
        except ValueError:
            return _NOBODY


class PublicIdConverter:
    """Path converter `<public_id:name>`: anything that looks like a public id."""

    regex = "[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
