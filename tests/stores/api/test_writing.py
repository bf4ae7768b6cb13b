import pytest

from stores.models import CopyVersion, Product, Sku
from tenants.models import AuditEntry
from tests.api.test_authentication import problem

PRODUCTS = "/api/v1/products/"
STOOL = {
    "title": "Oak stool",
    "handle": "oak-stool",
    "vendor": "Hearthside",
    "product_type": "Stools",
    "tags": ["kitchen", "oak"],
    "attributes": [
        {"name": "Material", "value": "oak"},
        {"name": "Height", "value": 45, "unit": "cm"},
        {"name": "Foldable", "value": False},
        {"name": "Finish", "value": ["oil", "wax"]},
    ],
    "option_names": ["Colour"],
    "skus": [
        {"code": "S-N", "options": ["natural"], "price_minor": 8900, "weight_grams": "2100.5"},
        {"code": "S-B", "options": ["black"], "image_url": "https://example.org/b.jpg"},
    ],
    "images": [{"url": "https://example.org/a.jpg", "alt_text": "A stool"}],
    "description": "<p>Made by <b>hand</b>.</p><script>x()</script>",
}


@pytest.fixture
def stool(partner):
    response = partner.post(PRODUCTS, STOOL)
    assert response.status_code == 201, response.content
    return response.json()


def address(product):
    return f"{PRODUCTS}{product['id']}/"


def test_a_new_product_comes_back_with_everything_in_it(partner, stool):
    assert partner.get(address(stool)).json() == stool
    assert (stool["handle"], stool["tags"], stool["status"]) == (
        "oak-stool",
        ["kitchen", "oak"],
        "active",
    )
    values = [(a["name"], a["value"], a["type"], a["unit"]) for a in stool["attributes"]]
    assert values == [
        ("Material", "oak", "text", None),
        ("Height", 45, "number", "cm"),
        ("Foldable", False, "boolean", None),
        ("Finish", ["oil", "wax"], "list", None),
    ]
    assert [image["url"][-5:] for image in stool["images"]] == ["a.jpg", "b.jpg"]
    skus = [(sku["code"], sku["options"], sku["price_minor"]) for sku in stool["skus"]]
    assert skus == [("S-N", ["natural"], 8900), ("S-B", ["black"], None)]
    assert [sku["currency"] for sku in stool["skus"]] == ["EUR", "EUR"]
    assert stool["skus"][1]["image"] == stool["images"][1]["id"]
    assert stool["copy_state"] == "human"


def test_its_description_is_published_and_harmless(partner, stool):
    texts = partner.get(f"{address(stool)}copy/").json()["results"]
    assert [(text["source"], text["text"]) for text in texts] == [
        ("human", "<p>Made by <b>hand</b>.</p>")
    ]


def test_where_it_lives_is_told(partner):
    response = partner.post(PRODUCTS, {"title": "Oak stool"})
    created = response.json()
    assert response["Location"] == f"http://testserver{PRODUCTS}{created['id']}/"
    assert (created["handle"], len(created["skus"]), created["copy_state"]) == (
        "oak-stool",
        1,
        "none",
    )


def test_a_product_sent_twice_is_added_once(partner):
    headers = {"Idempotency-Key": "stool-1"}
    first, second = (partner.post(PRODUCTS, STOOL, headers=headers) for _ in range(2))
    assert first.content == second.content
    with partner.rows():
        assert Product.objects.count() == 1


def test_a_handle_is_taken_once(partner, stool):
    problem(partner.post(PRODUCTS, STOOL), 409, "handle_taken")
    with partner.rows():
        assert (Product.objects.count(), CopyVersion.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/title"),
        ({"title": "x" * 256}, "/title"),
        ({"title": "\x00"}, "/title"),
        ({"title": "x", "status": "gone"}, "/status"),
        ({"title": "x", "tags": "kitchen"}, "/tags"),
        ({"title": "x", "attributes": [{"name": "A"}]}, "/attributes/0/value"),
        ({"title": "x", "attributes": [{"name": "A", "value": {}}]}, "/attributes/0/value"),
        ({"title": "x", "attributes": [{"name": "A", "value": [[]]}]}, "/attributes/0/value/0"),
        ({"title": "x", "attributes": [{"name": "A", "value": 1e400}]}, ""),
        (
            {"title": "x", "attributes": [{"name": "A", "value": "1", "type": "number"}]},
            "/attributes/0/type",
        ),
        (
            {"title": "x", "attributes": [{"name": "A", "value": "1", "unit": "cm"}]},
            "/attributes/0/unit",
        ),
        ({"title": "x", "skus": [{"price_minor": -1}]}, "/skus/0/price_minor"),
        ({"title": "x", "skus": [{"price_minor": 1.5}]}, "/skus/0/price_minor"),
        ({"title": "x", "images": [{"url": "javascript:alert(1)"}]}, "/images/0/url"),
        ({"title": "x", "skus": [{"image_url": "javascript:alert(1)"}]}, "/skus/0/image_url"),
        ({"title": "x", "images": [{"url": "ftp://example.org/a"}]}, "/images/0/url"),
        ({"title": "x", "attributes": [{"name": "A", "value": "1"}] * 251}, "/attributes"),
    ],
)
def test_what_is_not_a_product(partner, body, pointer):
    if pointer == "":
        problem(partner.post(PRODUCTS, body), 400, "malformed_body")
    else:
        document = problem(partner.post(PRODUCTS, body), 400, "validation_failed")
        assert [error["pointer"] for error in document["errors"]] == [pointer]
    with partner.rows():
        assert not Product.objects.exists()


def test_options_must_fit(partner):
    two = [{"options": ["red"]}, {"options": ["red"]}]
    body = {"title": "x", "option_names": ["Colour"], "skus": two}
    problem(partner.post(PRODUCTS, body), 422, "sku_options_repeated")
    body["skus"] = [{"options": ["red", "S"]}]
    problem(partner.post(PRODUCTS, body), 422, "sku_options_missing")


def test_a_change_leaves_the_rest_as_it_was(partner, stool):
    changed = partner.patch(
        address(stool), {"title": "Oak stool, new"}, content_type="application/json"
    ).json()
    assert changed.pop("updated_at") > stool.pop("updated_at")
    assert changed == {**stool, "title": "Oak stool, new"}


def test_a_sku_is_known_again_by_its_options(partner, stool):
    skus = [{"code": "S-N2", "options": ["natural"]}, {"code": "S-G", "options": ["green"]}]
    changed = partner.patch(address(stool), {"skus": skus}, content_type="application/json").json()
    natural, green = changed["skus"]
    assert (natural["id"], natural["code"]) == (stool["skus"][0]["id"], "S-N2")
    assert green["id"] not in [sku["id"] for sku in stool["skus"]]
    with partner.rows():
        assert Sku.objects.count() == 2


def test_what_was_read_can_be_sent_back(partner, stool):
    names = ["attributes", "images", "skus", "tags", "option_names"]
    body = {name: stool[name] for name in names}
    again = partner.patch(address(stool), body, content_type="application/json").json()
    assert {name: again[name] for name in names} == body


def test_a_product_can_be_deleted(partner, stool):
    response = partner.delete(address(stool))
    assert (response.status_code, response.content) == (204, b"")
    problem(partner.get(address(stool)), 404, "not_found")
    with partner.rows():
        entries = AuditEntry.objects.filter(action="product.deleted")
        assert [(e.actor_kind, e.target) for e in entries] == [("api_key", stool["id"])]


def test_put_replaces_all_but_the_handle_and_keeps_what_is_known_again(partner, stool):
    body = {"title": "Oak stool", "option_names": ["Colour"], "skus": [{"options": ["natural"]}]}
    replaced = partner.put(address(stool), body, content_type="application/json").json()
    assert (replaced["handle"], replaced["vendor"], replaced["tags"]) == ("oak-stool", "", [])
    assert (replaced["attributes"], replaced["images"]) == ([], [])
    assert [sku["id"] for sku in replaced["skus"]] == [stool["skus"][0]["id"]]
    assert replaced["skus"][0]["price_minor"] is None
    assert replaced["copy_state"] == "human"


def test_put_needs_the_whole_product(partner, stool):
    response = partner.put(address(stool), {"vendor": "x"}, content_type="application/json")
    document = problem(response, 400, "validation_failed")
    assert [error["pointer"] for error in document["errors"]] == ["/title"]


@pytest.mark.parametrize("locale", ["--", "e", "de_DE", "1234", "en-", "a-tag-too-long-here"])
def test_a_locale_is_a_language_tag(partner, locale):
    document = problem(
        partner.post(PRODUCTS, {"title": "x", "locale": locale}), 400, "validation_failed"
    )
    assert [error["pointer"] for error in document["errors"]] == ["/locale"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"option_names": ["Size", "Colour", "Size"]}, "/option_names/2"),
        (
            {"attributes": [{"name": "A", "value": 1}, {"name": "A", "value": 2}]},
            "/attributes/1/name",
        ),
    ],
)
def test_a_name_comes_once(partner, body, pointer):
    document = problem(partner.post(PRODUCTS, {"title": "x", **body}), 400, "validation_failed")
    assert [(e["pointer"], e["code"]) for e in document["errors"]] == [(pointer, "repeated")]
