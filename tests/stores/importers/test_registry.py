from dataclasses import replace
from io import BytesIO

import pytest

from stores.importers.base import Layout, ParsedProduct, Problem, UnreadableFile
from stores.importers.registry import all_importers, importer_for
from stores.importers.source import Source
from stores.importers.stored import (
    pack_layout,
    pack_product,
    unpack_layout,
    unpack_product,
)
from tests.stores.files import OPTIONS, parse


def source(data, options=OPTIONS):
    return Source(BytesIO(data), "x.csv", options)


def test_every_module_with_an_importer_is_found():
    assert "shopify_csv" in all_importers()


def test_the_beginning_is_enough_to_recognise_a_file():
    found = source(b'\xef\xbb\xbf\n"Handle","Title","Variant Price"\nmug,"a mug that is cut')
    assert importer_for(found).name == "shopify_csv"


def test_recognising_raises_nothing_but_what_is_wrong_with_the_file():
    for head in (b"", b"\xff\xfe", b'"', b"\0" * 9, b"Handle", b"," * 99):
        with pytest.raises(UnreadableFile):
            importer_for(source(head))


def test_a_table_that_nobody_knows_waits_for_a_person():
    assert importer_for(source(b"id,name\n1,x\n")) is None


def test_a_chosen_format_is_taken_at_its_word():
    options = replace(OPTIONS, format="shopify_csv")
    assert importer_for(source(b"id,name\n1,x\n", options)).name == "shopify_csv"


def test_what_is_kept_of_a_preview_is_the_whole_product():
    layout, products = parse(
        "Handle,Title,Tags,Option1 Name,Option1 Value,Variant Price,Image Src,Cost,A (product.metafields.b.c)\n"
        'mug,Mug,"a,b",Size,S,"1,5",https://e.org/1.jpg,x,5 kg\n'
        "mug,,,,M,,,y,\n"
        "mug,,,,,,https://e.org/2.jpg,z,\n"
        "pot,,,,,no,,,\n"
    )
    assert unpack_layout(pack_layout(layout)) == layout
    # What a person could correct is kept beside it.
    assert unpack_product(pack_product(products[0])) == replace(products[0], raw=None)
    packed = pack_product(ParsedProduct(handle="a", first_row=2, problems=(Problem(2, "", "x"),)))
    assert packed == {"handle": "a", "first_row": 2, "skus": [], "images": []}
    assert isinstance(layout, Layout)
