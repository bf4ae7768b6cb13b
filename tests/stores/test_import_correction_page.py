import csv
from io import StringIO

import pytest
from django.urls import reverse

from stores.models import Product
from stores.selectors.filters import ProductFilter
from stores.services.import_work import apply_items
from stores.services.imports import confirm_import
from tenants.actor import SYSTEM
from tenants.scope import merchant_scope
from tests.stores.files import bring, counts, preview

FILE = (
    "Handle,Title,Body (HTML),Variant Price\n"
    "mug,Mug,<p>A mug.</p>,12.00\n"
    "bowl,Bowl,=cmd|'/c calc'!A1,twelve\n"
    "cup,,<p>A cup.</p>,3.00\n"
)


@pytest.fixture
def url(merchant):
    return lambda name, *args: reverse(f"stores:{name}", args=[merchant.public_id, *args])


@pytest.fixture
def client(editor, signed_in):
    return signed_in(editor)


@pytest.fixture
def found(merchant):
    with merchant_scope(merchant.pk):
        found = preview(FILE)
    assert counts(found) == (1, 0, 0, 2)
    return found


def refreshed(merchant, found):
    with merchant_scope(merchant.pk):
        found.refresh_from_db()
    return found


def apply(merchant, found):
    with merchant_scope(merchant.pk):
        apply_items(found.pk)


def test_the_problem_stands_under_the_cell_in_question(client, url, found):
    page = client.get(url("import_item_correct", found.public_id, 1)).content.decode()
    field, error = page.split('name="cell-0-3"')[1].split('id="cell-0-3-error"')
    assert 'value="twelve"' in field
    assert 'aria-describedby="cell-0-3-error"' in field
    assert "“twelve” is not a price." in error


def test_a_corrected_product_is_imported_with_the_others(client, url, found, merchant):
    address = url("import_item_correct", found.public_id, 1)
    response = client.post(address, {"cell-0-3": "12.00"})
    assert response.headers["Location"] == f"{url('import_detail', found.public_id)}?show=invalid"
    assert counts(refreshed(merchant, found)) == (2, 0, 0, 1)
    client.post(url("import_confirm", found.public_id))
    apply(merchant, found)
    with merchant_scope(merchant.pk):
        assert sorted(Product.objects.values_list("handle", flat=True)) == ["bowl", "mug"]


def test_what_is_still_wrong_is_shown_again_with_what_was_typed(client, url, found, merchant):
    response = client.post(url("import_item_correct", found.public_id, 1), {"cell-0-3": "eleven"})
    assert response.status_code == 422
    assert "“eleven” is not a price." in response.content.decode()
    assert counts(refreshed(merchant, found)) == (1, 0, 0, 2)


def test_one_goes_from_product_to_product(client, url, found):
    first, second = (url("import_item_correct", found.public_id, n) for n in (1, 2))
    response = client.post(first, {"cell-0-3": "12.00", "next": "1"})
    assert response.headers["Location"] == second
    response = client.post(second, {"cell-0-1": "Cup", "next": "1"})
    assert response.headers["Location"] == f"{url('import_detail', found.public_id)}?show=invalid"
    assert client.get(first).headers["Location"] == url("import_detail", found.public_id)


def test_products_that_are_corrected_later_are_imported_later(client, url, found, merchant):
    with merchant_scope(merchant.pk):
        confirm_import(catalogue_import=found, actor=SYSTEM)
        apply_items(found.pk)
    client.post(url("import_item_correct", found.public_id, 2), {"cell-0-1": "Cup"})
    page = client.get(url("import_detail", found.public_id)).content.decode()
    assert "Import 1 corrected product" in page
    client.post(url("import_retry", found.public_id))
    apply(merchant, found)
    found = refreshed(merchant, found)
    assert (found.state, found.n_applied) == ("finished", 2)
    page = client.get(url("import_detail", found.public_id)).content.decode()
    assert "corrected product" not in page


def test_cells_that_are_not_sent_and_line_ends_of_browsers_change_nothing(client, url, merchant):
    text = 'Handle,Title,Body (HTML),Variant Price\nmug,Mug,"one\ntwo",twelve\n'
    with merchant_scope(merchant.pk):
        found = preview(text)
    sent = {"cell-0-2": "one\r\ntwo", "cell-0-3": "12"}
    client.post(url("import_item_correct", found.public_id, 0), sent)
    with merchant_scope(merchant.pk):
        item = found.items.get()
    assert (item.action, item.data["description"]) == ("new", "one\ntwo")


def test_the_error_report_is_a_table_without_formulas(client, url, merchant):
    with merchant_scope(merchant.pk):
        found = preview("Handle,Title,Variant Price\n=cmd,+Mug,twelve\n")
    response = client.get(url("import_errors", found.public_id))
    text = b"".join(response.streaming_content).decode()
    assert response.headers["Content-Disposition"] == 'attachment; filename="products-errors.csv"'
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))
    assert [(r["Row"], r["Column"], r["Kind"], r["What is wrong"]) for r in rows] == [
        ("2", "Variant Price", "Error", "“twelve” is not a price.")
    ]
    assert (rows[0]["Handle"], rows[0]["Title"]) == ("'=cmd", "'+Mug")


def test_a_viewer_sees_the_problems_but_corrects_nothing(url, found, viewer, signed_in):
    client = signed_in(viewer)
    page = client.get(f"{url('import_detail', found.public_id)}?show=invalid").content.decode()
    assert "is not a price" in page
    assert "/products/1/" not in page
    assert client.post(url("import_item_correct", found.public_id, 1)).status_code == 403


def test_the_new_products_of_an_import_can_be_shown_apart(client, url, merchant):
    with merchant_scope(merchant.pk):
        bring("Handle,Title\nold,Old\n")
        found = bring("Handle,Title\nold,Changed\nmug,Mug\n")
        shown = ProductFilter(brought_by=found.public_id).apply(Product.objects.all())
        assert [product.handle for product in shown] == ["mug"]
    page = client.get(url("import_detail", found.public_id)).content.decode()
    address = f"{url('product_list')}?brought_by={found.public_id}"
    assert address in page
    assert "New with the import: products.csv" in client.get(address).content.decode()
