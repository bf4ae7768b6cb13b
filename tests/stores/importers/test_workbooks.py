"""Excel workbooks: read as a shop would write the same table, or refused with a reason."""

import zipfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO

import openpyxl
import pytest

from stores.importers import zip_archives
from stores.importers.base import UnreadableFile
from stores.importers.problems import MESSAGES
from stores.importers.registry import importer_for
from stores.importers.source import Source
from stores.importers.workbooks import number_text
from tests.stores.files import OPTIONS, parse

SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook(**sheets):
    """The bytes of a workbook with these sheets of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data, name, content):
    """A workbook one of whose parts is another."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return out.getvalue()


def read(data, name="products.xlsx", **options):
    source = Source(BytesIO(data), name, replace(OPTIONS, **options))
    table = source.table()
    return source.reading, [list(table.header), *(cells for _, cells in table.rows())]


def code_of(data, **options):
    with pytest.raises(UnreadableFile) as caught:
        read(data, **options)
    assert caught.value.code in MESSAGES
    return caught.value.code


def test_products_come_in_from_a_workbook_whatever_its_name():
    data = workbook(
        Products=[
            ["Handle", "Title", "Variant Price", "Variant SKU", "Variant Barcode"],
            ["mug", "Mug", 12.5, 1001, 4006381333931],
        ]
    )
    for name in ("products.xlsx", "products.csv", "products"):
        layout, products = parse(data, file_name=name)
        assert layout.columns[2] == "Variant Price"
        sku = products[0].skus[0]
        assert (products[0].handle, products[0].first_row) == ("mug", 2)
        assert (sku.price_minor, sku.code, sku.barcode) == (1250, "1001", "4006381333931")


def test_values_are_written_as_people_write_them():
    book = openpyxl.Workbook()
    values = [12, 12.0, 0.1 + 0.2, 4006381333931.0, 1e21, True, None, "=1+1", "", "x\ny"]
    values += [
        date(2026, 5, 1),
        datetime.fromisoformat("2026-05-01T13:30"),
        time(8, 5),
        timedelta(hours=30),
    ]
    book.active.append([f"c{n}" for n in range(len(values))])
    book.active.append(values)
    book.active["C3"], book.active["D3"], book.active["E3"] = 0.125, 42, 7
    book.active["C3"].number_format = "0%"
    book.active["D3"].number_format = "000000"
    book.active["E3"].number_format = "#,##0.00"
    _, (_, first, second) = read(saved(book))
    assert first[:6] == ["12", "12", "0.3", "4006381333931", "1000000000000000000000", "TRUE"]
    # A formula whose value no program has worked out has none.
    assert first[6:10] == ["", "", "", "x\ny"]
    assert first[10:13] == ["2026-05-01", "2026-05-01 13:30:00", "08:05:00"]
    assert second == ["", "", "12.5%", "000042", "7"]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1e-7, "General", "0.0000001"),
        (-0.5, "0.00%", "-50%"),
        (123456789.123, "General", "123456789.123"),
        (5, "00000;-00000", "00005"),
        (0.0, "General", "0"),
    ],
)
def test_numbers_have_no_exponent_and_no_noise(value, number_format, text):
    assert number_text(value, number_format) == text


def test_the_first_sheet_with_rows_is_read_and_another_can_be_chosen():
    data = workbook(
        Cover=[["Spring 2026"]], Products=[["a", "b"], [1, 2]], Old=[["a", "b"], [3, 4]]
    )
    reading, rows = read(data)
    assert (reading.sheet, reading.sheets) == ("Products", ("Cover", "Products", "Old"))
    assert (reading.encoding, reading.delimiter, rows) == ("", "", [["a", "b"], ["1", "2"]])
    assert read(data, sheet="Old")[1][1] == ["3", "4"]
    assert code_of(data, sheet="New") == "sheet_unknown"


def test_the_header_is_found_below_a_title_and_rows_count_as_in_excel():
    data = workbook(P=[["Price list"], [], ["Handle", "Title", "Vendor"], ["mug", "Mug", "H"]])
    reading, _ = read(data)
    assert reading.header_row == 3
    assert parse(data)[1][0].first_row == 4


def test_only_the_first_of_merged_cells_has_the_value():
    book = openpyxl.Workbook()
    for row in (["a", "b", "c"], ["1", "x", "y"], ["2", "", "z"]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    assert read(saved(book))[1][2] == ["2", "", "z"]


def test_foreign_workbooks_are_read(shared_data):
    folder = shared_data / "malformed_security" / "frictionless-open"
    found = {path.name: read(path.read_bytes())[1] for path in folder.rglob("*.xlsx")}
    assert len(found) == 19
    assert found["table.xlsx"] == [["id", "name"], ["1", "english"], ["2", "中国人"]]
    assert found["preserve-formatting-percentage.xlsx"][1] == ["123", "52%"]
    assert found["table-infer-boolean.xlsx"][1] == ["1", "two", "TRUE"]


def test_what_is_no_workbook_is_called_what_it_is():
    def zipped(*names):
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        return out.getvalue()

    assert code_of(zipped("readme.txt")) == "file_is_zip"
    assert code_of(zipped("mimetype", "content.xml")) == "file_is_ods"
    assert code_of(zipped("[Content_Types].xml", "xl/workbook.bin")) == "file_is_xlsb"
    assert code_of(zipped("[Content_Types].xml", "word/document.xml")) == "file_is_document"
    assert code_of(zipped("[Content_Types].xml", "xl/workbook.xml")) == "workbook_broken"
    assert code_of(OLE + bytes(2000)) == "file_is_xls"
    encrypted = OLE + bytes(100_000) + "EncryptedPackage".encode("utf-16-le") + bytes(100)
    assert code_of(encrypted) == "file_is_encrypted"


def test_every_cut_workbook_is_damaged():
    data = workbook(P=[["a", "b"], *([n, "x" * 50] for n in range(200))])
    for size in (4, 30, 500, len(data) // 2, len(data) - 1, len(data) - 30):
        assert code_of(data[:size]) == "workbook_broken"


def test_changed_bytes_never_make_another_error():
    data = workbook(P=[["a", "b"], *([n, f"text {n}"] for n in range(50))])
    for place in range(0, len(data), 37):
        broken = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
        try:
            read(broken)
        except UnreadableFile as problem:
            assert problem.code in MESSAGES  # noqa: PT017 (most bytes matter, some do not)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    data = workbook(P=[["a", "b"], [1, 2]])
    bomb = with_part(data, SHEET, b" " * 60_000_000)
    assert len(bomb) < 100_000
    assert code_of(bomb) == "workbook_too_large"
    monkeypatch.setattr(zip_archives, "MAX_ENTRIES", 3)
    assert code_of(data) == "workbook_too_large"
    monkeypatch.undo()
    monkeypatch.setattr(zip_archives, "MAX_HELD_BYTES", 100)
    assert code_of(data) == "workbook_too_large"


def with_strings_at(name):
    """A workbook whose shared texts are many, and kept under this name."""
    types = "[Content_Types].xml"
    data = workbook(P=[["handle", "title"], ["mug", "Mug"]])
    with zipfile.ZipFile(BytesIO(data)) as archive:
        declared = archive.read(types)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    more = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    data = with_part(data, types, declared.replace(b"</Types>", more.encode()))
    texts = "".join(f"<si><t>Text {n}</t></si>" for n in range(3_000))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return with_part(data, name, f'<sst xmlns="{space}">{texts}</sst>')


@pytest.mark.parametrize("name", ["xl/strings.dat", "xl/worksheets/strings.xml"])
def test_shared_texts_are_held_to_their_limit_whatever_their_name(monkeypatch, name):
    data = with_strings_at(name)
    assert len(read(data)[1]) == 2
    monkeypatch.setattr(zip_archives, "MAX_HELD_BYTES", 50_000)
    assert code_of(data) == "workbook_too_large"


def test_worksheets_may_be_larger_than_what_is_held(monkeypatch):
    data = workbook(P=[["handle", "title"], *([n, n] for n in range(3_000))])
    monkeypatch.setattr(zip_archives, "MAX_HELD_BYTES", 50_000)
    assert len(read(data)[1]) == 3_001


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_entities_in_a_workbook_are_neither_expanded_nor_fetched(part, tmp_path, shared_data):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    folder = shared_data / "malformed_security" / "frictionless-open"
    data = (folder / "table.xlsx").read_bytes()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        xml = archive.read(part).decode()
    xml = xml.partition("?>")[2] if xml.startswith("<?xml") else xml
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctypes = (
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>',
        f'<!DOCTYPE x [<!ENTITY l9 SYSTEM "file://{secret}">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    )
    for doctype in doctypes:
        body = xml.replace("<v>0</v>", "<v>&l9;</v>").replace("<t>id</t>", "<t>&l9;</t>")
        try:
            _, rows = read(with_part(data, part, doctype + body))
        except UnreadableFile as problem:
            assert problem.code == "workbook_broken"  # noqa: PT017 (an unused type is harmless)
        else:
            assert "secret" not in str(rows)
            assert "haha" not in str(rows)


def test_a_cell_far_away_costs_neither_memory_nor_time():
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active["B60000"] = "x"
    _, rows = read(saved(book))
    assert rows == [["a", "b"], ["", "x"]]
    book.active["XFD2"] = "x"
    assert code_of(saved(book)) == "too_many_columns"


def test_a_workbook_that_nobody_knows_waits_for_a_person():
    source = Source(BytesIO(workbook(P=[["Foo", "Bar"], ["1", "2"]])), "x.xlsx", OPTIONS)
    assert importer_for(source) is None
