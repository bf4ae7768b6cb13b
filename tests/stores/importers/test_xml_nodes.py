"""XML that was made to break its readers: an exact answer, and no more memory than an item takes."""

import tracemalloc
from io import BytesIO, RawIOBase

import pytest

from stores.importers.base import UnreadableFile
from stores.importers.problems import MESSAGES
from stores.importers.xml_nodes import MAX_DEPTH, xml_nodes

START = b'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>\n'


class Endless(RawIOBase):
    """A file that repeats a piece without end."""

    def __init__(self, head, piece):
        self.head, self.piece, self.n_read = head, piece, 0

    def read(self, size=-1):
        data, self.head = (self.head or self.piece * (1 + size // len(self.piece))), b""
        self.n_read += len(data)
        return data

    def tell(self):
        return 0

    def seek(self, *place):
        return 0


def nodes(data):
    return list(xml_nodes(BytesIO(data), lambda name, depth: name == "item"))


def answer(stream):
    with pytest.raises(UnreadableFile) as caught:
        list(xml_nodes(stream, lambda name, depth: name == "item", "utf-8"))
    assert caught.value.code in MESSAGES
    return caught.value.code, caught.value.row


def test_items_come_with_namespace_line_and_parts():
    (item,) = nodes(
        START + b'<item a="1"><g:id>7<b/></g:id>x<![CDATA[<y>]]></item></channel></rss>'
    )
    assert (item.name, item.line, item.attributes, item.text) == ("item", 2, {"a": "1"}, "x<y>")
    assert (item.children[0].name, item.children[0].space[-3:]) == ("id", "1.0")
    assert item.children[0].children[0].name == "b"


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd">',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
        '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
    ],
)
def test_a_document_type_is_refused_before_anything_is_fetched(declaration):
    data = declaration.encode() + START + b"<item>&x;</item></channel></rss>"
    assert answer(BytesIO(data)) == ("xml_doctype", 1)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("xml_cut_off", 1)),
        (START + b"<item><g:id>1", ("xml_cut_off", 2)),
        (START + b"<item>\n<g:id>1</g:ID></item>", ("xml_broken", 3)),
        (START + b"<item>&undeclared;</item></channel></rss>", ("xml_broken", 2)),
        (START + b"\n<item>\xff</item>", ("xml_wrong_bytes", 1)),
        (b"<a>" * (MAX_DEPTH + 1), ("xml_too_deep", 1)),
        (b"no xml", ("xml_broken", 1)),
    ],
)
def test_broken_xml_is_reported_with_its_line(data, expected):
    assert answer(BytesIO(data)) == expected


@pytest.mark.parametrize(
    ("head", "piece", "code"),
    [
        (START + b"<item><g:id>", b"x" * 1000, "xml_too_long"),
        (START + b"<item>", b"<b/>", "xml_too_many_elements"),
        (START + b"<item ", b"x", "xml_too_long"),
        (START + b'<item a="', b"x", "xml_too_long"),
        (START + b"<!--", b"x", "xml_too_long"),
        (START + b"<item><![CDATA[", b"x" * 1000, "xml_too_long"),
    ],
)
def test_what_has_no_end_is_given_up_early(head, piece, code):
    stream = Endless(head, piece)
    assert answer(stream)[0] == code
    assert stream.n_read < 8_000_000


def test_memory_does_not_grow_with_the_file():
    item = b"<item><g:id>1</g:id><g:title>Mug</g:title>" + b"<g:d>text</g:d>" * 20 + b"</item>"
    peaks = []
    for n in (500, 10_000):
        stream = BytesIO(START + item * n + b"</channel></rss>")
        tracemalloc.start()
        found = sum(1 for _ in xml_nodes(stream, lambda name, depth: name == "item"))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found == n
    assert peaks[1] < 1.5 * peaks[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030", "windows-1252", "big5"])
def test_the_encoding_that_the_file_names_is_taken(encoding):
    text = "Café" if encoding == "windows-1252" else "中文"
    named = "utf-8" if encoding == "utf-8-sig" else encoding
    data = f'<?xml version="1.0" encoding="{named}"?><a><item>{text}</item></a>'.encode(encoding)
    assert nodes(data)[0].text == text


def test_an_unknown_encoding_is_named():
    with pytest.raises(UnreadableFile) as caught:
        nodes(b'<?xml version="1.0" encoding="klingon"?><a/>')
    assert (caught.value.code, caught.value.params) == (
        "encoding_unsupported",
        {"encoding": "klingon"},
    )
