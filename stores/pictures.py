"""What a picture is, told by its first bytes; nothing is decoded, so that no bomb goes off."""

import struct
from dataclasses import dataclass
from io import BytesIO

import imagesize

MAX_SIDE = 2**31 - 1
SVG_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Picture:
    """width, height: in pixels, None where the first bytes do not tell."""

    format: str
    width: int | None = None
    height: int | None = None


def picture_of(head: bytes) -> Picture | None:
    """The picture that begins with these bytes; None if they begin none."""
    kind = _format(head)
    if kind is None or kind == "svg":
        return Picture(kind) if kind else None
    try:
        width, height = imagesize.get(BytesIO(head))
    except (ValueError, OSError, EOFError, struct.error, OverflowError, IndexError, TypeError):
        return Picture(kind)
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        return Picture(kind)
    return Picture(kind, int(width), int(height))


def _format(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis", b"heic", b"heix", b"mif1"):
        return "avif" if head[8:10] == b"av" else "heif"
    if head[:4] in (b"II*\x00", b"MM\x00*"):
        return "tiff"
    if head[:2] == b"BM" and len(head) > 26:
        return "bmp"
    return "svg" if _is_svg(head[:SVG_BYTES].lower()) else None


def _is_svg(text: bytes) -> bool:
    is_markup = text.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return is_markup and b"<svg" in text and b"<html" not in text and b"doctype html" not in text
