import re

import pytest

from stores.importers.base import ParsedImage, ParsedSku
from stores.models import ProductImage
from stores.selectors.filters import ProductFilter
from stores.services import bulk_edit_work
from stores.services.bulk_edits import confirm_bulk_edit, start_bulk_edit
from stores.services.products import create_product, update_product
from tenants.actor import Actor
from tests.stores.files import bring

ANN = Actor("user", "ann@example.org")


@pytest.fixture
def mug(in_scope):
    return create_product(
        title="Mug",
        handle="mug",
        skus=[ParsedSku((), price_minor=1000)],
        images=[ParsedImage("https://img.example/front%20view.jpg", "Front", 1)],
        actor=ANN,
    )


@pytest.fixture
def page(mug, merchant, viewer, signed_in):
    """A function: a page of the product as a viewer sees it."""
    client = signed_in(viewer)
    address = f"/m/{merchant.public_id}/products/{mug.public_id}/"
    return lambda name="": client.get(f"{address}{name}").content.decode()


def test_a_product_that_never_changed_says_so(page):
    assert "Nothing has changed yet" in page("history/")


def test_changes_are_told_as_people_would(mug, page, owner):
    update_product(product=mug, actor=ANN, status="draft", locale="de", tags=["tea"])
    update_product(
        product=mug, actor=Actor("api_key", "cdk_1"), skus=[ParsedSku((), price_minor=5)]
    )
    found = bring("Handle,Title\nmug,Cup\n", actor=Actor("user", owner.email, owner.pk))
    edit = start_bulk_edit(
        products=ProductFilter(),
        changes=[{"do": "set", "field": "vendor", "value": "H"}],
        actor=ANN,
    )
    bulk_edit_work.prepare(edit.pk)
    edit.refresh_from_db()
    bulk_edit_work.apply(confirm_bulk_edit(bulk_edit=edit, actor=ANN).pk)
    shown = page("history/")
    for words in (
        "<del>Active</del>",
        "<ins>Draft</ins>",
        "<ins>Deutsch</ins>",
        "<ins>tea</ins>",
        "<del>10.00</del>",
        "<ins>0.05</ins>",
        "<ins>Cup</ins>",
        "ann@example.org",
        "cdk_1",
        owner.email,
        f"/imports/{found.public_id}/",
        f"/bulk-edits/{edit.public_id}/",
    ):
        assert words in shown
    assert (
        shown.index("Bulk edit</span>") < shown.index("Import</span>") < shown.index("API</span>")
    )


def test_a_long_history_has_pages(mug, page):
    for n in range(30):
        update_product(product=mug, actor=ANN, vendor=f"V{n}")
    assert "<ins>V29</ins>" in page("history/")
    assert "<ins>V3</ins>" not in page("history/")
    (after,) = re.findall(r"[?]after=[^\"&]+", page("history/"))[:1]
    assert "<ins>V3</ins>" in page(f"history/{after}")


def test_hostile_changes_are_shown_as_text(mug, page):
    update_product(
        product=mug, actor=Actor("user", "<script>x"), vendor="<script>alert(1)</script>"
    )
    assert "<script>alert" not in page("history/")
    assert "<script>x" not in page("history/")


def test_images_tell_what_was_found(mug, page):
    assert "Not checked yet" in page()
    assert "front view.jpg" in page()
    ProductImage.objects.update(state="small", width=64, height=48, n_bytes=2048)
    assert "Too small" in page()
    assert "64 × 48" in page()


def test_a_picture_that_is_known_to_be_missing_is_not_asked_for_again(mug, page):
    assert '<img src="https://img.example/' in page()
    ProductImage.objects.update(state="missing")
    assert '<img src="https://img.example/' not in page()
    assert "This picture cannot be shown" in page()


def test_images_are_checked_on_request_where_it_is_allowed(
    mug, merchant, editor, signed_in, settings, django_capture_on_commit_callbacks, monkeypatch
):
    address = f"/m/{merchant.public_id}/products/{mug.public_id}/"
    client = signed_in(editor)
    assert "Check images now" not in client.get(address).content.decode()
    answer = client.post(f"{address}images/check/", follow=True)
    assert "does not look at images" in answer.content.decode()
    settings.CHECK_IMAGES = True
    sent = []
    monkeypatch.setattr(
        "stores.services.image_checks.current_app.send_task",
        lambda name, kwargs, retry: sent.append((name, kwargs)),
    )
    assert "Check images now" in client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{address}images/check/")
    assert sent == [("stores.check_images", {"merchant_id": merchant.pk, "product_id": mug.pk})]


def test_images_with_problems_are_listed_by_what_is_wrong(mug, merchant, viewer, signed_in):
    client, address = signed_in(viewer), f"/m/{merchant.public_id}/products/images/"
    assert "front view.jpg" in client.get(address).content.decode()
    ProductImage.objects.update(state="missing")
    page = client.get(address).content.decode()
    assert "front view.jpg" in page
    assert f"/products/{mug.public_id}/" in page
    assert "No image is in this state." in client.get(f"{address}?state=small").content.decode()
    assert client.get(f"{address}?state=nonsense").status_code == 200
