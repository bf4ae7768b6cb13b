"""SKUs and images one at a time."""

import pytest

from stores.models import ProductRevision
from tests.api.test_authentication import problem
from tests.stores.api.test_writing import PRODUCTS, STOOL, stool  # noqa: F401

SKUS, IMAGES = "/api/v1/skus/", "/api/v1/images/"


def send(partner, method, path, body=None, **kwargs):
    call = getattr(partner, method)
    return call(path, body, content_type="application/json", **kwargs)


def skus(partner, stool):  # noqa: F811
    return partner.get(f"{PRODUCTS}{stool['id']}/").json()["skus"]


def test_a_sku_is_added_changed_and_taken_away(partner, stool):  # noqa: F811
    body = {"product": stool["id"], "options": ["red"], "code": "S-R", "price_minor": 9900}
    response = partner.post(SKUS, body)
    assert response.status_code == 201, response.content
    red = response.json()
    assert response["Location"].endswith(f"{SKUS}{red['id']}/")
    assert (red["position"], red["currency"], red["product"]) == (3, "EUR", stool["id"])

    changed = send(partner, "patch", f"{SKUS}{red['id']}/", {"options": ["crimson"]}).json()
    assert changed == {**red, "options": ["crimson"]}
    replaced = send(partner, "put", f"{SKUS}{red['id']}/", {"options": ["rose"]}).json()
    assert (replaced["id"], replaced["code"], replaced["price_minor"]) == (red["id"], "", None)
    assert partner.delete(f"{SKUS}{red['id']}/").status_code == 204
    assert skus(partner, stool) == stool["skus"]
    with partner.rows():
        kinds = ProductRevision.objects.values_list("kind", flat=True)
        assert set(kinds) == {"api"}


def test_the_rules_of_the_product_hold_for_one_sku(partner, stool):  # noqa: F811
    body = {"product": stool["id"], "options": ["black"]}
    problem(partner.post(SKUS, body), 422, "sku_options_repeated")
    problem(partner.post(SKUS, {**body, "options": []}), 422, "sku_options_missing")
    natural = f"{SKUS}{stool['skus'][0]['id']}/"
    problem(send(partner, "patch", natural, {"options": ["black"]}), 422, "sku_options_repeated")
    problem(partner.post(SKUS, {**body, "product": "prd_x"}), 400, "validation_failed")
    assert skus(partner, stool) == stool["skus"]


def test_the_last_sku_stays(partner, stool):  # noqa: F811
    first, second = (f"{SKUS}{sku['id']}/" for sku in stool["skus"])
    assert partner.delete(first).status_code == 204
    problem(partner.delete(second), 409, "last_sku")
    assert len(skus(partner, stool)) == 1


def test_an_image_is_added_moved_described_and_taken_away(partner, stool):  # noqa: F811
    body = {"product": stool["id"], "url": "https://example.org/c.jpg"}
    added = partner.post(IMAGES, body).json()
    assert (added["position"], added["alt_text"], added["state"]) == (3, "", "unchecked")
    problem(partner.post(IMAGES, body), 409, "image_repeated")
    moved = send(partner, "patch", f"{IMAGES}{added['id']}/", {"position": 1, "alt_text": "Red"})
    assert (moved.json()["position"], moved.json()["alt_text"]) == (1, "Red")
    images = partner.get(IMAGES, {"product": stool["id"]}).json()["results"]
    places = {image["url"][-5:]: image["position"] for image in images}
    assert places == {"c.jpg": 1, "a.jpg": 2, "b.jpg": 3}
    assert partner.delete(f"{IMAGES}{added['id']}/").status_code == 204
    shown = partner.get(f"{PRODUCTS}{stool['id']}/").json()
    assert [image["id"] for image in shown["images"]] == [i["id"] for i in stool["images"]]


def test_a_sku_loses_an_image_that_is_deleted(partner, stool):  # noqa: F811
    black = stool["skus"][1]
    assert partner.delete(f"{IMAGES}{black['image']}/").status_code == 204
    shown = partner.get(f"{SKUS}{black['id']}/").json()
    assert (shown["image"], shown["image_url"]) == (None, "")


@pytest.mark.parametrize("path", [SKUS, IMAGES])
def test_a_part_shows_its_product_where_asked(partner, stool, path):  # noqa: F811
    row = partner.get(path, {"expand": "product"}).json()["results"][0]
    assert row["product"] == stool["id"]
    assert row["expanded"]["product"]["title"] == STOOL["title"]
    assert "expanded" not in partner.get(path).json()["results"][0]
