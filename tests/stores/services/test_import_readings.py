"""How a file was read is kept with its import, and a table that nobody knows waits for a person."""

from dataclasses import replace

from stores.importers.stored import unpack_options
from stores.services.import_work import read_file
from stores.services.imports import reread_import
from tenants.actor import SYSTEM
from tests.stores.files import bring, preview
from tests.stores.importers.test_workbooks import workbook

SHOPIFY = (
    "Handle;Title;Vendor;Variant Price\r\nmug;青釉马克杯;景德镇;1.234\r\npot;壶;“老字号”;12,50\r\n"
)


def test_a_chinese_file_with_semicolons_is_imported_and_says_how_it_was_read(in_scope):
    found = bring(SHOPIFY.encode("gb18030"))
    assert (found.format, found.n_new, found.n_invalid) == ("shopify_csv", 2, 0)
    reading = found.reading
    assert (reading["encoding"], reading["is_certain"]) == ("gb18030", False)
    assert (reading["delimiter"], reading["quote"], reading["line_end"]) == (";", '"', "CRLF")
    assert (reading["decimal_mark"], reading["header_row"]) == (",", 1)


def test_a_workbook_is_imported_and_says_which_sheet_was_read(in_scope):
    rows = [["Handle", "Title", "Variant Price"], ["mug", "Mug", 12.5]]
    found = bring(workbook(Info=[["Spring"]], Products=rows), file_name="spring.xlsx")
    assert (found.n_new, found.n_applied) == (1, 1)
    assert (found.reading["sheet"], found.reading["sheets"]) == ("Products", ["Info", "Products"])


def test_a_table_that_nobody_knows_waits_with_a_sample_for_its_columns(in_scope):
    found = preview("Was,Wieviel\nKrug,3\n" + "Topf," + "x" * 500 + "\n")
    assert (found.state, found.format, found.items.count()) == ("mapping", "", 0)
    assert found.columns["header"] == ["Was", "Wieviel"]
    assert found.columns["sample"] == [[2, ["Krug", "3"]], [3, ["Topf", "x" * 300]]]


def test_a_wrong_guess_is_overruled_by_reading_again(in_scope):
    text = "Handle,Title,Vendor\nmug,Kubek żółty,Łódź\n"
    found = preview(text.encode("cp1250"))
    options = replace(unpack_options(found.options), encoding="cp1250")
    reread_import(catalogue_import=found, options=options, actor=SYSTEM)
    read_file(found.pk)
    found.refresh_from_db()
    assert (found.state, found.reading["encoding"]) == ("previewed", "cp1250")
    assert found.items.get().title == "Kubek żółty"


def test_columns_of_nul_and_broken_letters_can_be_kept(in_scope):
    found = preview(b"W\0as,Zahl\nKr\0ug,3\n")
    assert (found.state, found.columns["header"]) == ("mapping", ["Was", "Zahl"])
