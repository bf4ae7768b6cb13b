import json
from dataclasses import replace
from io import StringIO

import pytest

from stores.importers.base import ParsedImage, UnreadableFile
from stores.importers.json_texts import BadJson, json_list, parse_json
from stores.importers.problems import MESSAGES
from stores.importers.registry import all_importers
from stores.models import CopyVersion, Product
from tests.stores.files import OPTIONS, bring, changes, counts, parse, preview

MUG = {
    "handle": "mug",
    "title": "Mug",
    "vendor": "Hearthside",
    "tags": ["tea", "gift"],
    "status": "draft",
    "description": "<p>A mug.</p>",
    "attributes": [{"name": "Capacity", "value": 380, "unit": "ml"}, {"name": "Safe", "value": True}],
    "option_names": ["Size"],
    "skus": [
        {"options": ["S"], "code": "M-S", "price_minor": 1200, "weight_grams": "250.000"},
        {"options": ["L"], "code": "M-L", "price_minor": 1500, "currency": "EUR"},
    ],
    "images": [{"url": "https://e.org/1.jpg", "alt_text": "Front"}],
}  # fmt: skip


def lines(*products):
    return "\n".join(json.dumps(product) for product in products) + "\n"


def found(text, **kwargs):
    """(column, code) of what is wrong with the single product of a line."""
    options = replace(OPTIONS, format="jsonl")
    (product,) = parse(text, options=options, **kwargs)[1]
    return [(problem.column, problem.code) for problem in product.problems]


def test_a_line_is_a_product():
    (mug,) = parse(lines(MUG))[1]
    assert (mug.handle, mug.title, mug.status, mug.tags) == ("mug", "Mug", "draft", ("tea", "gift"))
    assert mug.option_names == ("Size",)
    assert [(s.options, s.code, s.price_minor, s.weight_grams) for s in mug.skus] == [
        (("S",), "M-S", 1200, "250"),
        (("L",), "M-L", 1500, None),
    ]
    assert [(a["name"], a["value"], a["type"], a["unit"]) for a in mug.attributes] == [
        ("Capacity", 380, "number", "ml"),
        ("Safe", True, "boolean", None),
    ]
    assert mug.images == (ParsedImage("https://e.org/1.jpg", "Front", 1),)
    assert mug.problems == ()


def test_what_a_line_does_not_name_stays_as_it_is(in_scope):
    assert counts(bring(lines(MUG))) == (1, 0, 0, 0)
    assert counts(preview(lines(MUG))) == (0, 0, 1, 0)
    again = bring(lines({"handle": "mug", "vendor": "Other"}))
    assert changes(again) == [("mug", "vendor", "Hearthside", "Other")]
    mug = Product.objects.get(handle="mug")
    assert (mug.title, mug.vendor, mug.skus.count(), mug.images.count()) == ("Mug", "Other", 2, 1)
    assert CopyVersion.objects.get().text == "<p>A mug.</p>"


def test_one_field_of_the_skus_can_be_changed_alone(in_scope):
    bring(lines(MUG))
    prices = [{"options": ["S"], "price_minor": 1}, {"options": ["L"], "price_minor": 2}]
    bring(lines({"handle": "mug", "option_names": ["Size"], "skus": prices}))
    skus = Product.objects.get(handle="mug").skus
    assert list(skus.values_list("code", "price_minor")) == [("M-S", 1), ("M-L", 2)]


def test_lines_may_speak_of_different_fields(in_scope):
    bring(lines(MUG, {"handle": "pot", "title": "Pot"}))
    again = preview(lines({"handle": "mug", "title": "Cup"}, {"handle": "pot", "vendor": "H"}))
    assert [change[:2] for change in changes(again)] == [("mug", "title"), ("pot", "vendor")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"tag": []}, ("tag", "key_unknown")),
        ({"title": ""}, ("title", "title_missing")),
        ({"title": 3}, ("title", "needs_text")),
        ({"title": "x" * 256}, ("title", "too_long")),
        ({"tags": "tea"}, ("tags", "needs_list")),
        ({"tags": [1]}, ("tags[0]", "needs_text")),
        ({"status": "gone"}, ("status", "status_unknown")),
        ({"images": [{"url": "/1.jpg"}]}, ("images[0].url", "not_a_web_address")),
        ({"images": [{}]}, ("images[0].url", "key_missing")),
        ({"attributes": [{"name": "a", "value": None}]}, ("attributes[0].value", "needs_value")),
        ({"attributes": [{"value": 1}]}, ("attributes[0].name", "key_missing")),
        ({"attributes": [{"name": "a", "value": "b", "unit": "g"}]},
         ("attributes[0].unit", "unit_needs_number")),
        ({"skus": []}, ("skus", "skus_missing")),
        ({"skus": [{"options": ["S"], "price_minor": 1.5}]}, ("skus[0].price_minor", "needs_minor")),
        ({"skus": [{"options": ["S"], "price_minor": True}]},
         ("skus[0].price_minor", "needs_minor")),
        ({"skus": [{"options": ["S"], "price_minor": -1}]},
         ("skus[0].price_minor", "price_negative")),
        ({"skus": [{"options": []}]}, ("skus[0].options", "options_differ")),
        ({"skus": [{"options": ["S"]}, {"options": ["S"]}]},
         ("skus[1].options", "options_repeated_in")),
        ({"skus": [{"options": ["S"], "currency": "USD"}]},
         ("skus[0].currency", "price_in_other_currency")),
        ({"skus": [{"options": ["S"], "weight_grams": "heavy"}]},
         ("skus[0].weight_grams", "not_a_weight")),
        ({"skus": [{"options": ["S"], "colour": "red"}]}, ("skus[0].colour", "key_unknown")),
        ({"skus": "S"}, ("skus", "needs_list")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_reported_with_its_path(change, expected):
    assert expected in found(lines(MUG | change))
    assert expected[1] in MESSAGES


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"handle": "a"', "json_broken"),
        ('{"handle": "a", "handle": "b"}', "json_name_twice"),
        ('{"handle": NaN}', "json_constant"),
        ('{"handle": -Infinity}', "json_constant"),
        ("[1]", "needs_object"),
        ('{"a":' * 100_000 + "1", "json_too_deep"),
        ('{"a": ' + "9" * 5_000 + "}", "json_number"),
        ('{"handle": "a"} {"handle": "b"}', "json_broken"),
    ],
)
def test_a_broken_line_spoils_no_other(line, code):
    options = replace(OPTIONS, format="jsonl")
    first, broken, last = parse(lines(MUG) + line + "\n" + lines(MUG), options=options)[1]
    assert (first.problems, last.problems) == ((), ())
    assert [(p.row, p.column, p.code) for p in broken.problems] == [(2, "", code)]
    assert code in MESSAGES


def test_characters_that_no_database_keeps_are_reported():
    line = '{"handle": "a", "title": "M\\u0000ug", "vendor": "\\ud800"}'
    assert found(line) == [("title", "nul_character"), ("vendor", "not_a_character")]
    (product,) = parse(line, options=replace(OPTIONS, format="jsonl"))[1]
    assert (product.title, product.vendor) == ("Mug", "")


def test_an_endless_line_is_refused():
    with pytest.raises(UnreadableFile) as caught:
        parse('{"handle": "' + "x" * 3_000_000, options=replace(OPTIONS, format="jsonl"))
    assert caught.value.code == "json_line_too_long"


def test_a_corrected_line_is_read_again():
    layout, (mug,) = parse(lines(MUG | {"title": 3}))
    again = all_importers()["jsonl"].reread(
        layout, mug.raw.replace("3,", '"Mug",', 1), OPTIONS, "x"
    )
    assert (again.problems, again.title) == ((), "Mug")


def test_a_missing_handle_is_made_of_the_title():
    text = lines({"title": "Blue Mug", "skus": [{"price_minor": 1}]}, {"title": "青釉杯"})
    _, products = parse(text)
    assert [product.handle for product in products] == ["blue-mug", "青釉杯"]


@pytest.mark.parametrize("size", [10, 70_000])
def test_a_list_of_objects_is_read_one_by_one(size):
    values = [{"n": n, "text": "é\n" * size} for n in range(3)]
    text = json.dumps(values, indent=1)
    assert [value for _, value in json_list(StringIO(text))] == values
    inside = json.dumps({"total": 3, "products": values})
    assert [value for _, value in json_list(StringIO(inside))] == values


def test_a_list_tells_the_lines_of_its_objects():
    text = '[\n {"a": 1},\n\n {"a": [\n2]},\n {"a": 3}]'
    assert [line for line, _ in json_list(StringIO(text))] == [2, 4, 6]


@pytest.mark.parametrize("text", ['[{"a": 1}', '[{"a": "x', '[{"a": 1},', '{"products": [{"a"'])
def test_a_list_that_is_cut_off_says_so(text):
    with pytest.raises(UnreadableFile) as caught:
        list(json_list(StringIO(text)))
    assert caught.value.code == "json_cut_off"


def test_json_is_taken_strictly():
    for text in ("", "{'a': 1}", "[1,]", "nul"):
        with pytest.raises(BadJson):
            parse_json(text)


def test_attributes_that_are_given_are_all_there_are(in_scope):
    bring("Handle,Title,A (product.metafields.b.a),B (product.metafields.b.b)\nmug,Mug,1,2\n")
    text = lines(
        {"handle": "mug", "attributes": [{"name": "A", "value": 1}, {"name": "C", "value": 3}]}
    )
    again = bring(text)
    assert changes(again) == [("mug", "attribute", "2", ""), ("mug", "attribute", "", "3")]
    attributes = Product.objects.get(handle="mug").attributes
    assert [one["name"] for one in attributes] == ["A", "C"]
    assert attributes[0]["origin"]["column"] == "A (product.metafields.b.a)"


def test_a_list_or_an_answer_of_our_api_is_read_like_lines():
    for text in (json.dumps([MUG, MUG], indent=1), json.dumps({"count": 2, "results": [MUG, MUG]})):
        layout, products = parse(text, file_name="products.json")
        assert [(product.handle, product.problems) for product in products] == [("mug", ())] * 2


def test_skus_that_name_different_fields_keep_what_they_do_not_name(in_scope):
    pictures = [{"options": ["S"], "image_url": "https://e.org/s.jpg"}, {"options": ["L"]}]
    mug = MUG | {"skus": [a | b for a, b in zip(MUG["skus"], pictures, strict=True)]}
    bring(lines(mug))
    skus = [{"options": ["S"], "price_minor": 1300}, {"options": ["L"], "code": "M-XL",
            "image_url": "https://e.org/1.jpg"}]  # fmt: skip
    found = bring(lines({"handle": "mug", "option_names": ["Size"], "skus": skus}))
    assert changes(found) == [
        ("mug", "price_minor", "12.00", "13.00"),
        ("mug", "code", "M-L", "M-XL"),
        ("mug", "image_url", "", "https://e.org/1.jpg"),
    ]
    stored = Product.objects.get().skus.values_list("code", "price_minor", "image__url")
    assert list(stored) == [
        ("M-S", 1300, "https://e.org/s.jpg"),
        ("M-XL", 1500, "https://e.org/1.jpg"),
    ]
