import pytest
from django.urls import reverse

from generation.endpoints import save_merchant_endpoint
from generation.engine.backends.openai import OpenAIBackend, ProbeReport
from generation.engine.errors import BackendError
from generation.models import MerchantEndpoint
from tenants.actor import SYSTEM
from tenants.scope import merchant_scope

FIELDS = {
    "name": "Hosted",
    "base_url": "https://api.example.com/v1",
    "model": "gpt-x",
    "max_concurrency": 4,
    "is_active": True,
}


@pytest.fixture
def url(merchant):
    return lambda name, *args: reverse(f"generation:{name}", args=[merchant.public_id, *args])


@pytest.fixture
def endpoint(in_scope):
    return save_merchant_endpoint(endpoint=None, fields=FIELDS, api_key="sk-1", actor=SYSTEM)


def test_the_page_never_shows_a_key(url, owner, endpoint, signed_in):
    client = signed_in(owner)
    for page in (url("model_list"), url("endpoint_edit", endpoint.public_id)):
        response = client.get(page)
        assert response.status_code == 200
        assert "sk-1" not in response.content.decode()


def test_an_owner_connects_a_model(url, owner, merchant, signed_in):
    response = signed_in(owner).post(url("endpoint_create"), {**FIELDS, "api_key": "sk-2"})
    assert response.status_code == 302
    with merchant_scope(merchant.pk):
        assert MerchantEndpoint.objects.get().name == "Hosted"


@pytest.mark.parametrize(
    ("field", "value"),
    [("base_url", "https://127.0.0.1/v1"), ("base_url", "nonsense"), ("name", ""),
     ("max_concurrency", "0")],
)  # fmt: skip
def test_bad_input_is_explained_in_place(url, owner, merchant, signed_in, field, value):
    response = signed_in(owner).post(url("endpoint_create"), {**FIELDS, field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    with merchant_scope(merchant.pk):
        assert MerchantEndpoint.objects.count() == 0


def test_a_stored_key_does_not_follow_to_another_server(url, owner, endpoint, signed_in):
    page, client = url("endpoint_edit", endpoint.public_id), signed_in(owner)
    moved = {**FIELDS, "base_url": "https://elsewhere.example.org/v1"}
    response = client.post(page, moved)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["api_key"])
    endpoint.refresh_from_db()
    assert endpoint.base_url == FIELDS["base_url"]
    assert client.post(page, {**moved, "api_key": "sk-3"}).status_code == 302
    assert client.post(page, {**moved, "base_url": moved["base_url"] + "/v2"}).status_code == 302


def test_an_editor_may_look_but_not_connect(url, editor, merchant, signed_in):
    client = signed_in(editor)
    assert client.get(url("model_list")).status_code == 200
    assert client.post(url("endpoint_create"), FIELDS).status_code == 403


def test_the_test_button_says_what_the_model_answered(url, owner, endpoint, signed_in, monkeypatch):
    report = ProbeReport(0.4, "ready", ("other",), False)
    monkeypatch.setattr(OpenAIBackend, "probe", lambda self: report)
    page = signed_in(owner).post(url("endpoint_test", endpoint.public_id), follow=True)
    shown = [str(m) for m in page.context["messages"]]
    assert shown[0] == "Hosted answered in 0.4 s: “ready”"
    assert len(shown) == 2


def test_a_failing_test_is_explained(url, owner, endpoint, signed_in, monkeypatch):
    def fail(self):
        raise BackendError("ConnectError", True, "endpoint_unreachable")

    monkeypatch.setattr(OpenAIBackend, "probe", fail)
    page = signed_in(owner).post(url("endpoint_test", endpoint.public_id), follow=True)
    shown = [str(m) for m in page.context["messages"]]
    assert shown == ["Hosted: Nothing answers at the model's address."]
