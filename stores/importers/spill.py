"""Pieces of a file that belong further up, set aside on disk: memory stays small however many there are."""

import errno
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Self

CACHE_KIB = 8 * 1024
Piece = tuple[int, Any]


class Spill:
    """Values under keys, in the order in which they came; what SQLite calls a temporary database.

    Use it as a context. Raises OSError where the disk is full.
    """

    def __init__(self) -> None:
        # A service may take the next products in another thread than the first; never at once.
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("BEGIN")
        self._db.execute("CREATE TABLE pieces (key BLOB, n INTEGER, value TEXT)")
        self._db.execute("CREATE INDEX piece_by_key ON pieces (key, n)")
        self._db.execute("CREATE TABLE marks (key BLOB PRIMARY KEY) WITHOUT ROWID")
        self._n = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()

    def put(self, key: str, value: Any) -> None:
        """Set a value aside; it must be such that JSON keeps it."""
        self._n += 1
        row = (_bytes(key), self._n, json.dumps(value))
        self._run("INSERT INTO pieces VALUES (?, ?, ?)", row)

    def look(self, key: str, limit: int = 1) -> list[Any]:
        """The values of a key, at most so many; they stay."""
        query = "SELECT value FROM pieces WHERE key = ? ORDER BY n LIMIT ?"
        return [json.loads(value) for (value,) in self._run(query, (_bytes(key), limit))]

    def take(self, key: str, limit: int) -> list[Any]:
        """The values of a key, at most so many; they are gone then, all of them."""
        values = self.look(key, limit)
        if values:
            self._run("DELETE FROM pieces WHERE key = ?", (_bytes(key),))
        return values

    def left(self) -> Iterator[str]:
        """The keys whose values nobody has taken, in the order of their first values."""
        last = 0
        query = "SELECT key, min(n) AS first FROM pieces GROUP BY key HAVING first > ?"
        while found := self._run(f"{query} ORDER BY first LIMIT 1", (last,)).fetchone():
            last = found[1]
            yield str(found[0], "utf-8", "surrogatepass")

    def mark(self, key: str) -> bool:
        """Whether the key is marked for the first time."""
        return self._run("INSERT OR IGNORE INTO marks VALUES (?)", (_bytes(key),)).rowcount == 1

    def _run(self, statement: str, values: tuple[Any, ...]) -> sqlite3.Cursor:
        try:
            return self._db.execute(statement, values)
        except sqlite3.OperationalError as problem:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from problem


def _bytes(key: str) -> bytes:
    """Keys come from files, so that they may have halves of characters."""
    return key.encode("utf-8", "surrogatepass")


def gathered(
    read: Callable[[], Iterable[Piece]], key_of: Callable[[Piece], str], limit: int
) -> Iterator[list[Piece]]:
    """The pieces that share a key, wherever they stand, in the order of the first of each.

    read: gives the pieces from the beginning, each time it is called: numbers, and values such that
    JSON keeps them. A piece without a key stands alone. limit: how many pieces a key may have; one
    above it comes too, so that somebody sees that there are too many.
    """
    with Spill() as spill:
        for key, run in _runs(read(), key_of, limit):
            if key and not spill.mark(f"first {key}"):
                for piece in run:
                    spill.put(key, piece)
        for key, run in _runs(read(), key_of, limit):
            if not key or spill.mark(f"given {key}"):
                late = spill.take(key, limit) if key else []
                yield run + [(number, value) for number, value in late]


def _runs(
    pieces: Iterable[Piece], key_of: Callable[[Piece], str], limit: int
) -> Iterator[tuple[str, list[Piece]]]:
    """Pieces that stand together under one key."""
    run: list[Piece] = []
    last = ""
    for piece in pieces:
        key = key_of(piece)
        if run and (not key or key != last):
            yield last, run
            run = []
        last = key
        if len(run) <= limit:
            run.append(piece)
    if run:
        yield last, run
