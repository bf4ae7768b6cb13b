import csv
from io import StringIO
from pathlib import Path

import pytest

from stores.formulas import undo
from stores.models import CopyVersion, Product, ProductImage, Sku
from tests.stores.files import bring, changes, content, counts, export, preview, table

REAL = [
    ("shopify-samples/apparel.csv", 20, 22, 20),
    ("shopify-samples/jewelery.csv", 20, 23, 41),
    ("shopify-packt/Product-data.csv", 20, 21, 21),
]
DEMO = Path(__file__).parents[3] / "platform" / "dashboard" / "demo"


@pytest.mark.parametrize(("name", "n_products", "n_skus", "n_images"), REAL)
def test_a_real_file_is_imported_whole(shared_data, in_scope, name, n_products, n_skus, n_images):
    found = bring(shared_data / "catalogue" / name)
    assert (found.state, counts(found), found.n_applied) == (
        "finished",
        (n_products, 0, 0, 0),
        n_products,
    )
    assert Product.objects.count() == n_products
    assert Sku.objects.count() == n_skus
    assert ProductImage.objects.count() == n_images
    assert CopyVersion.objects.filter(state="published", source="imported").count() == n_products


@pytest.mark.parametrize("name", [name for name, *_ in REAL])
def test_a_real_file_comes_back_cell_by_cell(shared_data, in_scope, name):
    path = shared_data / "catalogue" / name
    bring(path)
    before = list(csv.reader(StringIO(path.read_bytes().decode(), newline="")))
    after = list(csv.reader(StringIO(export(), newline="")))
    stripped = [[cell.strip() for cell in row] for row in before]
    assert after == stripped


@pytest.mark.parametrize("name", [name for name, *_ in REAL])
def test_a_real_file_read_again_changes_nothing(shared_data, in_scope, name):
    path = shared_data / "catalogue" / name
    n_products = bring(path).n_new
    assert counts(preview(path)) == (0, 0, n_products, 0)
    again = preview(export())
    assert (counts(again), changes(again)) == ((0, 0, n_products, 0), [])


def test_real_files_together_come_back_in_one_file(shared_data, in_scope):
    for name, *_ in REAL:
        bring(shared_data / "catalogue" / name)
    again = preview(export())
    assert changes(again) == []
    assert counts(again) == (0, 0, 60, 0)


@pytest.mark.parametrize("name", ["hearthside.csv", "qinghe.csv"])
def test_both_layouts_of_the_demo_come_back(in_scope, name):
    bring(DEMO / name)
    before, after = table(content(DEMO / name).decode("utf-8-sig")), table(export())
    assert [{name: undo(cell) for name, cell in row.items()} for row in after] == before
    again = preview(export())
    assert changes(again) == []
