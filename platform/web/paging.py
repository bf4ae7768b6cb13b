"""Pages of long lists: each costs the same however deep it lies and however long the list is.

The address carries where the page before it ended (`after`) or the page after it begins
(`before`): the values that the list is ordered by, and how many rows come before.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Value
from django.utils.formats import number_format

COUNTED = 10_000
MAX_CURSOR_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are, counted no further than to COUNTED: shown as `10,000+` beyond.

    is_least: there may be more, although fewer were counted.
    """

    n: int
    is_least: bool = False

    @property
    def is_more(self) -> bool:
        return self.is_least or self.n > COUNTED

    @property
    def shown(self) -> int:
        """As a number; with a + behind it where there are more."""
        return min(self.n, COUNTED)

    def __bool__(self) -> bool:
        return self.n > 0

    def __int__(self) -> int:
        return self.n

    def __float__(self) -> float:
        return float(self.n)

    def __str__(self) -> str:
        number = str(number_format(self.shown, force_grouping=True))
        return f"{number}+" if self.is_more else number


def count_of(rows: QuerySet[Any]) -> Total:
    """How many rows there are, at a cost that COUNTED bounds."""
    return Total(rows.order_by().values("pk")[: COUNTED + 1].count())


@dataclass(frozen=True, slots=True)
class Order:
    """fields: what a list is ordered by, the last one unique. All ascend, or all descend.

    nullable: the first field may be empty; such rows come last both ways.
    """

    fields: tuple[str, ...]
    is_descending: bool = False
    nullable: bool = False


@dataclass(frozen=True)
class KeysetPage:
    """Rows of one page. first: the place of the first of them, from 1. previous, next: cursors, or None."""

    rows: list[Any]
    first: int
    total: Total
    previous: str | None
    next: str | None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def keyset_page(
    rows: QuerySet[Any],
    order: Order,
    params: Mapping[str, str],
    size: int,
    count: Callable[[], Total] | None = None,
) -> KeysetPage:
    """The page that `after` or `before` in the address asks for; the first one without, or in doubt.

    rows: in no order. count: a quicker way to count them all.
    """
    before = _read(rows.model, order, params.get("before", ""))
    if before is not None:
        found = _take(rows, order, before.values, size, backwards=True)
        if len(found) > size:  # or the first page would be a short one
            first = max(1, before.n_before - size + 1)
            return _page(rows, order, found[1:], first, count, has_previous=True, has_next=True)
    after = _read(rows.model, order, params.get("after", ""))
    if before is None and after is not None:
        found = _take(rows, order, after.values, size)
        if found:
            has_next, first = len(found) > size, after.n_before + 1
            return _page(
                rows, order, found[:size], first, count, has_previous=True, has_next=has_next
            )
    found = _take(rows, order, None, size)
    has_next = len(found) > size
    if not has_next:
        return KeysetPage(found, 1, Total(len(found)), None, None)
    return _page(rows, order, found[:size], 1, count, has_previous=False, has_next=True)


@dataclass(frozen=True, slots=True)
class _Cursor:
    """values: of the fields of the order in the row that it points behind or before."""

    n_before: int
    values: list[Any]


def _page(
    rows: QuerySet[Any],
    order: Order,
    found: list[Any],
    first: int,
    count: Callable[[], Total] | None,
    *,
    has_previous: bool,
    has_next: bool,
) -> KeysetPage:
    return KeysetPage(
        rows=found,
        first=first,
        total=count() if count else count_of(rows),
        previous=cursor_of(order, found[0], first - 1) if has_previous else None,
        next=cursor_of(order, found[-1], first + len(found) - 1) if has_next else None,
    )


def _take(
    rows: QuerySet[Any], order: Order, start: list[Any] | None, size: int, backwards: bool = False
) -> list[Any]:
    """One row more than a page from the start on, in the list's order."""
    found: list[Any] = []
    parts = [False, True] if order.nullable else [False]
    for is_empty in reversed(parts) if backwards else parts:
        if start is not None and order.nullable:
            starts_empty = start[0] is None
            if is_empty != starts_empty and is_empty == backwards:
                continue  # this part lies on the other side of the start
        part = rows
        if order.nullable:
            part = part.filter(**{f"{order.fields[0]}__isnull": is_empty})
        if start is not None and not (order.nullable and is_empty != (start[0] is None)):
            part = part.filter(beyond(rows.model, order, start, backwards))
        down = order.is_descending != backwards
        names = [F(name).desc() if down else F(name).asc() for name in order.fields]
        found += part.order_by(*names)[: size + 1 - len(found)]
        if len(found) > size:
            break
    return found[::-1] if backwards else found


def beyond(model: type[Model], order: Order, start: Sequence[Any], backwards: bool = False) -> Q:
    """What comes after the row that has these values in the fields of the order, or before it."""
    names, values = order.fields, start
    if order.nullable and start[0] is None:
        names, values = names[1:], values[1:]
    operator = "<" if order.is_descending != backwards else ">"
    fields = [_field(model, name) for name in names]
    pairs = zip(values, fields, strict=True)
    return Q(_Beyond(operator, names, [Value(value, output_field=f) for value, f in pairs]))


class _Beyond(Func):
    """(a, b) > (x, y) as one comparison: an index on a and b goes straight there."""

    output_field = BooleanField()

    def __init__(self, operator: str, names: Sequence[str], values: Sequence[Value]) -> None:
        super().__init__(*(F(name) for name in names), *values)
        self.operator = operator

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        parts = [compiler.compile(one) for one in self.get_source_expressions()]
        half = len(parts) // 2
        left = ", ".join(sql for sql, _ in parts[:half])
        right = ", ".join(sql for sql, _ in parts[half:])
        return f"(({left}) {self.operator} ({right}))", [p for _, own in parts for p in own]


def _field(model: type[Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def cursor_of(order: Order, row: Any, n_before: int) -> str:
    values = [getattr(row, name) for name in order.fields]
    plain = [v if v is None or isinstance(v, int) else str(v) for v in values]
    text = json.dumps([n_before, *plain], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(model: type[Model], order: Order, text: str) -> _Cursor | None:
    """None for whatever we have not written: the list then begins at its beginning."""
    if not text or len(text) > MAX_CURSOR_CHARACTERS:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        n_before, *values = plain
        if len(values) != len(order.fields) or not isinstance(n_before, int) or n_before < 0:
            return None
        read = [
            _value(model, name, value) for name, value in zip(order.fields, values, strict=True)
        ]
    except (binascii.Error, ValueError, TypeError, ValidationError, OverflowError, RecursionError):
        return None
    if None in (read[1:] if order.nullable else read):
        return None
    return _Cursor(n_before, read)


def _value(model: type[Model], name: str, value: Any) -> Any:
    if not (value is None or isinstance(value, int | str)) or isinstance(value, bool):
        raise ValueError("not a value of a row")
    if isinstance(value, str) and "\x00" in value.encode().decode():  # nor half a character
        raise ValueError("not a text of a row")
    field = _field(model, name)
    read = field.to_python(value)
    if isinstance(read, int) and not -(2**63) <= read < 2**63:
        raise ValueError("out of range")
    return read
