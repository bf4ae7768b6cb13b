from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from generation.brief import RunBrief
from generation.models import GenerationRequest, GenerationRun, InferenceWorker
from generation.services import start_run
from stores.models import Product
from tenants.actor import SYSTEM
from tenants.scope import merchant_scope

FORM = {"tone": "warm", "length": "short", "language": "en", "instructions": "No puns.",
        "n_candidates": "2", "model": "default"}  # fmt: skip


@pytest.fixture
def url(merchant):
    return lambda name, *args: reverse(f"generation:{name}", args=[merchant.public_id, *args])


@pytest.fixture
def products(in_scope):
    return [Product.objects.create(handle=h, title=h.title()) for h in ("mug", "bowl", "jug")]


@pytest.fixture
def run(products):
    return start_run(products=Product.objects.all(), brief=RunBrief(), actor=SYSTEM)


def test_a_run_is_started_for_the_products_of_the_filter(
    url, editor, products, merchant, signed_in
):
    ids = ",".join(p.public_id for p in products[:2])
    response = signed_in(editor).post(f"{url('run_create')}?ids={ids}", FORM)
    with merchant_scope(merchant.pk):
        run = GenerationRun.objects.get()
        assert response.url == url("run_detail", run.public_id)
        assert (run.n_total, run.n_candidates, run.created_by) == (2, 2, editor)
        assert run.brief["instructions"] == "No puns."
        assert set(run.requests.values_list("product__handle", flat=True)) == {"mug", "bowl"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("tone", "angry"), ("n_candidates", "0"), ("n_candidates", "9"), ("language", "xx"),
     ("model", "mod_nonsense"), ("instructions", "x" * 5000)],
)  # fmt: skip
def test_bad_input_is_explained_in_place(url, editor, products, merchant, signed_in, field, value):
    response = signed_in(editor).post(url("run_create"), {**FORM, field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    with merchant_scope(merchant.pk):
        assert GenerationRun.objects.count() == 0


def test_nothing_selected_is_said_on_the_form(url, editor, merchant, signed_in):
    response = signed_in(editor).post(f"{url('run_create')}?q=nothing", FORM)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["Select at least one product."]


def test_the_page_polls_until_the_run_is_over(url, viewer, run, signed_in):
    client = signed_in(viewer)
    page = url("run_detail", run.public_id)
    assert 'hx-trigger="every 2s"' in client.get(page).content.decode()
    GenerationRun.objects.filter(pk=run.pk).update(finished_at=timezone.now(), state="finished")
    fragment = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert 'id="run"' in fragment
    assert "every 2s" not in fragment
    assert "<html" not in fragment


def test_a_failure_is_told_in_words(url, viewer, run, signed_in):
    GenerationRequest.objects.update(state="failed", error_code="prompt_too_long", error="raw")
    text = signed_in(viewer).get(url("run_detail", run.public_id)).content.decode()
    assert "too long for this model" in text


def test_the_page_says_when_nobody_writes(url, viewer, run, signed_in):
    client, page = signed_in(viewer), url("run_detail", run.public_id)
    assert "No worker is running" in client.get(page).content.decode()
    InferenceWorker.objects.create(
        host="h", pid=1, fence=1, state="ready", lease_expires_at=timezone.now() + timedelta(1)
    )
    assert "No worker is running" not in client.get(page).content.decode()


def test_a_run_is_cancelled(url, editor, run, merchant, signed_in):
    signed_in(editor).post(url("run_cancel", run.public_id))
    with merchant_scope(merchant.pk):
        run.refresh_from_db()
        assert (run.state, run.n_cancelled) == ("cancelled", 3)


def test_a_viewer_cannot_start_or_cancel(url, viewer, run, merchant, signed_in):
    client = signed_in(viewer)
    assert client.post(url("run_create"), FORM).status_code == 403
    assert client.post(url("run_cancel", run.public_id)).status_code == 403
    with merchant_scope(merchant.pk):
        assert GenerationRun.objects.get().state == "running"


def test_another_shops_run_is_a_404(url, run, outsider, other_merchant, signed_in):
    page = reverse("generation:run_detail", args=[other_merchant.public_id, run.public_id])
    assert signed_in(outsider).get(page).status_code == 404


@pytest.mark.parametrize("page", ["run_list", "run_detail"])
def test_pages_take_as_many_queries_however_long_they_are(
    url, viewer, run, signed_in, django_assert_num_queries, page
):
    client = signed_in(viewer)
    address = url(page, *([run.public_id] if page == "run_detail" else []))
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for n in range(20):
        Product.objects.create(handle=f"p{n}", title="P")
    start_run(products=Product.objects.all(), brief=RunBrief(), actor=SYSTEM)
    with django_assert_num_queries(len(few)):
        client.get(address)
