"""Whose rows this thread of work may touch. Lock one reads it; the database backend hands it to lock two."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_merchant_id: ContextVar[int | None] = ContextVar("merchant_id", default=None)


class ScopeError(RuntimeError):
    """Rows of merchants were asked for outside a merchant's scope, or outside a transaction."""


@contextmanager
def merchant_scope(merchant_id: int) -> Iterator[None]:
    """Limit everything inside to one merchant. Opens no transaction: the caller decides how long one is."""
    token = _merchant_id.set(int(merchant_id))
    try:
        yield
    finally:
        _merchant_id.reset(token)


def current_merchant_id() -> int | None:
    """The merchant in scope, or None."""
    return _merchant_id.get()


def require_merchant_id() -> int:
    """The merchant in scope; raises ScopeError if there is none."""
    merchant_id = _merchant_id.get()
    if merchant_id is None:
        raise ScopeError("no merchant in scope: use merchant_scope(merchant_id)")
    return merchant_id
