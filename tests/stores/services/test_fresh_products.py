"""New products go a short way into the tables; it must give what merging over an empty product gives."""

from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from stores.catalogue import fresh
from stores.catalogue.merge import merge
from stores.catalogue.merge_skus import OptionsNeeded
from stores.catalogue.write import write_products
from stores.importers.base import ImportOptions, Layout, ParsedProduct, ParsedSku
from stores.importers.stored import pack_product
from stores.models import CopySlot, CopyVersion, Product, ProductImage, ProductSearch, Sku
from stores.services.import_write import origin_of
from tests.stores.files import OPTIONS, parse, preview

TABLES = (Product, ProductImage, Sku, CopySlot, CopyVersion, ProductSearch)
BY_ITSELF = {"id", "public_id", "created_at", "updated_at", "published_at"}
FILES = ("apparel.csv", "jewelery.csv")


def stored():
    """Every row with all that is not made up when it is stored; keys are counted from the first."""
    return {model.__name__: [_values(model, row) for row in _rows(model)] for model in TABLES}


def _rows(model):
    return model.objects.order_by("pk")


def _values(model, row):
    fields = [f for f in model._meta.concrete_fields if f.attname not in BY_ITSELF]
    values = {field.attname: getattr(row, field.attname) for field in fields}
    for name, target in (
        ("product_id", Product),
        ("image_id", ProductImage),
        ("slot_id", CopySlot),
    ):
        if values.get(name):
            values[name] -= _rows(target).first().pk
    return values


def both_ways(layout, products, found, options=OPTIONS):
    """What is stored by merging, and what by the short way."""
    origin = origin_of(found)
    results = []
    for write in (_merged, _fresh):
        with transaction.atomic():
            write(layout, products, options, origin)
            results.append(stored())
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    return results


def _merged(layout, products, options, origin):
    write_products([merge(product, None, layout, options) for product in products], origin)


def _fresh(layout, products, options, origin):
    new = fresh.FreshProducts(layout, options, origin)
    new.write([fresh.FreshProduct(pack_product(product), new) for product in products])


@pytest.mark.parametrize("name", FILES)
def test_real_files_are_stored_alike(in_scope, shared_data, name):
    path = shared_data / "catalogue" / "shopify-samples" / name
    layout, products = parse(path)
    by_merging, quickly = both_ways(layout, products, preview(path))
    assert len(by_merging["Product"]) == len(products)
    assert quickly == by_merging


PRODUCT = ParsedProduct(
    handle="mug",
    first_row=2,
    title='Mug "M"\t\\ {x}',
    vendor="H",
    product_type="Mugs",
    category="Home",
    tags=("tea", 'a "b"', "c\\d", "{e}", "NULL"),
    status="draft",
    description="<p>A mug.</p><script>alert(1)</script>",
    attributes=({"name": "Material", "value": "oak", "type": "text", "unit": None},),
    option_names=("Size",),
    skus=(
        ParsedSku(("S",), "M-S", "1", 1200, 1300, "350.5", "https://e.org/2.jpg"),
        ParsedSku(("L\n",), price_minor=0, cells={"Qty": "1"}, spellings={"Variant Price": "0"}),
    ),
    images=(),
    cells={"SEO Title": "x"},
    spellings={"Tags": "tea,"},
    image_cells={"https://e.org/1.jpg": {"Qty": "2"}},
    rows=((0, None), (1, None)),
)
ALL = frozenset(
    ["title", "vendor", "product_type", "category", "tags", "status", "description", "attributes"]
    + ["images", "skus", "sku.options", "sku.code", "sku.barcode", "sku.price_minor"]
    + ["sku.compare_at_price_minor", "sku.weight_grams", "sku.image_url"]
)


@pytest.mark.parametrize("lacking", [frozenset(), *({name} for name in sorted(ALL)), ALL])
def test_whatever_a_file_cannot_say_is_left_out_alike(in_scope, lacking):
    layout = Layout((), ALL - lacking, frozenset({"SEO Title", "Qty"}))
    found = preview("Handle,Title\na,A\n")
    try:
        by_merging, quickly = both_ways(layout, [PRODUCT], found)
    except OptionsNeeded:
        assert lacking == {"sku.options"}
        return
    assert quickly == by_merging


def test_a_text_by_a_model_is_marked_as_such(in_scope):
    layout = Layout((), ALL)
    products = [replace(PRODUCT, is_ai_written=True)]
    by_merging, quickly = both_ways(layout, products, preview("Handle,Title\na,A\n"))
    assert quickly == by_merging
    assert quickly["CopyVersion"][0]["source"] == "ai"
    assert quickly["Product"][0]["copy_state"] == "published"


def test_human_texts_in_another_language_are_stored_alike(in_scope):
    options = ImportOptions("zh-hans", "CNY", is_human_written=True)
    found = preview("Handle,Title\na,A\n", options=options)
    by_merging, quickly = both_ways(Layout((), ALL), [PRODUCT], found, options)
    assert quickly == by_merging
    assert quickly["CopySlot"][0]["locale"] == "zh-hans"


def test_a_product_speaks_of_its_own_fields_only_alike(in_scope):
    products = [replace(PRODUCT, fields=frozenset({"title", "tags"}))]
    by_merging, quickly = both_ways(Layout((), ALL), products, preview("Handle,Title\na,A\n"))
    assert quickly == by_merging
    assert (quickly["Product"][0]["vendor"], quickly["CopyVersion"]) == ("", [])


def test_products_are_dated_when_they_are_written_not_when_they_are_prepared(in_scope):
    layout, products = parse("Handle,Title\nmug,Mug\n")
    origin = origin_of(preview("Handle,Title\nmug,Mug\n"))
    new = fresh.FreshProducts(layout, OPTIONS, origin)
    prepared = [fresh.FreshProduct(pack_product(one), new) for one in products]
    before = timezone.now()
    new.write(prepared)
    mug = Product.objects.get()
    assert before <= mug.created_at == mug.updated_at
