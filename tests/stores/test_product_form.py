import pytest

from stores.models import Product, Sku

ORIGIN = {"file": "shop.csv", "row": 7, "column": "Material"}


@pytest.fixture
def mug(in_scope):
    made = Product.objects.create(
        handle="mug",
        title="Mug",
        tags=["blue"],
        attributes=[
            {"name": "Material", "value": "oak", "type": "text", "unit": None, "origin": ORIGIN},
            {"name": "Height", "value": 9, "type": "number", "unit": "cm", "origin": ORIGIN},
        ],
    )
    Sku.objects.create(product=made, currency="EUR", position=1)
    return made


@pytest.fixture
def address(mug, merchant):
    return f"/m/{merchant.public_id}/products/{mug.public_id}/edit/"


def filled(*rows, **values):
    data = {"title": "Mug", "tags": "blue", "status": "active"} | values
    data |= {"attributes-TOTAL_FORMS": len(rows), "attributes-INITIAL_FORMS": 0}
    for number, (name, value) in enumerate(rows):
        data[f"attributes-{number}-name"] = name
        data[f"attributes-{number}-value"] = value
    return data


def test_the_form_shows_what_is_there(address, editor, signed_in):
    page = signed_in(editor).get(address).content.decode()
    for shown in ('value="Mug"', 'value="blue"', 'value="oak"', 'value="9 cm"'):
        assert shown in page


def test_fields_are_changed_and_untouched_attributes_keep_their_origin(
    address, mug, editor, signed_in
):
    data = filled(
        ("Material", "oak"),
        ("Height", "12 cm"),
        ("Colour", "blue"),
        title="Tall mug",
        tags="new, blue, new",
    )
    assert signed_in(editor).post(address, data).status_code == 302
    mug.refresh_from_db()
    assert (mug.title, mug.tags) == ("Tall mug", ["new", "blue"])
    assert [(a["name"], a["value"], "file" in (a.get("origin") or {})) for a in mug.attributes] == [
        ("Material", "oak", True),
        ("Height", 12, False),
        ("Colour", "blue", False),
    ]


def test_a_removed_or_emptied_row_is_gone(address, mug, editor, signed_in):
    data = filled(("Material", "oak"), ("Height", "")) | {"attributes-0-DELETE": "on"}
    signed_in(editor).post(address, data)
    mug.refresh_from_db()
    assert mug.attributes == []


def test_one_more_row_is_added_without_saving(address, mug, editor, signed_in):
    data = filled(("Material", "ash")) | {"add_row": "1"}
    page = signed_in(editor).post(address, data, headers={"HX-Request": "true"})
    assert 'name="attributes-1-name"' in page.content.decode()
    assert 'value="ash"' in page.content.decode()
    mug.refresh_from_db()
    assert mug.attributes[0]["value"] == "oak"


@pytest.mark.parametrize("total", ["²", "9" * 5000, "-1"])
def test_a_count_that_is_none_does_not_break_the_form(address, editor, signed_in, total):
    data = filled() | {"add_row": "1", "attributes-TOTAL_FORMS": total}
    assert signed_in(editor).post(address, data).status_code == 200


@pytest.mark.parametrize(
    "data",
    [filled(title=""), filled(status="sold"), filled(("", "oak")), filled(tags="x" * 256)],
)
def test_what_is_wrong_is_said_in_place_and_nothing_is_changed(
    address, mug, editor, signed_in, data
):
    answer = signed_in(editor).post(address, data, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "has-errors" in answer.content.decode()
    mug.refresh_from_db()
    assert (mug.title, mug.tags, len(mug.attributes)) == ("Mug", ["blue"], 2)
