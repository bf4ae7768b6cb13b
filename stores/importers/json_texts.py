"""JSON as files hold it: an object a line, or a list of objects, one at a time; strict and bounded."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, cast

from stores.importers.base import MAX_CELL_CHARACTERS, UnreadableFile
from stores.importers.column_names import storable

if TYPE_CHECKING:
    from stores.importers.source import Source

MAX_CHARACTERS = 4 * MAX_CELL_CHARACTERS
PIECE_CHARACTERS = 64 * 1024
MAX_DEPTH = 30
_SPACE = " \t\r\n"
# Where lists of products stand in the answers of shops.
LISTS = frozenset(["results", "products", "items", "data", "value", "list", "rows"])


class BadJson(ValueError):
    """code, params: in the words of `importers.problems`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@contextmanager
def opened_text(source: "Source") -> Iterator[TextIO]:
    """The text of a file whose bytes can be read again afterwards."""
    text = source.text()
    try:
        yield text
    finally:
        # A wrapper that is thrown away would close the file; one that is closed has nothing to give.
        with suppress(ValueError):
            cast(TextIOWrapper, text).detach()


def parse_json(text: str) -> Any:
    """The value; raises BadJson for what is no JSON, NaN, a name that comes twice, or is too deep."""
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as problem:
        raise BadJson("json_broken", position=problem.pos + 1) from problem
    except RecursionError as problem:
        raise BadJson("json_too_deep", limit=MAX_DEPTH) from problem
    except BadJson:
        raise
    except ValueError as problem:
        # A number of thousands of digits.
        raise BadJson("json_number") from problem
    return value


def json_lines(text: TextIO) -> Iterator[tuple[int, str]]:
    """The lines that hold something, with their numbers; raises UnreadableFile for an endless one."""
    number = 0
    while line := text.readline(MAX_CHARACTERS):
        number += 1
        if len(line) >= MAX_CHARACTERS:
            raise UnreadableFile("json_line_too_long", row=number, limit=MAX_CHARACTERS)
        if line.strip():
            yield number, line.strip()


def json_list(text: TextIO) -> Iterator[tuple[int, Any]]:
    """The objects of a list with the lines that they start in.

    The list is the whole file, or stands in its outermost object under one of LISTS; a single
    object is a list of one. Raises UnreadableFile, and BadJson never.
    """
    reader = _Reader(text)
    first = reader.peek()
    if first == "[":
        yield from reader.items()
        return
    if first != "{":
        raise UnreadableFile("json_broken", row=reader.line, position=1)
    head = reader.list_in_object()
    if head is None:
        yield from reader.items()
    else:
        yield 1, head


class _Reader:
    """A window on the text: no more of it is kept than one value takes."""

    def __init__(self, text: TextIO) -> None:
        self.text, self.buffer, self.at, self.line = text, "", 0, 1
        self.is_done = False

    def peek(self) -> str:
        """The next character that is no space, "" at the end."""
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in _SPACE:
                self.line += self.buffer[self.at] == "\n"
                self.at += 1
            if self.at < len(self.buffer) or not self._more():
                return self.buffer[self.at : self.at + 1]

    def items(self) -> Iterator[tuple[int, Any]]:
        """The values of the list that starts here."""
        self._take("[")
        if self.peek() == "]":
            return
        while True:
            self.peek()
            line = self.line
            yield line, self.value()
            if self.peek() == "]":
                return
            self._take(",")

    def list_in_object(self) -> dict[str, Any] | None:
        """Goes to the list of the object that starts here; the whole object if it has none."""
        found: dict[str, Any] = {}
        self._take("{")
        while self.peek() != "}":
            name = self.value()
            self._take(":")
            if self.peek() == "[" and name in LISTS:
                return None
            found[str(name)] = self.value()
            if self.peek() != "}":
                self._take(",")
        return found

    def value(self) -> Any:
        """The value that starts here; more is read until it is whole."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError:
                self._more_or_fail("json_broken")
            except BadJson as bad:
                raise UnreadableFile(bad.code, row=self.line, **bad.params) from bad
            except RecursionError as problem:
                raise UnreadableFile("json_too_deep", row=self.line, limit=MAX_DEPTH) from problem
            except ValueError as problem:
                raise UnreadableFile("json_number", row=self.line) from problem
            else:
                # A number at the very end may go on in what is not read yet.
                if end < len(self.buffer) or not self._more():
                    self.line += self.buffer.count("\n", self.at, end)
                    self.at = end
                    return value

    def _take(self, character: str) -> None:
        if self.peek() != character:
            self._fail("json_cut_off" if not self.peek() else "json_broken")
        self.at += 1

    def _more(self) -> bool:
        piece = "" if self.is_done else self.text.read(PIECE_CHARACTERS)
        self.is_done = not piece
        self.buffer, self.at = self.buffer[self.at :] + piece, 0
        return bool(piece)

    def _more_or_fail(self, code: str) -> None:
        if len(self.buffer) - self.at > MAX_CHARACTERS:
            raise UnreadableFile("json_line_too_long", row=self.line, limit=MAX_CHARACTERS)
        if not self._more():
            self._fail("json_cut_off" if code == "json_broken" and self._is_cut() else code)

    def _is_cut(self) -> bool:
        """Whether the fault is that the text ends."""
        try:
            json.loads(self.buffer[self.at :])
        except json.JSONDecodeError as problem:
            return problem.pos >= len(self.buffer) - self.at - 1 or "Unterminated" in problem.msg
        return False

    def _fail(self, code: str) -> NoReturn:
        raise UnreadableFile(code, row=self.line, position=1)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [storable(name) for name, _ in pairs]
    found = dict(zip(names, (value for _, value in pairs), strict=True))
    if len(found) < len(pairs):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadJson("json_name_twice", name=twice[:60])
    return found


def _constant(name: str) -> NoReturn:
    raise BadJson("json_constant", value=name)


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant)
