import struct
import zlib

import pytest

from stores.pictures import picture_of


def png(width, height):
    """The beginning of a PNG that claims to be of this size."""
    data = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + data
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )


def gif(width, height):
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x00\x00\x00;"


def jpeg(width, height, before=b""):
    frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + before + b"\xff\xc0" + frame + b"\xff\xd9"


EXIF = b"\xff\xe1" + struct.pack(">H", 65_000) + b"x" * 64_998


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (png(640, 480), ("png", 640, 480)),
        (gif(1, 1), ("gif", 1, 1)),
        (jpeg(800, 600), ("jpeg", 800, 600)),
        (png(65_000, 65_000), ("png", 65_000, 65_000)),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', ("svg", None, None)),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a -->\n<svg>', ("svg", None, None)),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(head, expected):
    picture = picture_of(head)
    assert (picture.format, picture.width, picture.height) == expected


def test_a_picture_whose_size_stands_further_down_is_one_all_the_same():
    picture = picture_of(jpeg(800, 600, before=2 * EXIF)[: 64 * 1024])
    assert (picture.format, picture.width) == ("jpeg", None)


@pytest.mark.parametrize(
    "head", [png(640, 480)[:n] for n in (8, 12, 20)] + [jpeg(8, 8)[:n] for n in (3, 5, 9)]
)
def test_a_picture_that_was_cut_off_breaks_nothing(head):
    assert picture_of(head).width is None


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<!DOCTYPE html><html><svg></svg></html>",
        b"<html><body>404</body></html>",
        b"{}",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"BM",
        b"\x00" * 100,
        b"<?xml version='1.0'?><rss/>",
    ],
)
def test_what_is_no_picture_is_none(head):
    assert picture_of(head) is None
