import pytest

from stores.importers.base import ParsedImage, ParsedSku
from stores.models import CopyVersion, Product, ProductRevision
from stores.services.products import create_product, update_product
from tenants.actor import Actor

ORIGIN = {"file": "shop.csv", "row": 7, "column": "Material"}
ANN = Actor("user", "ann@example.org")


@pytest.fixture
def mug(in_scope):
    made = create_product(
        title="Mug",
        handle="mug",
        tags=["blue"],
        locale="en",
        option_names=["Size"],
        skus=[
            ParsedSku(("S",), code="M-1", price_minor=1950, weight_grams="380"),
            ParsedSku(("L",), code="M-2", price_minor=2450),
        ],
        images=[
            ParsedImage("https://img.example/1.jpg", "Front", 1),
            ParsedImage("https://img.example/2.jpg", "", 2),
        ],
        actor=ANN,
    )
    made.attributes = [
        {"name": "Material", "value": "oak", "type": "text", "unit": None, "origin": ORIGIN},
        {"name": "Height", "value": 9, "type": "number", "unit": "cm", "origin": ORIGIN},
    ]
    made.save(update_fields=["attributes"])
    return made


@pytest.fixture
def shop(merchant):
    return f"/m/{merchant.public_id}/products/"


@pytest.fixture
def address(mug, shop):
    return f"{shop}{mug.public_id}/edit/"


def posted(forms):
    """What a browser sends of a page's form: names and values as they stand in it."""
    data = {}
    for bound in forms.main:
        if bound.value() is not None:
            data[bound.html_name] = bound.value()
    for formset in (forms.attributes, forms.skus, forms.images):
        for part in (formset.management_form, *formset):
            for bound in part:
                value = bound.field.prepare_value(bound.value()) if bound.value() else bound.value()
                if value is not None and value is not False:
                    data[bound.html_name] = value
    return data


@pytest.fixture
def opened(address, editor, signed_in):
    """A function: what the form sends when it was opened now and some fields were changed."""
    client = signed_in(editor)

    def open_form(**changes):
        page = client.get(address)
        data = posted(page.context["forms"]) | {"revision": page.context["revision"]}
        return {name: value for name, value in (data | changes).items() if value is not None}

    return open_form


@pytest.fixture
def send(address, editor, signed_in):
    return lambda data, **more: signed_in(editor).post(address, data, **more)


def test_the_form_shows_what_is_there(address, editor, signed_in):
    page = signed_in(editor).get(address).content.decode()
    for shown in ('value="Mug"', 'value="blue"', 'value="oak"', 'value="9"', 'value="cm"'):
        assert shown in page
    for shown in (
        'value="19.50"',
        'value="380"',
        'value="M-2"',
        'value="https://img.example/2.jpg"',
    ):
        assert shown in page


def test_a_form_that_nobody_touched_changes_nothing(mug, opened, send):
    before = Product.objects.values().get()
    assert send(opened()).status_code == 302
    assert Product.objects.values().get() == before
    assert ProductRevision.objects.count() == 0


def test_fields_are_changed_and_untouched_attributes_keep_their_origin(mug, opened, send):
    data = opened(
        title="Tall mug",
        tags="new, blue，new",
        category="Kitchen > Mugs",
        locale="de",
        handle="tall-mug",
    )
    more = {"attributes-1-value": "12", "attributes-2-name": "Colour", "attributes-2-value": "blue"}
    assert send(data | more | {"attributes-TOTAL_FORMS": 3}).status_code == 302
    mug.refresh_from_db()
    assert (mug.title, mug.tags, mug.category) == ("Tall mug", ["new", "blue"], "Kitchen > Mugs")
    assert (mug.locale, mug.handle) == ("de", "tall-mug")
    assert [
        (a["name"], a["value"], a["unit"], "file" in (a.get("origin") or {}))
        for a in mug.attributes
    ] == [
        ("Material", "oak", None, True),
        ("Height", 12, "cm", False),
        ("Colour", "blue", None, False),
    ]


def test_a_removed_or_emptied_attribute_is_gone(mug, opened, send):
    send(opened(**{"attributes-0-DELETE": "on", "attributes-1-value": ""}))
    mug.refresh_from_db()
    assert mug.attributes == []


def test_skus_are_changed_added_renamed_and_removed(mug, opened, send):
    small, large = mug.skus.all()
    data = opened(
        **{
            "skus-0-option_0": "Small",
            "skus-0-price": "18,00",
            "skus-0-compare_at_price": "€ 19.50",
            "skus-0-image_url": "https://img.example/2.jpg",
            "skus-1-DELETE": "on",
            "skus-2-option_0": "XL",
            "skus-2-code": "M-3",
            "skus-TOTAL_FORMS": 3,
        }
    )
    assert send(data).status_code == 302
    first, second = mug.skus.all()
    assert (first.pk, first.options, first.price_minor, first.compare_at_price_minor) == (
        small.pk, ["Small"], 1800, 1950,
    )  # fmt: skip
    assert first.image.url == "https://img.example/2.jpg"
    assert (second.options, second.code, second.price_minor) == (["XL"], "M-3", None)
    assert not mug.skus.filter(pk=large.pk).exists()
    mug.refresh_from_db()
    assert (mug.min_price_minor, mug.max_price_minor) == (1800, 1800)


def test_another_option_asks_each_sku_for_its_value(mug, opened, send):
    data = opened(option_name_1="Colour")
    answer = send(data)
    assert answer.status_code == 422
    assert 'name="skus-0-option_1"' in answer.content.decode()
    colours = {"skus-0-option_1": "Red", "skus-1-option_1": "Red"}
    assert send(data | colours).status_code == 302
    mug.refresh_from_db()
    assert mug.option_names == ["Size", "Colour"]
    assert [sku.options for sku in mug.skus.all()] == [["S", "Red"], ["L", "Red"]]


def test_an_option_is_renamed_or_taken_away(mug, opened, send):
    assert send(opened(option_name_0="Grösse")).status_code == 302
    mug.refresh_from_db()
    assert (mug.option_names, mug.skus.count()) == (["Grösse"], 2)
    assert send(opened(**{"option_name_0": "", "skus-1-DELETE": "on"})).status_code == 302
    mug.refresh_from_db()
    assert (mug.option_names, [sku.options for sku in mug.skus.all()]) == ([], [[]])


def test_images_are_reordered_described_added_and_removed(mug, opened, send):
    data = opened(
        **{
            "images-0-ORDER": "3",
            "images-1-DELETE": "on",
            "images-2-url": "https://img.example/3.jpg",
            "images-2-alt_text": "Back",
            "images-2-ORDER": "1",
            "images-TOTAL_FORMS": 3,
        }
    )
    assert send(data).status_code == 302
    assert list(mug.images.values_list("url", "alt_text", "position")) == [
        ("https://img.example/3.jpg", "Back", 1),
        ("https://img.example/1.jpg", "Front", 2),
    ]


@pytest.mark.parametrize(
    ("kind", "field"),
    [("attributes", "attributes-2-name"), ("skus", "skus-2-code"), ("images", "images-2-url")],
)
def test_one_more_row_is_added_without_saving(mug, opened, send, kind, field):
    data = opened(vendor="Pots", title="", add_row=kind)
    page = send(data, headers={"HX-Request": "true"}).content.decode()
    assert f'name="{field}"' in page
    assert 'value="Pots"' in page
    assert "has-errors" not in page
    assert Product.objects.get().title == "Mug"


@pytest.mark.parametrize("total", ["²", "9" * 5000, "-1"])
def test_a_count_that_is_none_does_not_break_the_form(opened, send, total):
    data = opened(add_row="skus") | {"skus-TOTAL_FORMS": total}
    assert send(data).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"status": "sold"},
        {"tags": "x" * 256},
        {"locale": "deutsch bitte"},
        {"attributes-0-name": ""},
        {"attributes-0-unit": "cm"},
        {"skus-0-price": "cheap"},
        {"skus-0-price": "-1"},
        {"skus-0-price": "9.999"},
        {"skus-0-price": "5 USD"},
        {"skus-0-weight_grams": "light"},
        {"skus-0-option_0": ""},
        {"skus-0-option_0": "L"},
        {"option_name_1": "Size"},
        {"images-0-url": "javascript:alert(1)"},
        {"images-0-url": "https://img.example/2.jpg"},
    ],
)
def test_what_is_wrong_is_said_in_place_and_nothing_is_changed(mug, opened, send, changes):
    before = (list(Product.objects.values()), list(mug.skus.values()), list(mug.images.values()))
    answer = send(opened(vendor="Typed", **changes), headers={"HX-Request": "true"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "has-errors" in page or "text-danger" in page
    assert 'value="Typed"' in page
    after = (list(Product.objects.values()), list(mug.skus.values()), list(mug.images.values()))
    assert after == before


def test_a_taken_handle_is_told_at_its_field(mug, opened, send):
    create_product(title="Pot", handle="pot", actor=ANN)
    answer = send(opened(handle="pot"))
    assert answer.status_code == 422
    assert answer.context["forms"].main.errors["handle"] == ["Another product has this handle."]


def test_a_form_over_somebody_elses_change_says_so_and_keeps_what_was_typed(mug, opened, send):
    data = opened(title="Mine")
    update_product(product=mug, actor=ANN, vendor="Theirs")
    answer = send(data, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody has changed this product" in page
    assert "<ins>Theirs</ins>" in page
    assert 'value="Mine"' in page
    assert Product.objects.get().title == "Mug"
    again = data | {"revision": answer.context["revision"], "vendor": "Theirs"}
    assert send(again).status_code == 302
    assert Product.objects.values_list("title", "vendor").get() == ("Mine", "Theirs")


def test_a_form_with_mistakes_does_not_forget_when_it_was_opened(mug, opened, send):
    data = opened(title="")
    update_product(product=mug, actor=ANN, vendor="Theirs")
    assert send(opened(title="")).status_code == 422
    first = send(data)
    assert "Somebody has changed this product" in first.content.decode()


def test_a_product_with_very_many_skus_keeps_them(in_scope, shop, editor, signed_in):
    many = create_product(
        title="Shirt",
        option_names=["Size"],
        skus=[ParsedSku((str(n),)) for n in range(120)],
        actor=ANN,
    )
    client = signed_in(editor)
    page = client.get(f"{shop}{many.public_id}/edit/")
    assert "120 SKUs, more than fit" in page.content.decode()
    data = posted(page.context["forms"]) | {"title": "Tee", "revision": ""}
    data = {name: value for name, value in data.items() if not name.startswith("skus-")}
    answer = client.post(f"{shop}{many.public_id}/edit/", data)
    assert answer.status_code == 302
    many.refresh_from_db()
    assert (many.title, many.skus.count()) == ("Tee", 120)


@pytest.mark.parametrize(
    ("kind", "said", "parts"),
    [
        (
            "images",
            "60 images, more than fit",
            {"images": [ParsedImage(f"https://img.example/{n}.jpg", "", n) for n in range(1, 61)]},
        ),
        (
            "attributes",
            "120 attributes, more than fit",
            {"attributes": [{"name": f"A{n}", "value": "oak"} for n in range(120)]},
        ),
        (
            "skus",
            "12 options, more than fit",
            {
                "option_names": [f"O{n}" for n in range(12)],
                "skus": [ParsedSku(tuple("abcdefghijkl"), image_url="https://img.example/1.jpg")],
                "images": [ParsedImage("https://img.example/1.jpg", "", 1)],
            },
        ),
    ],
)
def test_what_does_not_fit_on_the_page_is_kept(
    in_scope, shop, editor, signed_in, kind, said, parts
):
    many = create_product(title="Shirt", actor=ANN, **parts)
    before = whole(many)
    client = signed_in(editor)
    page = client.get(f"{shop}{many.public_id}/edit/")
    assert said in page.content.decode()
    assert f'name="{kind}-' not in page.content.decode()
    sent = posted(page.context["forms"]) | {"title": "Tee", "revision": ""}
    data = {name: value for name, value in sent.items() if not name.startswith(f"{kind}-")}
    assert client.post(f"{shop}{many.public_id}/edit/", data).status_code == 302
    many.refresh_from_db()
    assert (many.title, whole(many)) == ("Tee", before)


def whole(product):
    return (
        product.option_names,
        product.attributes,
        list(product.images.values_list("pk", "url", "position")),
        list(product.skus.values_list("pk", "options", "image__url")),
    )


NEW = {
    "title": "青釉盖碗",
    "status": "draft",
    "tags": "tea",
    "description": "<p>A lid, a bowl, a saucer.</p>",
    "option_name_0": "Colour",
    "attributes-TOTAL_FORMS": 1,
    "attributes-INITIAL_FORMS": 0,
    "attributes-0-name": "Volume",
    "attributes-0-value": "150",
    "attributes-0-unit": "ml",
    "skus-TOTAL_FORMS": 2,
    "skus-INITIAL_FORMS": 0,
    "skus-0-option_0": "Green",
    "skus-0-price": "88",
    "skus-0-image_url": "https://img.example/g.jpg",
    "skus-1-code": "",
    "images-TOTAL_FORMS": 1,
    "images-INITIAL_FORMS": 0,
    "images-0-url": "https://img.example/g.jpg",
}


def test_a_product_is_made_by_hand(in_scope, shop, editor, signed_in):
    client = signed_in(editor)
    assert client.get(f"{shop}new/").status_code == 200
    assert client.post(f"{shop}new/", NEW).status_code == 302
    made = Product.objects.get()
    assert (made.title, made.handle, made.status) == ("青釉盖碗", "青釉盖碗", "draft")
    assert (made.locale, made.min_price_minor) == (in_scope.locale, 8800)
    assert made.attributes[0]["unit"] == "ml"
    sku = made.skus.get()
    assert (sku.options, sku.currency, sku.image.url) == (
        ["Green"], "EUR", "https://img.example/g.jpg",
    )  # fmt: skip
    assert CopyVersion.objects.values_list("state", "source").get() == ("published", "human")


def test_a_new_product_with_a_mistake_is_not_made(in_scope, shop, editor, signed_in):
    for wrong in ({"title": ""}, {"skus-0-price": "x"}, {"handle": "taken"}):
        create_product(title="Taken", handle=f"taken{len(wrong)}", actor=ANN)
        Product.objects.update(handle="taken")
        answer = signed_in(editor).post(f"{shop}new/", NEW | wrong)
        assert answer.status_code == 422
        assert Product.objects.count() == 1
        Product.objects.all().delete()


def test_deleting_asks_first(mug, shop, editor, signed_in):
    client = signed_in(editor)
    page = client.get(f"{shop}{mug.public_id}/delete/").content.decode()
    assert "2 SKUs go with it." in page
    assert Product.objects.count() == 1
    answer = client.post(f"{shop}{mug.public_id}/delete/")
    assert (answer.status_code, answer.url, Product.objects.count()) == (302, shop, 0)
