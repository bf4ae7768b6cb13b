"""Files that want too much memory or time, or are not what they seem: bounded, and a precise answer."""

import gc
import time
import tracemalloc
from io import BytesIO, RawIOBase

import pytest

from stores.importers.base import UnreadableFile
from stores.importers.encodings import encoding_of
from stores.importers.problems import MESSAGES
from stores.importers.registry import importer_for
from stores.importers.source import Source
from tests.stores.files import OPTIONS, parse

MIB = 1024 * 1024


class Endless(RawIOBase):
    """A file of a gigabyte that begins with `start` and goes on with one byte; it counts its reads."""

    def __init__(self, start, filler=b"x", size=1024 * MIB):
        self.start, self.filler, self.size = start, filler, size
        self.place = self.furthest = 0

    def seekable(self):
        return True

    def readable(self):
        return True

    def seek(self, offset, whence=0):
        self.place = offset
        return offset

    def tell(self):
        return self.place

    def read(self, size=-1):
        assert 0 < size <= 16 * MIB
        size = min(size, self.size - self.place)
        data = self.start[self.place : self.place + size]
        self.place += size
        self.furthest = max(self.furthest, self.place)
        return data + self.filler * (size - len(data))


def rows_of(stream):
    source = Source(stream, "products.csv", OPTIONS)
    importer = importer_for(source)
    return list(importer.read(source, OPTIONS)) if importer else list(source.table().rows())


@pytest.mark.parametrize(
    ("start", "filler", "code"),
    [
        (b'Handle,Title\nmug,"', b"x", "line_too_long"),
        (b'Handle,Title\nmug,"', b"x\n", "cell_too_long"),
        (b"Handle,Title\nmug,", b",", "line_too_long"),
        (b"Handle,Title\nmug,", b"\0", "line_too_long"),
        (b"Handle,Title\nmug,", b"\xe4", "line_too_long"),
        (b"", b",", "line_too_long"),
        (b"", b'"', "line_too_long"),
        (b"\xff\xfeH\0,\0T\0\n\0", b"x", "line_too_long"),
    ],
)
def test_a_gigabyte_in_one_cell_is_refused_after_a_few_megabytes(start, filler, code):
    stream = Endless(start, filler[:1]) if len(filler) == 1 else Lines(start)
    gc.collect()
    tracemalloc.start()
    started = time.monotonic()
    with pytest.raises(UnreadableFile) as caught:
        rows_of(stream)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.code == code
    assert stream.furthest < 18 * MIB
    assert peak < 40 * MIB
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    "start",
    [
        b'{"title":"',
        b'[{"title":"',
        b'{"products":[{"title":"',
        b'{"a":1}\n[',
        b'<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel><item><title>',
        b'<?xml version="1.0"?><products><product><name a="',
        b"<html><body itemscope>",
    ],
)
def test_a_gigabyte_in_other_kinds_of_files_is_refused_as_soon(start):
    stream = Endless(start)
    with pytest.raises(UnreadableFile) as caught:
        rows_of(stream)
    assert caught.value.code in MESSAGES
    assert stream.furthest < 18 * MIB


class Lines(Endless):
    """A quoted cell that goes on over short lines."""

    def read(self, size=-1):
        data = super().read(size)
        return data.replace(b"x" * 100, b"x" * 99 + b"\n")


def test_a_line_of_ten_million_columns_is_refused():
    with pytest.raises(UnreadableFile) as caught:
        parse(b"Handle,Title\nmug,Mug" + b"," * 10_000_000 + b"\n")
    assert caught.value.code == "line_too_long"


@pytest.mark.parametrize("header", [b",", b"a,", b";", b"\t", b"'", b'"a"', b"\x80", b"\0,"])
def test_a_head_of_noise_is_answered_quickly(header):
    for tail in (b"", b"\n1\n"):
        data = header * (200_000 // len(header)) + tail
        started = time.monotonic()
        with pytest.raises(UnreadableFile) as caught:
            rows_of(BytesIO(data))
        assert caught.value.code in MESSAGES
        assert time.monotonic() - started < 10


def test_recognising_an_encoding_takes_no_longer_for_hostile_bytes():
    for data in (b"\x95" * 65536, b"\x95" * 60000 + b"\xc1", b"\xa4\xa4" * 32768, b"\xe9 " * 32768):
        started = time.monotonic()
        encoding_of(data)
        assert time.monotonic() - started < 10


def test_nul_and_lone_surrogates_in_wide_texts_are_reported():
    text = "Handle,Title\nmug,M\0ug\n"
    _, products = parse(text.encode("utf-16"))
    assert [p.code for p in products[0].problems] == ["nul_character"]
    lone = "Handle,Title\nmug,".encode("utf-16") + b"\x00\xd8" + "ug\n".encode("utf-16-le")
    with pytest.raises(UnreadableFile) as caught:
        parse(lone)
    assert (caught.value.code, caught.value.row) == ("not_in_encoding", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "gb18030"])
def test_a_file_cut_anywhere_gives_whole_rows_or_a_reason(encoding):
    text = 'Handle,Title\nmug,"Mug, ""grün"" 青"\npot,Pot\n'
    data = text.encode(encoding)
    for size in range(len(data)):
        try:
            _, products = parse(data[:size])
        except (UnreadableFile, AssertionError):
            continue
        assert products[0].handle == "mug" or products[0].problems


def test_a_header_alone_has_no_products():
    for data in (b"Handle,Title\n", "Handle,Title".encode("utf-16"), b"a;b;c\r\n\r\n;;\r\n"):
        with pytest.raises(UnreadableFile) as caught:
            rows_of(BytesIO(data))
        assert caught.value.code == "no_products"
