import pytest

from stores.models import CopyVersion, Product
from stores.services.copy import add_draft, publish_copy, reject_copy
from tenants.actor import SYSTEM


@pytest.fixture
def mug(in_scope):
    return Product.objects.create(handle="mug", title="Mug")


@pytest.fixture
def texts(mug, merchant):
    return f"/m/{merchant.public_id}/products/{mug.public_id}/texts/"


def draft(product, text="<p>A mug.</p>", source="ai"):
    return add_draft(
        product=product,
        field="description",
        locale="en",
        text=text,
        source=source,
        actor=SYSTEM,
        provenance={"model": {"id": "Pebble"}},
    )


def versions():
    return list(CopyVersion.objects.order_by("pk").values_list("text", "source", "state"))


def test_a_text_is_written_by_hand(texts, editor, signed_in):
    written = {"text": "Oak & clay.\n\nGlazed.", "markup": "plain"}
    assert signed_in(editor).post(texts, written).status_code == 302
    assert versions() == [("<p>Oak &amp; clay.</p><p>Glazed.</p>", "human", "draft")]


def test_a_text_is_written_and_published_in_one_go(texts, editor, signed_in):
    signed_in(editor).post(texts, {"text": "Oak.", "markup": "plain", "publish": "1"})
    assert versions() == [("<p>Oak.</p>", "human", "published")]


def test_the_published_text_is_edited_into_a_new_version(texts, mug, editor, signed_in):
    published = publish_copy(version=draft(mug), actor=SYSTEM)
    address, client = f"{texts}?from={published.public_id}", signed_in(editor)
    assert "A mug.</textarea>" in client.get(address).content.decode()
    client.post(address, {"text": "A fine mug.", "markup": "plain"})
    assert versions() == [
        ("<p>A mug.</p>", "ai", "published"),
        ("<p>A fine mug.</p>", "ai_edited", "draft"),
    ]


def test_a_text_with_markup_is_edited_as_html(texts, mug, editor, signed_in):
    version = draft(mug, "<p>A <b>mug</b>.</p>", source="imported")
    address, client = f"{texts}?from={version.public_id}", signed_in(editor)
    assert "&lt;p&gt;A &lt;b&gt;mug&lt;/b&gt;.&lt;/p&gt;</textarea>" in (
        client.get(address).content.decode()
    )
    client.post(address, {"text": "<p>A <i>mug</i>.</p><script>x</script>", "markup": "html"})
    assert versions()[1] == ("<p>A <i>mug</i>.</p>", "human", "draft")


@pytest.mark.parametrize(("text", "markup"), [("", "plain"), ("<br>", "html"), ("x", "word")])
def test_what_is_no_text_is_refused_in_place(texts, editor, signed_in, text, markup):
    answer = signed_in(editor).post(
        texts, {"text": text, "markup": markup}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert answer.content.decode().strip().startswith("<form")
    assert versions() == []


@pytest.mark.parametrize(
    ("start", "action", "end"),
    [
        ("draft", "approve", "approved"),
        ("draft", "publish", "published"),
        ("published", "unpublish", "retired"),
        ("retired", "restore", "published"),
        ("rejected", "reopen", "draft"),
    ],
)
def test_buttons_move_a_text_from_state_to_state(texts, mug, editor, signed_in, start, action, end):
    version = draft(mug)
    CopyVersion.objects.update(state=start)
    signed_in(editor).post(f"{texts}{version.public_id}/{action}/")
    version.refresh_from_db()
    assert version.state == end


def test_what_does_not_fit_the_state_is_said_and_changes_nothing(texts, mug, editor, signed_in):
    version = reject_copy(version=draft(mug), reason="Dull", actor=SYSTEM)
    answer = signed_in(editor).post(f"{texts}{version.public_id}/publish/", follow=True)
    assert "it is rejected now" in answer.content.decode()
    assert versions()[0][2] == "rejected"


def test_an_unknown_action_is_no_page(texts, mug, editor, signed_in):
    answer = signed_in(editor).post(f"{texts}{draft(mug).public_id}/explode/")
    assert answer.status_code == 404


def test_a_version_is_compared_with_the_one_before_it(texts, mug, viewer, signed_in):
    draft(mug, "<p>old words</p>")
    second = draft(mug, "<p>new words</p>")
    page = signed_in(viewer).get(f"{texts}{second.public_id}/").content.decode()
    assert "<del>old</del> words" in page
    assert "<ins>new</ins> words" in page
    assert "Pebble" in page


def test_a_version_of_another_product_is_no_page_of_this_one(texts, mug, owner, signed_in):
    other = draft(Product.objects.create(handle="bowl", title="Bowl"))
    assert signed_in(owner).get(f"{texts}{other.public_id}/").status_code == 404
