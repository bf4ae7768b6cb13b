"""Doing two things at once: Python works on the next chunk while PostgreSQL writes this one."""

import gc
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
SWITCH_SECONDS = 0.0005
NEW_OBJECTS = 50_000
PATIENCE_SECONDS = 10


@contextmanager
def hard_work() -> Iterator[ThreadPoolExecutor]:
    """A second thread, and an interpreter set for loops over very many small objects.

    Looking for cycles among everything that Django has loaded took a fifth of an import's time, and
    a thread that returns from the database waited five milliseconds for its turn.
    """
    threshold, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *threshold[1:])
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        with ThreadPoolExecutor(1) as pool:
            yield pool
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*threshold)
        gc.unfreeze()


def one_ahead(
    pool: ThreadPoolExecutor, source: Iterator[T], meanwhile: Callable[[], None] | None = None
) -> Iterator[T]:
    """What the iterator gives; the next one is worked out in the pool while this one is used.

    meanwhile: as in `awaited`; some formats look through the whole file before their first product.
    """
    waiting: Future[tuple[T, ...]] = pool.submit(_next, source)
    try:
        while found := awaited(waiting, meanwhile):
            waiting = pool.submit(_next, source)
            yield found[0]
    finally:
        waiting.cancel()


def awaited(waiting: Future[T], meanwhile: Callable[[], None] | None) -> T:
    """The result of the future. meanwhile: called every few seconds until it is there."""
    while meanwhile is not None and not waiting.done():
        wait([waiting], timeout=PATIENCE_SECONDS)
        if not waiting.done():
            meanwhile()
    return waiting.result()


def _next(source: Iterator[T]) -> tuple[T, ...]:
    """One item, or nothing at the end: a future must not raise StopIteration."""
    for found in source:
        return (found,)
    return ()
