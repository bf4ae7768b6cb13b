"""How many files are read in the wrong encoding: the numbers of docs/decisions/0009 and no more."""

from contextlib import suppress
from dataclasses import replace
from encodings.aliases import aliases
from io import BytesIO

import pytest

from stores.importers.base import UnreadableFile
from stores.importers.encodings import codec_of, encoding_of, recognised_encoding
from stores.importers.registry import importer_for
from stores.importers.source import Source
from tests.stores.files import OPTIONS, parse
from tests.stores.importers.encoded import (
    CATALOGUES,
    UNICODE,
    WORDS,
    catalogue,
    english_with_words,
    old_encoding,
)

FOLDERS = {
    "Big5": "big5hkscs",
    "GB2312": "gb18030",
    "UTF-16": "utf-16",
    "UTF-16BE": "utf-16-be",
    "UTF-16LE": "utf-16-le",
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "windows-1252": "cp1252",
}


def text_of(data, locale="en"):
    """The data as they are read."""
    found = recognised_encoding(data[:65536], BytesIO(data), locale)
    return data.decode(codec_of(found.name), errors="replace").removeprefix("\ufeff")


def read(data, **options):
    source = Source(BytesIO(data), "x.csv", replace(OPTIONS, **options))
    table = source.table()
    return source.reading, [list(table.header), *(cells for _, cells in table.rows())]


@pytest.mark.parametrize(("clip", "n_wrong"), [(None, 0), (1000, 4), (300, 0)])
def test_files_that_others_collected_are_read_with_few_errors(shared_data, clip, n_wrong):
    wrong, n_files = [], 0
    for folder, truth in FOLDERS.items():
        for path in (shared_data / "malformed_security" / "encodings-chardet" / folder).iterdir():
            data = path.read_bytes()[:clip]
            n_files += 1
            # What the files say of themselves is taken out of sight.
            unsaid = data.replace(b"encoding=", b"________=").replace(b"charset", b"_______")
            expected = unsaid.decode(truth, errors="replace").removeprefix("\ufeff")
            wrong += [path.name] if text_of(unsaid) != expected else []
    assert n_files == 77
    # The heads of four files have one or two foreign characters only.
    assert len(wrong) == n_wrong, wrong


@pytest.mark.parametrize("n_products", [1, 3, 10, 50])
def test_catalogues_of_one_language_are_read_without_a_single_error(n_products):
    wrong = []
    for language, (*_, encodings) in CATALOGUES.items():
        for encoding in (*encodings, *UNICODE):
            for seed in range(3):
                text = catalogue(language, n_products, seed)
                if text_of(text.encode(encoding), language) != text:
                    wrong.append((language, encoding, seed))
    assert wrong == []


@pytest.mark.parametrize(("knows_language", "n_wrong"), [(True, 8), (False, 120)])
def test_a_few_foreign_words_are_mostly_read_right_where_the_language_is_known(
    knows_language, n_wrong
):
    wrong, n_files = [], 0
    for language in WORDS:
        for n_words in (1, 2, 4):
            for seed in range(8):
                encoding = old_encoding(language)
                text = english_with_words(language, n_words, seed)
                n_files += 1
                if text_of(text.encode(encoding), language if knows_language else "en") != text:
                    wrong.append((language, n_words, seed))
    assert n_files == 240
    assert len(wrong) == n_wrong


@pytest.mark.parametrize(
    ("name", "is_certain"), [("utf-8", True), ("utf-16", True), ("gb18030", False)]
)
def test_a_guess_is_called_one(name, is_certain):
    reading, _ = read(catalogue("zh", 10).encode(name))
    assert (reading.encoding, reading.is_certain) == (name, is_certain)


def test_a_person_overrules_what_is_recognised():
    data = catalogue("pl", 3).encode("iso-8859-2")
    assert read(data, encoding="iso-8859-2")[0].encoding == "iso8859-2"
    assert read(data, encoding="iso-8859-2")[1][0] == ["Kod", "Nazwa", "Cena", "Opis"]
    with pytest.raises(UnreadableFile) as caught:
        read(data, encoding="rot13")
    assert (caught.value.code, caught.value.params) == (
        "encoding_unsupported",
        {"encoding": "rot13"},
    )


def test_what_python_calls_an_encoding_but_no_file_is_in_is_refused():
    for name in ("idna", "punycode", "unicode_escape", "utf_7", "base64", "undefined", "x\0", ""):
        try:
            read(b"a,b\n1,\xff\xc3\n", encoding=name)
        except UnreadableFile as problem:
            assert problem.code == "encoding_unsupported"  # noqa: PT017 (an empty name is none)
        else:
            assert name == ""


def test_every_other_encoding_of_python_reads_or_reports():
    for name in sorted(set(aliases.values())):
        with suppress(UnreadableFile):
            read(b"a,b\n1,\xff\xc3\n2,3\n", encoding=name)


def test_the_wider_encoding_is_read_where_a_narrow_one_is_named():
    for narrow, text in (("gb2312", "嘅"), ("iso-8859-1", "€"), ("big5", "碁")):
        wide = {"gb2312": "gb18030", "iso-8859-1": "cp1252", "big5": "big5hkscs"}[narrow]
        assert read(f"a,b\n1,{text}\n".encode(wide), encoding=narrow)[1][1] == ["1", text]


def test_a_mark_is_no_part_of_the_first_column():
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert read("a,b\n1,é\n".encode(encoding))[1] == [["a", "b"], ["1", "é"]]
    assert read("\ufeffa,b\n1,é\n".encode("utf-16-le"), encoding="utf-16-le")[1][0] == ["a", "b"]


def test_a_long_beginning_in_ascii_does_not_hide_the_encoding():
    rows = "".join(f"p-{n},Mug,a mug of stoneware\n" for n in range(20_000))
    data = ("Handle,Title,Vendor\n" + rows + catalogue("zh", 10)).encode("gb18030")
    assert read(data)[0].encoding == "gb18030"


def test_one_broken_line_in_a_utf8_file_is_reported_and_not_read_otherwise():
    data = "Handle,Title\na,Café\nb,Thé\nc,Größe\n".encode() + b"d,Caf\xe9\n"
    with pytest.raises(UnreadableFile) as caught:
        parse(data)
    assert (caught.value.code, caught.value.row) == ("not_utf8", 5)


def test_wrong_bytes_of_another_encoding_are_reported_with_their_row():
    data = catalogue("zh", 30).encode("gb18030") + b"P-1,\xff\xff,1,x\r\n"
    with pytest.raises(UnreadableFile) as caught:
        read(data)
    assert (caught.value.code, caught.value.row) == ("not_in_encoding", 32)
    assert caught.value.params == {"encoding": "GB18030"}


def test_xml_and_pages_are_believed_what_they_say_of_their_encoding():
    page = '<html><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><p>镕</p>'
    feed = '<?xml version="1.0" encoding="windows-1250"?><rss><title>ż</title></rss>'
    for data, name in ((page.encode("gb18030"), "gb18030"), (feed.encode("cp1250"), "cp1250")):
        assert Source(BytesIO(data), "x", OPTIONS).reading.encoding == name


def test_an_encoding_that_nobody_knows_matters_for_xml_only():
    page = Source(BytesIO(b'<html><meta charset="klingon"><p>x</p>'), "x", OPTIONS)
    assert page.reading.encoding == "utf-8"
    with pytest.raises(UnreadableFile) as caught:
        _ = Source(BytesIO(b'<?xml version="1.0" encoding="klingon"?><a/>'), "x", OPTIONS).kind
    assert (caught.value.code, caught.value.params["encoding"]) == (
        "encoding_unsupported",
        "klingon",
    )


def test_any_bytes_have_an_encoding():
    for data in (b"\xff", b"\x80\x81", bytes(range(256)), b"\0\xff" * 99, b"\xfe\xff\xd8"):
        assert encoding_of(data, "zh").name
        with pytest.raises(UnreadableFile):
            importer_for(Source(BytesIO(data), "x.csv", OPTIONS))
