import pytest

from stores.models import CopyVersion, Product
from stores.services.copy import add_draft
from tenants.actor import SYSTEM
from tenants.models import AuditEntry
from tests.api.test_authentication import problem

VERSIONS = "/api/v1/copy-versions/"


@pytest.fixture
def product(partner):
    with partner.rows():
        return Product.objects.create(handle="stool", title="Stool")


@pytest.fixture
def draft(partner, product):
    with partner.rows():
        return add_draft(
            product=product,
            field="description",
            locale="en",
            text="<p>An oak stool.</p>",
            source="ai",
            provenance={"run": "run_1", "model": "echo"},
            candidate="can_1",
            actor=SYSTEM,
        )


def act(partner, draft, name, body=None):
    return partner.post(f"{VERSIONS}{draft.public_id}/{name}/", body)


def test_a_draft_is_approved_published_and_then_fetched(partner, product, draft):
    assert act(partner, draft, "approve").json()["state"] == "approved"
    published = act(partner, draft, "publish").json()
    assert (published["state"], published["source"]) == ("published", "ai")
    texts = partner.get(f"/api/v1/products/{product.public_id}/copy/").json()["results"]
    assert texts == [
        {
            "id": draft.public_id,
            "product": product.public_id,
            "field": "description",
            "channel": "shop",
            "locale": "en",
            "source": "ai",
            "text": "<p>An oak stool.</p>",
            "plain_text": "An oak stool.",
            "published_at": published["published_at"],
        }
    ]


def test_the_audit_log_names_the_key(partner, draft):
    act(partner, draft, "approve")
    with partner.rows():
        entry = AuditEntry.objects.get(action="copy.approved")
    assert (entry.actor_kind, entry.actor) == ("api_key", partner.key.prefix)


def test_an_edit_is_a_new_version_with_sanitised_text(partner, draft):
    response = act(partner, draft, "edit", {"text": "<p>Mine <script>x()</script></p>"})
    assert response.status_code == 201
    edited = response.json()
    assert response["Location"] == f"http://testserver{VERSIONS}{edited['id']}/"
    assert (edited["number"], edited["source"], edited["state"]) == (2, "ai_edited", "draft")
    assert edited["edited_from"] == draft.public_id
    assert "script" not in edited["text"]


def test_a_rejection_needs_a_reason(partner, draft):
    document = problem(act(partner, draft, "reject"), 400, "validation_failed")
    assert [error["pointer"] for error in document["errors"]] == ["/reason"]
    rejected = act(partner, draft, "reject", {"reason": "Too long"}).json()
    assert (rejected["state"], rejected["rejection_reason"]) == ("rejected", "Too long")


def test_a_text_is_reviewed_once(partner, draft):
    act(partner, draft, "approve")
    problem(act(partner, draft, "approve"), 409, "copy_already_reviewed")
    with partner.rows():
        assert CopyVersion.objects.get().state == "approved"


def test_a_published_text_is_published_once_even_if_asked_twice(partner, draft):
    headers = {"Idempotency-Key": "publish-1"}
    address = f"{VERSIONS}{draft.public_id}/publish/"
    first, second = (partner.post(address, headers=headers) for _ in range(2))
    assert (first.status_code, second.content) == (200, first.content)
    with partner.rows():
        assert AuditEntry.objects.filter(action="copy.published").count() == 1


@pytest.mark.parametrize(
    ("query", "n_found"),
    [
        ("state=draft", 1),
        ("state=published", 0),
        ("source=ai", 1),
        ("run=run_1", 1),
        ("run=run_2", 0),
        ("locale=de", 0),
        ("field=description", 1),
    ],
)
def test_texts_can_be_narrowed(partner, draft, query, n_found):
    assert len(partner.get(f"{VERSIONS}?{query}").json()["results"]) == n_found


def test_texts_of_a_product(partner, product, draft):
    rows = partner.get(VERSIONS, {"product": product.public_id}).json()["results"]
    assert [row["id"] for row in rows] == [draft.public_id]
    assert rows[0]["provenance"] == {"run": "run_1", "model": "echo"}
    assert rows[0]["candidate"] == "can_1"
