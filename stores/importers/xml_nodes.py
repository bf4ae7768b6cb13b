"""Elements of an XML file, one at a time: nothing outside the file is fetched, nothing may grow without bounds."""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from stores.importers.base import MAX_CELL_CHARACTERS, UnreadableFile

PIECE_BYTES = 64 * 1024
MAX_DEPTH = 60
MAX_NODES = 20_000
MAX_TOKEN_BYTES = 4 * MAX_CELL_CHARACTERS
# What expat says where a file stops before its end.
CUT_OFF = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
_ENCODING = re.compile(rb"""<\?xml[^<>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(slots=True)
class Node:
    """An element. name: without its namespace, which is in `space`. line: where it starts."""

    name: str
    line: int
    space: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text, without that of its children."""
        return "".join(self.pieces).strip()


def xml_nodes(
    stream: BinaryIO, is_wanted: Callable[[str, int], bool], encoding: str = ""
) -> Iterator[Node]:
    """The outermost elements for whose name and depth `is_wanted` says so; the root has depth 1.

    encoding: overrules what the file says. Raises UnreadableFile for a document type declaration,
    broken or cut off XML, and for texts, depths and elements beyond what a product has.
    """
    encoding = encoding or encoding_of(stream)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    reader = _Reader(is_wanted)
    while True:
        data = stream.read(PIECE_BYTES)
        reader.feed(_decoded(decoder, data, reader.line), is_last=not data)
        yield from reader.finished
        reader.finished.clear()
        if not data:
            return


def encoding_of(stream: BinaryIO) -> str:
    """What the file says about its encoding; leaves the stream where it was."""
    place = stream.tell()
    head = stream.read(1024)
    stream.seek(place)
    found = _ENCODING.search(head)
    said = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    name = said or (found[1].decode("ascii") if found else "utf-8")
    try:
        return codecs.lookup(name).name
    except LookupError as problem:
        raise UnreadableFile("encoding_unsupported", encoding=name) from problem


def _decoded(decoder: codecs.IncrementalDecoder, data: bytes, line: int) -> bytes:
    try:
        return decoder.decode(data, final=not data).encode()
    except UnicodeError as problem:
        raise UnreadableFile("xml_wrong_bytes", row=line) from problem


class _Reader:
    """Builds the wanted elements; what lies outside them is passed over."""

    def __init__(self, is_wanted: Callable[[str, int], bool]) -> None:
        self.is_wanted = is_wanted
        self.finished: list[Node] = []
        self.open: list[Node] = []
        self.depth = self.n_nodes = self.n_characters = self.n_bytes = 0
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def feed(self, data: bytes, *, is_last: bool) -> None:
        """Raises UnreadableFile."""
        self.n_bytes += len(data)
        try:
            self.parser.Parse(data, is_last)
        except expat.ExpatError as problem:
            code = "xml_cut_off" if problem.code in CUT_OFF else "xml_broken"
            raise UnreadableFile(code, row=problem.lineno) from problem
        # A single tag that never ends would be collected by the parser, out of our sight.
        if self.n_bytes - self.parser.CurrentByteIndex > MAX_TOKEN_BYTES:
            raise UnreadableFile("xml_too_long", row=self.line, limit=MAX_CELL_CHARACTERS)

    def _doctype(self, *_declaration: object) -> None:
        raise UnreadableFile("xml_doctype", row=self.line)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnreadableFile("xml_too_deep", row=self.line, limit=MAX_DEPTH)
        space, _, name = tag.rpartition(" ")
        if not self.open and not self.is_wanted(name, self.depth):
            return
        node = Node(name, self.line, space, attributes)
        self._count(1, sum(map(len, attributes.values())))
        if self.open:
            self.open[-1].children.append(node)
        self.open.append(node)

    def _end(self, _tag: str) -> None:
        self.depth -= 1
        if self.open:
            node = self.open.pop()
            if not self.open:
                self.finished.append(node)
                self.n_nodes = self.n_characters = 0

    def _text(self, text: str) -> None:
        if self.open:
            self._count(0, len(text))
            self.open[-1].pieces.append(text)

    def _count(self, n_nodes: int, n_characters: int) -> None:
        self.n_nodes += n_nodes
        self.n_characters += n_characters
        if self.n_characters > MAX_CELL_CHARACTERS:
            raise UnreadableFile("xml_too_long", row=self.line, limit=MAX_CELL_CHARACTERS)
        if self.n_nodes > MAX_NODES:
            raise UnreadableFile("xml_too_many_elements", row=self.line, limit=MAX_NODES)
