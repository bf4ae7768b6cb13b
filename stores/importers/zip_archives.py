"""What is inside of a ZIP archive, judged before anything of it is unpacked."""

import re
import zipfile
from typing import BinaryIO

from stores.importers.base import UnreadableFile

MAX_ENTRIES = 5_000
MAX_UNPACKED_BYTES = 600 * 1024 * 1024
MAX_PART_BYTES = 300 * 1024 * 1024
# Parts that are held in memory whole: all but worksheets.
MAX_HELD_BYTES = 100 * 1024 * 1024
MAX_RATIO = 250
HARMLESS_BYTES = 20 * 1024 * 1024
ENCRYPTED = 0x1
_SHEET = re.compile(r"xl/worksheets/[^/]+")
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
            _check(stream, archive)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as problem:
        raise UnreadableFile("workbook_broken") from problem


def _check(stream: BinaryIO, archive: zipfile.ZipFile) -> None:
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
    if any(part.file_size > MAX_PART_BYTES for part in parts):
        raise UnreadableFile("workbook_too_large", limit=MAX_PART_BYTES // (1024 * 1024))
    large = {part.filename for part in parts if part.file_size > MAX_HELD_BYTES}
    if large and not _are_streamed(stream, large):
        raise UnreadableFile("workbook_too_large", limit=MAX_HELD_BYTES // (1024 * 1024))


def _are_streamed(stream: BinaryIO, names: set[str]) -> bool:
    """Whether openpyxl reads these row by row: as worksheets, and as nothing else besides.

    It finds the texts that cells share by their content type, whatever the part is called.
    """
    if not all(_SHEET.fullmatch(name) for name in names):
        return False
    # It would slow down the start of every process.
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.xml.constants import WORKSHEET_TYPE

    try:
        reader = ExcelReader(stream, read_only=True, keep_links=False)
        reader.read_manifest()
        declared = reader.package.Override
        if any(one.PartName[1:] in names and one.ContentType != WORKSHEET_TYPE for one in declared):
            return False
        reader.read_workbook()
        sheets = [relation for _sheet, relation in reader.parser.find_sheets()]
    except Exception as problem:
        # openpyxl raises whatever it stumbles over.
        raise UnreadableFile("workbook_broken") from problem
    held = {relation.target for relation in sheets if "chartsheet" in relation.Type}
    return names <= {relation.target for relation in sheets} - held
