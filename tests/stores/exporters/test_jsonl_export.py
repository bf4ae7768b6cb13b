"""JSON Lines: our API's shape, a product a line."""

import json

from stores.importers.base import ParsedImage, ParsedSku
from stores.models import CopyVersion
from stores.services.copy import add_draft, publish_copy
from stores.services.products import create_product
from tenants.actor import SYSTEM
from tenants.scope import merchant_scope
from tests.stores.files import bring, changes, counts, export, preview


def bowl(**more):
    return create_product(
        **{
            "title": "Bowl",
            "actor": SYSTEM,
            "description": "<p>A bowl.</p>",
            "tags": ["new"],
            "option_names": ["Size"],
            "skus": [
                ParsedSku(("S",), code="S", price_minor=500, weight_grams="250.5"),
                ParsedSku(("L",), image_url="https://e.org/1.jpg"),
            ],
            "images": [ParsedImage("https://e.org/1.jpg", "Front", 1)],
            "attributes": [{"name": "Volume", "value": 1.5, "type": "number", "unit": "l"}],
        }
        | more
    )


def test_a_line_says_all_that_we_know(in_scope):
    product = bowl()
    (line,) = export(format="jsonl").splitlines()
    found = json.loads(line)
    small, large = found.pop("skus")
    assert (found.pop("id"), found.pop("copy")["source"]) == (product.public_id, "human")
    (attribute,) = found.pop("attributes")
    assert (attribute["name"], attribute["value"], attribute["unit"]) == ("Volume", 1.5, "l")
    assert found == {
        "handle": "bowl",
        "title": "Bowl",
        "vendor": "",
        "product_type": "",
        "category": "",
        "tags": ["new"],
        "status": "active",
        "locale": "en",
        "option_names": ["Size"],
        "description": "<p>A bowl.</p>",
        "images": [{"url": "https://e.org/1.jpg", "alt_text": "Front", "position": 1}],
    }
    assert (small["options"], small["price_minor"], small["weight_grams"]) == (["S"], 500, "250.5")
    assert (large["image_url"], large["price_minor"]) == ("https://e.org/1.jpg", None)


def test_what_some_readers_take_for_a_line_end_is_escaped(in_scope):
    bowl(title="A\x85B\u2028C\u2029D")
    text = export(format="jsonl")
    assert len(text.splitlines()) == 1
    assert json.loads(text)["title"] == "A\x85B\u2028C\u2029D"


def test_lines_come_back_unchanged(in_scope):
    bowl()
    exported = export(format="jsonl")
    again = preview(exported, file_name="p.jsonl")
    assert (again.format, changes(again), counts(again)) == ("jsonl", [], (0, 0, 1, 0))
    bring(exported, file_name="p.jsonl")
    assert export(format="jsonl") == exported


def test_ai_marks_survive_into_another_shop(in_scope, other_merchant):
    product = bowl()
    draft = add_draft(
        product=product, field="description", locale="en", text="<p>New.</p>", source="ai",
        actor=SYSTEM,
    )  # fmt: skip
    publish_copy(version=draft, actor=SYSTEM)
    exported = export(format="jsonl")
    again = preview(exported, file_name="p.jsonl")
    assert changes(again) == []
    with merchant_scope(other_merchant.pk):
        bring(exported, file_name="p.jsonl")
        live = CopyVersion.objects.get(state="published")
        assert (live.source, live.text) == ("ai", "<p>New.</p>")
