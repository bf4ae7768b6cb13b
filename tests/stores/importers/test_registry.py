from stores.importers.base import Layout, ParsedProduct, Problem, Sample
from stores.importers.registry import all_importers, importer_for
from stores.importers.stored import (
    pack_layout,
    pack_product,
    unpack_layout,
    unpack_product,
)
from tests.stores.files import parse


def test_every_module_with_an_importer_is_found():
    assert list(all_importers()) == ["shopify_csv"]


def test_a_sample_is_enough_to_recognise_a_file():
    sample = Sample(
        "x.csv", b'\xef\xbb\xbf\n"Handle","Title","Variant Price"\nmug,"a mug that is cut'
    )
    assert importer_for(sample).name == "shopify_csv"


def test_recognising_never_raises():
    importer = all_importers()["shopify_csv"]
    for head in (b"", b"\xff\xfe", b'"', b"\0" * 9, b"Handle", b"," * 99, b"Handle\rTitle"):
        assert importer.recognises(Sample("x", head)) == 0.0


def test_what_is_kept_of_a_preview_is_the_whole_product():
    layout, products = parse(
        "Handle,Title,Tags,Option1 Name,Option1 Value,Variant Price,Image Src,Cost,A (product.metafields.b.c)\n"
        'mug,Mug,"a,b",Size,S,"1,5",https://e.org/1.jpg,x,5 kg\n'
        "mug,,,,M,,,y,\n"
        "mug,,,,,,https://e.org/2.jpg,z,\n"
        "pot,,,,,no,,,\n"
    )
    assert unpack_layout(pack_layout(layout)) == layout
    assert unpack_product(pack_product(products[0])) == products[0]
    packed = pack_product(ParsedProduct(handle="a", first_row=2, problems=(Problem(2, "", "x"),)))
    assert packed == {"handle": "a", "first_row": 2, "skus": [], "images": []}
    assert isinstance(layout, Layout)
