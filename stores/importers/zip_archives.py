"""What is inside of a ZIP archive, judged before anything of it is unpacked."""

import zipfile
from typing import BinaryIO

from stores.importers.base import UnreadableFile

MAX_ENTRIES = 5_000
MAX_UNPACKED_BYTES = 600 * 1024 * 1024
MAX_PART_BYTES = 300 * 1024 * 1024
# Parts that are held in memory whole: texts that many cells share, styles, relations.
MAX_HELD_BYTES = 100 * 1024 * 1024
MAX_RATIO = 250
HARMLESS_BYTES = 20 * 1024 * 1024
ENCRYPTED = 0x1
_OTHERS = (
    ("xl/workbook.bin", "file_is_xlsb"),
    ("word/document.xml", "file_is_document"),
    ("ppt/presentation.xml", "file_is_document"),
    ("Index/Document.iwa", "file_is_numbers"),
)


def check_workbook(stream: BinaryIO) -> None:
    """Raise UnreadableFile for an archive that is no Excel workbook, or that unpacks to too much."""
    try:
        with zipfile.ZipFile(stream) as archive:
            _check(archive)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as problem:
        raise UnreadableFile("workbook_broken") from problem


def _check(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise UnreadableFile("file_is_encrypted")
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableFile("file_is_ods")
    for name, code in _OTHERS:
        if name in names:
            raise UnreadableFile(code)
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise UnreadableFile("file_is_zip")
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    is_bomb = unpacked > HARMLESS_BYTES and unpacked > MAX_RATIO * max(packed, 1)
    if is_bomb or len(parts) > MAX_ENTRIES or unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableFile("workbook_too_large", limit=MAX_UNPACKED_BYTES // (1024 * 1024))
    for part in parts:
        is_sheet = part.filename.startswith("xl/worksheets/")
        limit = MAX_PART_BYTES if is_sheet else MAX_HELD_BYTES
        if part.filename.endswith((".xml", ".rels")) and part.file_size > limit:
            raise UnreadableFile("workbook_too_large", limit=limit // (1024 * 1024))
