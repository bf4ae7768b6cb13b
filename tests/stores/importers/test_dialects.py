"""Tables however they are separated and quoted: read back as they were written."""

import csv
import json
import random
import re
import time
from contextlib import suppress
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stores.importers.base import UnreadableFile
from stores.importers.dialects import Dialect, header_row_of, line_end_of, recognised_dialect
from stores.importers.registry import importer_for
from stores.importers.source import Source
from tests.stores.files import OPTIONS

HEADERS = (
    ["sku", "name", "price", "brand", "description", "tags"],
    ["SKU", "Name (de;en)", "Price, EUR", "Brand | maker", "Description", "Tags (a,b,c)"],
    ["name", "price"],
)
NAMES = ("Stoneware mug", "Linen shirt, long", "Steel bottle 0.5 l", "Kids' boots", 'Board "Oak"')
NAMES += ("Rug; hand woven", "Tea | green", 'Lamp 12" round', "Größe 36,5 Schuh")
TEXTS = ("<p>A mug, hand made; holds 380 ml.</p>", "Soft, light: for spring; for autumn.")
TEXTS += ("<ul><li>one</li><li>two</li></ul>", 'Say "hello" to tea.', "It's warm, it's soft.")
TEXTS += ("First line.\nSecond line, with a comma.", "", "Plain words only")
TAGS = ("tea, kitchen", "red;blue", "a|b", "", "gift")


def table_of(header, n_products, mark, seed):
    chance = random.Random(f"{header}{n_products}{mark}{seed}")
    rows = [list(header)]
    for n in range(n_products):
        price = f"{chance.randint(1, 2000)}{mark}{chance.randint(0, 99):02d}"
        row = [f"P-{n}", chance.choice(NAMES), price, "Hearthside", chance.choice(TEXTS)]
        rows.append([*row, chance.choice(TAGS)] if len(header) == 6 else row[1:3])
    return rows


def written(rows, delimiter, quote, escape="", end="\n", quotes_all=False):
    """The text of a table, and its rows as far as the dialect can keep them."""

    def cell(text):
        if not quote:
            return re.sub(rf"[\r\n{re.escape(delimiter)}]", " ", text)
        plain = not any(c in text for c in (delimiter, quote, "\n", "\r", escape or quote))
        if plain and not quotes_all:
            return text
        inside = text.replace(escape, escape * 2) if escape else text
        return quote + inside.replace(quote, (escape or quote) + quote) + quote

    kept = rows if quote else [[cell(text) for text in row] for row in rows]
    return "".join(delimiter.join(map(cell, row)) + end for row in rows), kept


def read(data, **options):
    source = Source(BytesIO(data), "x.csv", replace(OPTIONS, **options))
    table = source.table()
    return [list(table.header), *(cells for _, cells in table.rows())]


def answer(path):
    with path.open("rb") as file:
        source = Source(file, path.name, OPTIONS)
        try:
            importer_for(source)
            list(source.table().rows())
        except UnreadableFile as problem:
            return problem.code
        return source.reading.delimiter + source.reading.quote


def test_tables_in_all_dialects_are_read_with_one_error_in_a_thousand():
    wrong, n_files = [], 0
    for delimiter in ",;\t|:^~":
        for quote, escape in (('"', ""), ("'", ""), ('"', "\\"), ("", "")):
            for end in ("\n", "\r\n", "\r"):
                for header in HEADERS:
                    for n_products, mark in ((2, "."), (10, ","), (100, ".")):
                        rows = table_of(header, n_products, mark, delimiter)
                        text, kept = written(rows, delimiter, quote, escape, end)
                        n_files += 1
                        try:
                            got = read(text.encode())
                        except UnreadableFile as problem:
                            got = problem.code
                        if got != [row for row in kept if any(row)]:
                            wrong.append((delimiter, quote, escape, end, len(header), n_products))
    assert n_files == 756
    assert len(wrong) <= 1, wrong


def test_csv_spectrum_is_read_as_its_authors_say(shared_data):
    folder = shared_data / "malformed_security" / "csv-spectrum"
    names = sorted(path.stem for path in (folder / "csvs").glob("*.csv"))
    assert len(names) == 12
    for name in names:
        header, *rows = read((folder / "csvs" / f"{name}.csv").read_bytes())
        expected = json.loads((folder / "json" / f"{name}.json").read_text())
        found = [dict(zip(header, row, strict=True)) for row in rows]
        if name == "location_coordinates":
            # The answer is another row than the file's, and the degree signs are wrong bytes in it.
            assert list(found[0]) == list(expected)
            assert found[0]["Cities"] == expected["Cities"]
        else:
            # Its answer has CRLF inside of a cell where the file has LF.
            assert found == json.loads(json.dumps(expected).replace("\\r\\n", "\\n")), name


def test_foreign_tables_are_read_or_refused_with_a_reason(shared_data):
    folder = shared_data / "malformed_security"
    answers = {path.name: answer(path) for path in sorted(folder.rglob("*.csv"))}
    assert answers["delimiter.csv"] == ';"'
    assert answers["milk.csv"] == '\t"'
    assert answers["imdb.csv"] == ","
    assert answers["empty.csv"] in ("file_empty", "no_products", ',"')
    assert all(
        len(a) <= 2 or a in ("file_empty", "no_products", "file_is_text") for a in answers.values()
    )


def test_backslashes_before_commas_are_read_as_mysql_writes_them(shared_data):
    path = shared_data / "malformed_security" / "clevercsv-examples" / "imdb.csv"
    rows = read(path.read_bytes())
    assert {len(row) for row in rows} == {44}
    assert rows[65][2].startswith("Dr. Seltsam, oder wie ich lernte, die Bombe")


def test_spaces_around_quotes_are_no_error():
    data = b'ID, Test\n1, "Test line 1"\n2, "Test "" line 2"\n'
    assert read(data)[2] == ["2", 'Test " line 2']
    padded = b'name   ,text   \nMug    ,"A, b"   \nPot    ,"C, d"   \n'
    assert [cell.strip() for cell in read(padded)[1]] == ["Mug", "A, b"]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("a,b,c\n1,2,3\n", 1),
        ("\n\na,b,c\n1,2,3\n", 3),
        ("sep=;\na;b;c\n1;2;3\n", 2),
        ("Price list spring\n\nsku,name,price\n1,Mug,2\n2,Pot,3\n", 3),
        ("Price list,,\nsku,name,price\n1,Mug,2\n2,Pot,3\n", 2),
        ("Shop:,Hearthside,,,,\nsku,name,price,brand,text,tags\n1,Mug,2,H,t,x\n", 2),
        ("id,,age\n1,x,2\n", 1),
        ("name,price\n,1\n,2\n", 1),
        ("only\none\ntwo\n", 1),
    ],
)
def test_the_header_is_found_below_titles_and_blank_rows(text, row):
    assert header_row_of(text, recognised_dialect(text)) == row


def test_a_person_overrules_delimiter_quote_and_header_row():
    data = b"Notes\na;b,c\n'1;2';3,4\n"
    assert read(data, delimiter=";", quote="'", header_row=2) == [["a", "b,c"], ["1;2", "3,4"]]
    for told in ({"delimiter": ";;"}, {"delimiter": "\n"}, {"delimiter": '"'}, {"quote": "\0"}):
        with pytest.raises(UnreadableFile) as caught:
            read(data, **told)
        assert caught.value.code == "delimiter_unusable"


@given(st.characters(), st.one_of(st.just(""), st.characters()))
def test_no_sign_that_a_person_names_makes_another_error(delimiter, quote):
    with suppress(UnreadableFile):
        read(b"a,b\n1,'2'\n", delimiter=delimiter, quote=quote)


def test_a_quote_that_is_never_closed_is_reported_and_not_read_as_a_letter():
    for tail in (b'3,"Pot\n', b'3,"Pot" red\n' + b'4,"a"\n' * 50):
        with pytest.raises(UnreadableFile) as caught:
            read(b'id,name\n1,"Mug, blue"\n2,"Cup"\n' + tail)
        assert (caught.value.code, caught.value.row) == ("quotes_unbalanced", 4)


@pytest.mark.parametrize(
    ("text", "end"),
    [("a\r\nb\r\n", "CRLF"), ("a\nb", "LF"), ("a\rb\r", "CR"), ("a\r\nb\n", "mixed"), ("a", "")]
    + [('a\r\n"b\nc"\r\n', "CRLF")],
)
def test_line_ends_are_named(text, end):
    assert line_end_of(text, '"') == end


def test_recognising_is_quick_whatever_the_file(shared_data):
    naughty = (shared_data / "malformed_security" / "blns" / "blns.txt").read_text(encoding="utf-8")
    texts = [naughty, ",;\t|:^~\"'" * 7000, '"' * 65536, "a," * 32768, "0" * 65536, " " * 65536]
    for text in texts:
        started = time.monotonic()
        recognised_dialect(text)
        assert time.monotonic() - started < 5


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
tables = st.integers(2, 5).flatmap(
    lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1, max_size=6)
)


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gb18030", "cp932")
ENCODINGS += ("big5hkscs", "cp949", "cp1250", "cp1251", "cp1252", "cp1256", "koi8-r")


@given(
    tables,
    st.sampled_from(",;\t|"),
    st.sampled_from("\"'"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(ENCODINGS),
)
@example([["a", "\x1a"], ["", "\u2028"]], ",", '"', "\n", "utf-8")
def test_any_table_is_read_back_identically_where_its_dialect_is_told(
    rows, mark, quote, end, encoding
):
    """What stands in the cells breaks no reading; a short table of noise tells no dialect itself."""
    kept = [[cell.encode(encoding, "ignore").decode(encoding) for cell in row] for row in rows]
    header = [f"column {n}" for n in range(len(rows[0]))]
    text, _ = written([header, *kept], mark, quote, end=end, quotes_all=True)
    data = text.encode(encoding)
    got = read(data, encoding=encoding, delimiter=mark, quote=quote, header_row=1)
    assert got == [header, *(row for row in kept if any(row))]


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_reason(data):
    try:
        importer_for(source := Source(BytesIO(data), "x.csv", OPTIONS))
        assert list(source.table().rows()) is not None
    except UnreadableFile as problem:
        assert problem.code  # noqa: PT017 (any bytes may or may not be readable)


def test_a_dialect_gives_what_the_csv_module_takes():
    assert Dialect(quote="").for_csv()["quoting"] == csv.QUOTE_NONE
