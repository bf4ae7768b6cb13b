"""What a file is by its first bytes, whatever its name says: other kinds are refused by their names."""

import re
from typing import BinaryIO

from stores.importers.base import UnreadableFile

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
LOOK_BYTES = 64 * 1024 * 1024
BLOCK_BYTES = 1024 * 1024
MAGIC: tuple[tuple[bytes, str], ...] = (
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
    (b"MZ\x90\x00", "program"),
)
# The answer of a shop: its products stand in a list, among what else it says.
LIST_INSIDE = re.compile(r'"(?:results|products|items|data)"\s*:\s*\[\s*(?:\{|\]|$)')
# A page saved in part does not begin like one.
HTML = ("<html", " itemscope", "<body", "application/ld+json")


ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def is_zip(head: bytes) -> bool:
    """Whether the file is an archive, as workbooks are."""
    return head.startswith(ZIP)


def refuse_other_kinds(head: bytes, stream: BinaryIO) -> None:
    """Raise UnreadableFile if the file is empty, or surely nothing that has products."""
    if not head.strip():
        raise UnreadableFile("file_empty")
    kind = next((kind for magic, kind in MAGIC if head.startswith(magic)), "")
    if kind == "xls" and _is_encrypted(stream):
        raise UnreadableFile("file_is_encrypted")
    if kind:
        raise UnreadableFile(f"file_is_{kind}")


def _is_encrypted(stream: BinaryIO) -> bool:
    """Excel puts an encrypted workbook into an old container; the list of its parts names it."""
    stream.seek(0)
    before = b""
    for _ in range(LOOK_BYTES // BLOCK_BYTES):
        block = stream.read(BLOCK_BYTES)
        if ENCRYPTED_PACKAGE in before + block:
            return True
        before = block[-len(ENCRYPTED_PACKAGE) :]
        if not block:
            break
    return False


def kind_of_text(text: str) -> str:
    """table, xml, html, json or jsonl, by the beginning of the text."""
    start = text.lstrip("\ufeff \t\r\n\v\f").lower()
    if start.startswith(("<!doctype html", "<html")):
        return "html"
    if start.startswith("<"):
        return "html" if any(mark in start[:4_000] for mark in HTML) else "xml"
    if start.startswith("["):
        return "json"
    if start.startswith("{"):
        return _kind_of_json(start)
    return "table"


def _kind_of_json(start: str) -> str:
    """JSON Lines have an object in each line, so that the first line ends with its brace."""
    first = start.split("\n", 1)[0].rstrip()
    if len(first) == len(start.rstrip()):
        return "json" if LIST_INSIDE.search(first[:500]) else "jsonl"
    return "jsonl" if first.endswith("}") else "json"
