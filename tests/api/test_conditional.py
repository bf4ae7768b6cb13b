import threading

import pytest
from django.db import connection

from stores.models import CopyVersion, Product
from tests.api.test_authentication import problem
from tests.stores.api.test_reading import make_product

PRODUCTS = "/api/v1/products/"
JSON = "application/json"


@pytest.fixture
def address(partner):
    with partner.rows():
        return f"{PRODUCTS}{make_product(1).public_id}/"


def patch(partner, address, title, **headers):
    return partner.patch(address, {"title": title}, content_type=JSON, headers=headers)


def test_a_read_that_is_repeated_answers_304_until_something_is_new(partner, address):
    first = partner.get(address)
    tag = first["ETag"]
    assert tag.startswith('"')
    assert (first["Cache-Control"], first["Vary"]) == (
        "private, no-cache",
        "Authorization, Accept-Language",
    )
    again = partner.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert "RateLimit" in again
    assert partner.get(address, headers={"If-None-Match": f'"x", W/{tag}'}).status_code == 304
    patch(partner, address, "New")
    assert partner.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_lists_have_tags_too_and_the_same_page_has_the_same_links(partner, address):
    with partner.rows():
        make_product(2)
    first = partner.get(f"{PRODUCTS}?limit=1")
    again = partner.get(f"{PRODUCTS}?limit=1", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    other = partner.get(f"{PRODUCTS}?limit=2", headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200


def test_a_change_goes_through_only_where_nobody_was_faster(partner, address):
    tag = partner.get(address)["ETag"]
    changed = patch(partner, address, "Mine", **{"If-Match": tag})
    assert (changed.status_code, changed["ETag"]) == (200, partner.get(address)["ETag"])
    problem(patch(partner, address, "Late", **{"If-Match": tag}), 412, "precondition_failed")
    assert partner.get(address).json()["title"] == "Mine"
    assert patch(partner, address, "Any", **{"If-Match": "*"}).status_code == 200


def test_deleting_and_acting_are_conditional_too(partner, address):
    tag = partner.get(address)["ETag"]
    problem(partner.delete(address, headers={"If-Match": '"old"'}), 412, "precondition_failed")
    with partner.rows():
        version = CopyVersion.objects.get()
    text = f"/api/v1/copy-versions/{version.public_id}/"
    seen = partner.get(text)["ETag"]
    refused = partner.post(f"{text}unpublish/", headers={"If-Match": tag})
    problem(refused, 412, "precondition_failed")
    done = partner.post(f"{text}unpublish/", headers={"If-Match": seen})
    assert (done.json()["state"], done["ETag"]) == ("retired", partner.get(text)["ETag"])


def test_a_condition_that_cannot_be_compared_is_never_passed_over(partner, address):
    headers = {"If-Match": '"x"'}
    problem(partner.post(PRODUCTS, {"title": "x"}, headers=headers), 412, "precondition_failed")
    with partner.rows():
        version = CopyVersion.objects.get()
        assert Product.objects.count() == 1
    again = f"/api/v1/copy-versions/{version.public_id}/regenerate/"
    problem(partner.post(again, headers=headers), 412, "precondition_failed")


def test_the_merchant_is_compared_too(partner):
    tag = partner.get("/api/v1/merchant/")["ETag"]
    body = {"name": "Hearth & Home"}
    send = {"content_type": JSON, "headers": {"If-Match": tag}}
    assert partner.patch("/api/v1/merchant/", body, **send).status_code == 200
    problem(partner.patch("/api/v1/merchant/", body, **send), 412, "precondition_failed")


def test_a_repeated_post_gets_the_first_tag_back(partner):
    headers = {"Idempotency-Key": "p"}
    first, second = (partner.post(PRODUCTS, {"title": "x"}, headers=headers) for _ in range(2))
    assert first["ETag"] == second["ETag"] == partner.get(first["Location"])["ETag"]


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_that_saw_the_same_one_wins(partner, address):
    tag = partner.get(address)["ETag"]
    barrier, answers = threading.Barrier(2), []

    def change(title):
        try:
            barrier.wait()
            answers.append(patch(partner, address, title, **{"If-Match": tag}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=(title,)) for title in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412]
    with partner.rows():
        assert Product.objects.get().title in ("One", "Two")
