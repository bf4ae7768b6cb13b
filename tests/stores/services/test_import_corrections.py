"""What a person can still do about an import: read it anew, correct a product, write what was corrected."""

from dataclasses import replace

import pytest

from stores.importers.stored import unpack_options
from stores.models import CatalogueImport, Product
from stores.services import import_work
from stores.services.import_corrections import correct_item, error_rows
from stores.services.import_work import apply_items, read_file
from stores.services.imports import cancel_import, confirm_import, reread_import, retry_corrected
from tenants.actor import SYSTEM
from tenants.errors import DomainError
from tenants.models import AuditEntry
from tests.stores.files import OPTIONS, bring, counts, preview, upload

FILE = """Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price
mug,Mug,Size,S,M-S,12.00
mug,,,L,M-L,dear
pot,Pot,,,P,30.00
pan,,,,N,1.00
"""


def invalid(found, handle):
    return found.items.get(handle=handle, action="invalid")


def corrected(item, row, column, text):
    """What a person has typed into one cell."""
    raw = [[number, list(cells)] for number, cells in item.raw]
    raw[row][1][column] = text
    return raw


def refused(act, **kwargs):
    with pytest.raises(DomainError) as caught:
        act(actor=SYSTEM, **kwargs)
    return caught.value.code


def test_a_corrected_product_is_written_with_the_others(in_scope):
    found = preview(FILE)
    assert counts(found) == (1, 0, 0, 2)
    item = invalid(found, "mug")
    item = correct_item(item=item, raw=corrected(item, 1, 5, "14.00"), actor=SYSTEM)
    assert (item.action, item.problems, item.raw) == ("new", [], None)
    found.refresh_from_db()
    assert counts(found) == (2, 0, 0, 1)
    confirm_import(catalogue_import=found, actor=SYSTEM)
    apply_items(found.pk)
    mug = Product.objects.get(handle="mug")
    assert list(mug.skus.values_list("code", "price_minor")) == [("M-S", 1200), ("M-L", 1400)]


def test_what_is_corrected_after_the_end_is_written_by_a_retry(in_scope):
    found = bring(FILE)
    assert (found.state, found.n_applied, found.n_invalid) == ("finished", 1, 2)
    item = invalid(found, "pan")
    correct_item(item=item, raw=corrected(item, 0, 1, "Pan"), actor=SYSTEM)
    assert not Product.objects.filter(handle="pan").exists()
    retry_corrected(catalogue_import=found, actor=SYSTEM)
    apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, found.n_invalid) == ("finished", 2, 1)
    assert Product.objects.get(handle="pan").title == "Pan"
    assert refused(retry_corrected, catalogue_import=found) == "nothing_corrected"
    assert AuditEntry.objects.filter(action="import.retried").count() == 1


def test_a_retry_that_is_cancelled_can_be_tried_again(in_scope):
    found = bring(FILE)
    item = invalid(found, "pan")
    correct_item(item=item, raw=corrected(item, 0, 1, "Pan"), actor=SYSTEM)
    retry_corrected(catalogue_import=found, actor=SYSTEM)
    assert cancel_import(catalogue_import=found, actor=SYSTEM).state == "finished"
    retry_corrected(catalogue_import=found, actor=SYSTEM)
    apply_items(found.pk)
    assert Product.objects.get(handle="pan").title == "Pan"


def test_a_correction_that_is_none_leaves_the_product_out(in_scope):
    found = preview(FILE)
    item = invalid(found, "mug")
    item = correct_item(item=item, raw=corrected(item, 1, 5, "dearer"), actor=SYSTEM)
    assert (item.action, item.problems[0]["params"]["value"]) == ("invalid", "dearer")
    assert item.raw[1][1][5] == "dearer"
    found.refresh_from_db()
    assert counts(found) == (1, 0, 0, 2)


@pytest.mark.parametrize("raw", [[], "x", [[3, ["a"]]], [[2, "mug"], [3, []]], [[2, [1]], [3, []]]])
def test_a_correction_in_another_shape_is_refused(in_scope, raw):
    item = invalid(preview(FILE), "mug")
    assert refused(correct_item, item=item, raw=raw) == "raw_not_understood"


def test_another_handle_frees_the_product_that_had_it_first(in_scope, monkeypatch):
    monkeypatch.setattr(import_work, "CHUNK_PRODUCTS", 1)
    found = preview("Handle,Title\nmug,Mug\npot,Pot\nmug,Other\n")
    assert counts(found) == (1, 0, 0, 2)
    first, second = found.items.filter(handle="mug").order_by("position")
    assert refused(correct_item, item=first, raw=[]) == "item_not_correctable"
    correct_item(item=second, raw=[[4, ["cup", "Other"]]], actor=SYSTEM)
    found.refresh_from_db()
    assert counts(found) == (3, 0, 0, 0)
    first.refresh_from_db()
    assert (first.action, first.problems) == ("new", [])


def test_a_correction_to_a_handle_that_another_product_has_is_refused(in_scope):
    found = preview("Handle,Title\nmug,Mug\npot,\n")
    item = invalid(found, "pot")
    item = correct_item(item=item, raw=[[3, ["mug", "Pot"]]], actor=SYSTEM)
    assert [problem["code"] for problem in item.problems] == ["handle_repeated"]
    found.refresh_from_db()
    assert counts(found) == (1, 0, 0, 1)


def test_nothing_is_corrected_while_an_import_is_being_written(in_scope):
    found = preview(FILE)
    item = invalid(found, "mug")
    confirm_import(catalogue_import=found, actor=SYSTEM)
    assert refused(correct_item, item=item, raw=item.raw) == "import_not_correctable"
    item.refresh_from_db()
    assert item.action == "invalid"


def test_the_error_report_has_every_problem_with_row_and_column(in_scope, monkeypatch):
    monkeypatch.setattr("stores.services.import_corrections.CHUNK", 1)
    found = preview(FILE)
    lines = [(e.row, e.column, e.handle, e.is_warning) for e in error_rows(found)]
    assert lines == [(3, "Variant Price", "mug", False), (5, "Title", "pan", False)]
    assert [error.message for error in error_rows(found)][0] == "“dear” is not a price."


def test_a_file_is_read_anew_as_a_person_says(in_scope):
    found = preview("Handle,Title,Variant Price\nmug,Mug,1.234\n")
    assert counts(found) == (0, 0, 0, 1)
    options = replace(OPTIONS, decimal_mark=",")
    reread_import(catalogue_import=found, options=options, actor=SYSTEM)
    found.refresh_from_db()
    assert (found.state, unpack_options(found.options).decimal_mark) == ("uploaded", ",")
    read_file(found.pk)
    found.refresh_from_db()
    assert (found.state, counts(found)) == ("previewed", (1, 0, 0, 0))


def test_a_failed_import_is_read_anew_but_one_that_has_written_is_not(in_scope):
    failed = preview('Handle,Title\nmug,"Mug\n')
    assert failed.state == "failed"
    again = reread_import(catalogue_import=failed, options=OPTIONS, actor=SYSTEM)
    assert (again.state, again.error_code, again.finished_at) == ("uploaded", "", None)
    finished = bring(FILE)
    code = refused(reread_import, catalogue_import=finished, options=OPTIONS)
    assert code == "import_not_rereadable"
    lost = preview(FILE)
    lost.file.storage.delete(lost.file.name)
    assert refused(reread_import, catalogue_import=lost, options=OPTIONS) == "import_file_gone"


def test_an_import_that_is_to_be_applied_at_once_waits_for_nobody(in_scope, monkeypatch):
    sent = []
    monkeypatch.setattr(import_work, "send_to_worker", lambda task, found: sent.append(task))
    found = upload(FILE, options=replace(OPTIONS, apply_at_once=True))
    read_file(found.pk)
    found.refresh_from_db()
    assert (found.state, sent) == ("applying", ["stores.apply_import"])
    apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, found.n_invalid) == ("finished", 1, 2)


def test_a_cancelled_import_tells_when_it_ended(in_scope):
    found = cancel_import(catalogue_import=preview(FILE), actor=SYSTEM)
    assert CatalogueImport.objects.get(pk=found.pk).finished_at is not None


def warnings(found):
    return [
        (item.handle, one["code"], one["params"])
        for item in found.items.order_by("position")
        for one in item.warnings
    ]


def test_a_sku_code_of_another_product_is_a_warning(in_scope):
    bring("Handle,Title,Variant SKU\nmug,Mug,A-1\n")
    found = preview("Handle,Title,Variant SKU\nmug,Mug 2,A-1\ncup,Cup,A-1\npot,Pot,B\n")
    taken = ("cup", "sku_taken", {"code": "A-1", "handle": "mug"})
    assert [one for one in warnings(found) if one[1] == "sku_taken"] == [taken]
    assert counts(found) == (2, 1, 0, 0)
    assert found.n_warnings == 2
    assert {error.handle for error in error_rows(found) if error.is_warning} == {"mug", "cup"}


def test_a_sku_code_that_comes_twice_in_the_file_is_a_warning(in_scope, monkeypatch):
    monkeypatch.setattr(import_work, "CHUNK_PRODUCTS", 1)
    found = preview(
        "Handle,Title,Variant SKU\nmug,Mug,A\npot,Pot,B\ncup,Cup,A\npan,Pan,\nlid,Lid,\n"
    )
    repeated = {"code": "A", "rows": "2, 4"}
    assert warnings(found) == [("mug", "sku_repeated", repeated), ("cup", "sku_repeated", repeated)]
    assert found.n_warnings == 2


@pytest.mark.parametrize(
    "raw",
    ["[]", "{}", "null", "5", '"a"', '[{"line":null}]', '[{"line":-1}]', "[[]]", "[" * 100_000]
    + ['[{"line":1,"id":' + '{"a":' * 900 + "1" + "}" * 900 + "}]"],
)  # fmt: skip
def test_a_corrected_feed_that_is_no_list_of_items_any_more_says_so(in_scope, raw):
    item = correct_item(item=broken_item(), raw=raw, actor=SYSTEM)
    assert item.action == "invalid"


def test_a_corrected_feed_is_stored_without_what_no_database_keeps(in_scope):
    raw = (
        '[{"line":1,"id":"z","title":"T\\ud800","price":"1 EUR","x\\u0000":{"\\ud800":"\\u0000"}}]'
    )
    assert correct_item(item=broken_item(), raw=raw, actor=SYSTEM).action == "new"


def broken_item():
    feed = (
        '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><item>'
        "<g:id>z</g:id><g:title>T</g:title><g:price>abc</g:price></item></channel></rss>"
    )
    return preview(feed, file_name="f.xml").items.get()
