"""What a file is by its first bytes, whatever its name says: other kinds are refused by their names."""

from stores.importers.base import Sample, UnreadableFile

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"RIFF", "image"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"SQLite format 3\x00", "database"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
)
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
UTF_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")


def refuse_other_kinds(sample: Sample) -> None:
    """Raise UnreadableFile if the file is empty, or surely no text that we can read."""
    if not sample.head.strip():
        raise UnreadableFile("file_empty")
    if sample.head.startswith(UTF_32):
        raise UnreadableFile("encoding_unsupported", encoding="UTF-32")
    if sample.head.startswith(UTF_16):
        raise UnreadableFile("encoding_unsupported", encoding="UTF-16")
    kind = _kind(sample)
    if kind:
        raise UnreadableFile(f"file_is_{kind}")


def _kind(sample: Sample) -> str:
    kind = next((kind for magic, kind in MAGIC if sample.head.startswith(magic)), "")
    if kind == "zip" and (b"xl/" in sample.head or b"[Content_Types].xml" in sample.head):
        return "xlsx"
    if kind:
        return kind
    start = sample.head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    if start.startswith(b"<"):
        return "xml"
    if start.startswith((b"{", b"[")):
        return "json"
    return ""
