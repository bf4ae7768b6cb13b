"""In which encoding a text is stored: said by the file, or recognised from its bytes."""

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

import chardet

from stores.importers.base import UnreadableFile

BOMS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# What is read instead: the name that files bear is often that of a part of what they hold.
WIDER = {
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "big5hkscs": "big5",
    "cp950": "big5",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
    "iso8859-8": "cp1255",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
# Encodings of host names and program texts: slow, or unable to mark what they cannot read.
NOT_OF_FILES = frozenset(["idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7"])
CODECS = {"big5": "big5hkscs"}
# Those that shops' programs write. More would only be more to mistake a short text for.
MULTI_BYTE = ("gb18030", "big5hkscs", "cp932", "euc-jp", "cp949")
CANDIDATES = (
    *MULTI_BYTE,
    *("cp874",),
    *(f"cp125{n}" for n in range(9)),
    *("koi8-r", "koi8-u", "iso-8859-2", "iso-8859-5", "iso-8859-7"),
)
OF_LANGUAGE = {
    **{"zh": "gb18030", "zh-tw": "big5", "zh-hant": "big5", "zh-hk": "big5"},
    **{"ja": "cp932", "ko": "cp949", "th": "cp874", "vi": "cp1258"},
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk"), "cp1251"),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "ro", "sq", "bs"), "cp1250"),
    **{"el": "cp1253", "tr": "cp1254", "az": "cp1254", "he": "cp1255", "ar": "cp1256"},
    **dict.fromkeys(("lt", "lv", "et"), "cp1257"),
}
SURE = 0.1
POSSIBLE = 0.1
WORDLIKE_SHARE = 0.8
LONGEST_RUN = 20
LOOK_BYTES = 16 * 1024 * 1024
BLOCK_BYTES = 1024 * 1024
EVIDENCE_BYTES = 64 * 1024
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})|<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_TYPOGRAPHY = "’‘“”„‚–—…•€£©®™°½¼¾²³×«»¿¡·§\xa0"
_LATIN = frozenset(["cp1250", "cp1252", "cp1254", "cp1257", "iso8859-2"])
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_WORDLIKE = re.compile(rf"[{_TYPOGRAPHY}]*(\w?[^\W\d_A-Z]{{0,4}}|\w{{0,4}})[{_TYPOGRAPHY}]*")


@dataclass(frozen=True, slots=True)
class Encoding:
    """name: as people know it, see `codec_of`. is_certain: not merely the likeliest one."""

    name: str
    is_certain: bool = True


def codec_of(name: str) -> str:
    """What Python calls the encoding that is read under this name."""
    return CODECS.get(name, name)


def label_of(codec: str) -> str:
    """What people call an encoding."""
    name = next((name for name, python in CODECS.items() if python == codec), codec)
    return name.upper().replace("CP125", "Windows-125")


def named_encoding(name: str) -> Encoding:
    """The encoding that a person or a file names; raises UnreadableFile for one that is none."""
    try:
        found = codecs.lookup(name)
        if found.name in NOT_OF_FILES:
            raise LookupError(name)
        "".encode(name)
    except (LookupError, ValueError) as problem:
        raise UnreadableFile("encoding_unsupported", encoding=name[:40]) from problem
    return Encoding(WIDER.get(found.name, found.name))


def chosen_encoding(name: str, head: bytes) -> Encoding:
    """The encoding that a person has chosen for a file; raises UnreadableFile for one that is none.

    Without a mark, UTF-16 and UTF-32 have no order of their own: then it is the usual one.
    """
    found = named_encoding(name)
    is_marked = any(head.startswith(bom) for bom, marked in BOMS if marked == found.name)
    if found.name in ("utf-16", "utf-32") and not is_marked:
        return Encoding(f"{found.name}-le")
    return found


def recognised_encoding(head: bytes, stream: BinaryIO, locale: str) -> Encoding:
    """By a mark, by what the file says if it is XML or HTML, else from its bytes.

    Raises UnreadableFile for XML in an encoding that we do not know.

    stream: the whole file, for a long beginning without a single foreign letter. locale: of its
    texts, for when there are so few foreign letters that they could be of several encodings.
    """
    by_mark = next((name for bom, name in BOMS if head.startswith(bom)), "") or _wide(head)
    if by_mark:
        return Encoding(by_mark)
    said = _declared(head)
    if said is not None:
        return said
    return encoding_of(_foreign_part(head, stream), locale)


def encoding_of(data: bytes, locale: str = "en") -> Encoding:
    """Of bytes without a mark. UTF-8 wherever most lines with foreign letters are UTF-8.

    So a single broken line of a UTF-8 file is reported and does not spoil all the others.
    """
    foreign = [line for line in data.split(b"\n") if not line.isascii()]
    n_utf8 = sum(map(_is_utf8, foreign))
    if n_utf8 == len(foreign) or n_utf8 > len(foreign) / 2:
        return Encoding("utf-8")
    lines = b"\n".join(foreign)
    name = _surely(data) or _surely(lines) or _surely_apart_from_a_few(foreign)
    return Encoding(name or _likeliest(lines, locale), is_certain=False)


def _surely(data: bytes) -> str:
    best = chardet.detect(data, include_encodings=CANDIDATES)
    if best["encoding"] is None or best["confidence"] < SURE:
        return ""
    name = named_encoding(best["encoding"]).name
    return name if _reads_like_words(data, name, WORDLIKE_SHARE) else ""


def _surely_apart_from_a_few(lines: list[bytes]) -> str:
    """Broken lines of a Chinese file must not make it a Western one."""
    for name in MULTI_BYTE:
        whole = [line for line in lines if _is_in(line, name)]
        if 0.9 * len(lines) <= len(whole) < len(lines):
            found = _surely(b"\n".join(whole))
            if codec_of(found) == name:
                return found
    return ""


def _likeliest(data: bytes, locale: str) -> str:
    """Among those that few letters leave: the usual one for the language, if it is possible at all."""
    found = chardet.detect_all(data, include_encodings=CANDIDATES, ignore_threshold=True)
    found = [one for one in found if one["encoding"]]
    names = {named_encoding(str(one["encoding"])).name: one["confidence"] for one in found}
    possible = {name: chance for name, chance in names.items() if _reads_like_words(data, name)}
    if not possible:
        return next(iter(names), "cp1252")
    language = locale.lower()
    usual = OF_LANGUAGE.get(language) or OF_LANGUAGE.get(language.split("-")[0], "cp1252")
    best = max(possible, key=lambda name: possible[name])
    return usual if possible.get(usual, 0) >= POSSIBLE * possible[best] else best


def _reads_like_words(data: bytes, name: str, share: float = 1.0) -> bool:
    """Whether Latin letters stand as in words: Chinese read so is full of signs and odd capitals."""
    if name not in _LATIN:
        return True
    runs = _FOREIGN.findall(data.decode(codec_of(name), errors="replace"))
    n_wordlike = sum(len(r) <= LONGEST_RUN and _WORDLIKE.fullmatch(r) is not None for r in runs)
    return n_wordlike >= share * len(runs)


def _is_in(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError as problem:
        # The last line of a sample may end in the middle of a letter.
        return problem.reason == "unexpected end of data"
    return True


def _foreign_part(head: bytes, stream: BinaryIO) -> bytes:
    """The head if it has foreign letters, or else the lines from where the first of them stands."""
    if not head.isascii():
        return head
    stream.seek(len(head))
    for _ in range(LOOK_BYTES // BLOCK_BYTES):
        block = stream.read(BLOCK_BYTES)
        if not block:
            break
        if not block.isascii():
            found = _NOT_ASCII.search(block)
            start = block.rfind(b"\n", 0, found.start() if found else 0) + 1
            return block[start : start + EVIDENCE_BYTES]
    return b""


def _wide(head: bytes) -> str:
    """UTF-16 and UTF-32 without a mark, where every delimiter and line end has NUL bytes."""
    if b"\0" not in head:
        return ""
    odd, even = head[1::2].count(0), head[::2].count(0)
    names = ["utf-32-le", "utf-32-be"]
    if min(odd, even) <= max(odd, even) / 10:
        names.append("utf-16-le" if odd > even else "utf-16-be")
    return next((name for name in names if _is_text_in(head, name)), "")


def _is_text_in(head: bytes, name: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(name)().decode(head)
    except UnicodeDecodeError:
        return False
    return "\0" not in text and ("\n" in text or "\r" in text)


def _declared(head: bytes) -> Encoding | None:
    start = head[:2_000].lstrip()
    found = _DECLARED.search(start) if start.startswith(b"<") else None
    if found is None:
        return None
    try:
        said = named_encoding((found[1] or found[2]).decode("ascii"))
    except UnreadableFile:
        if found[1]:
            raise
        # Pages name encodings that no browser knows either.
        return None
    # A page that we can read as ASCII so far is not in UTF-16, whatever it says.
    return Encoding("utf-8") if said.name.startswith(("utf-16", "utf-32")) else said
