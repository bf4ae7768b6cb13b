"""Files and texts that other people wrote to break things: an exact answer or safe storage, never a traceback."""

import csv
import json
import re
from io import StringIO

from stores.formulas import STARTS
from stores.html import sanitise
from stores.importers.base import UnreadableFile
from stores.importers.problems import MESSAGES
from stores.importers.registry import all_importers, importer_for
from stores.importers.source import Source
from stores.models import CopyVersion, Product
from tests.stores.files import OPTIONS, bring, changes, counts, export, parse, preview

RUNS = re.compile(
    r"<script|<iframe|<svg|<object|<embed|\son\w+\s*=[^<>]*>|javascript:", re.IGNORECASE
)
TEXT_COLUMNS = [
    "Title",
    "Body (HTML)",
    "Vendor",
    "Product Category",
    "Type",
    "Tags",
    "Option1 Value",
]
TEXT_COLUMNS += ["Variant SKU", "Image Alt Text", "SEO Title", "Odd", "A (product.metafields.b.c)"]


def lines(path):
    text = path.read_text(encoding="utf-8", errors="replace")
    return [line for line in text.splitlines() if line.strip()]


def answer(file):
    """The code of what is wrong with a file as a whole, or nothing."""
    try:
        parse(file)
    except UnreadableFile as problem:
        return problem.code
    return ""


def catalogue(payloads):
    """A product for each payload, which stands in every column that takes text."""
    header = ["Handle", "Option1 Name", "Image Src", *TEXT_COLUMNS]
    rows = [
        [f"p-{n}", "Size", "https://e.org/1.jpg", *[payload] * len(TEXT_COLUMNS)]
        for n, payload in enumerate(payloads)
    ]
    return [header, *rows]


def importer_of(path):
    """The name of who reads a file, "" if a person has to assign its columns, or a code."""
    with path.open("rb") as file:
        try:
            importer = importer_for(Source(file, path.name, OPTIONS))
        except UnreadableFile as problem:
            return problem.code
    return importer.name if importer else ""


def test_every_foreign_file_gets_a_clear_answer(shared_data):
    answers = {}
    for path in sorted((shared_data / "malformed_security").rglob("*")):
        if path.is_file():
            answers[path.name] = importer_of(path)
    assert set(answers.values()) <= set(MESSAGES) | set(all_importers()) | {""}
    assert answers["delimiter.csv"] == ""
    assert answers["table.xlsx"] == ""


def test_every_catalogue_gets_a_clear_answer(shared_data):
    for path in sorted((shared_data / "catalogue").rglob("*")):
        if path.is_file():
            assert importer_of(path) in set(MESSAGES) | set(all_importers()) | {""}


def test_texts_in_other_encodings_get_a_clear_answer(shared_data):
    codes = set()
    for path in sorted((shared_data / "malformed_security" / "encodings-chardet").rglob("*.*ml")):
        text = path.read_bytes()[:2000].replace(b"\n", b" ").replace(b'"', b"'")
        codes.add(answer(b'Handle,Title,X\nmug,Mug,"' + text + b'"\n'))
    # Pieces of UTF-16 in a file that is ASCII otherwise are the ones that nobody can read.
    assert codes == {"", "file_is_text"}


def test_attacks_on_browsers_are_stored_without_what_runs(shared_data, in_scope):
    folder = shared_data / "malformed_security" / "xss-payloadbox"
    payloads = lines(folder / "xss-payload-list.txt")[::9]
    found = bring(catalogue(payloads))
    assert found.state == "finished"
    texts = list(CopyVersion.objects.values_list("text", flat=True))
    assert texts
    for text in texts:
        assert not RUNS.search(text), text
        assert sanitise(text) == text


def test_naughty_strings_are_taken_as_they_are_or_refused_with_a_reason(shared_data, in_scope):
    path = shared_data / "malformed_security" / "blns" / "blns.json"
    strings = [text for text in json.loads(path.read_text(encoding="utf-8")) if text.strip()]
    found = bring(catalogue(strings))
    assert found.state == "finished"
    assert found.n_new + found.n_invalid == len(strings)
    for item in found.items.filter(action="invalid"):
        assert {problem["code"] for problem in item.problems} <= {"title_missing", "too_long"}
    again = preview(export())
    assert changes(again) == []
    assert counts(again) == (0, 0, found.n_new, 0)


def test_formulas_are_harmless_in_an_export_and_whole_after_it(shared_data, in_scope):
    folder = shared_data / "malformed_security" / "csv-injection"
    payloads = lines(folder / "Intruder" / "csv-payload.txt")
    payloads += ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "＝1+1", "=cmd|'/C calc'!A0", "%0A=1"]
    bring(catalogue(payloads))
    exported = export()
    for row in csv.reader(StringIO(exported, newline="")):
        assert [cell for cell in row if cell[:1] and cell[0] in STARTS] == []
    assert changes(preview(exported)) == []
    assert Product.objects.get(handle="p-0").title == payloads[0]


def test_a_negative_number_stays_a_number_in_an_export(in_scope):
    bring("Handle,Title,Variant Inventory Qty\nmug,Mug,-5\n")
    assert "mug,Mug,-5" in export()


def test_a_description_that_looks_like_a_formula_reads_the_same_in_a_shop(in_scope):
    bring("Handle,Title,Body (HTML)\nmug,Mug,- 100% cotton\n")
    assert "mug,Mug,&#45; 100% cotton" in export()


def test_escapes_that_no_database_keeps_do_not_stop_an_import(in_scope):
    cells = ['["a\\u0000"]', '["\\ud800"]', f"[1{'0' * 400}]"]
    header = ["Handle", "Title", "A (product.metafields.custom.a)"]
    found = bring([header, *([f"p-{n}", "P", cell] for n, cell in enumerate(cells))])
    assert (found.state, found.n_applied) == ("finished", 3)
    kept = Product.objects.order_by("handle").values_list("attributes", flat=True)
    assert [attributes[0]["value"] for attributes in kept] == cells
