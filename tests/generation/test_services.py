import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generation.brief import RunBrief
from generation.models import Candidate, GenerationRequest, GenerationRun, QueueTurn
from generation.services import cancel_run, regenerate, retry_failed, start_run
from stores.models import CopyVersion, Product
from stores.services.copy import add_draft
from tenants.actor import SYSTEM, user_actor
from tenants.errors import DomainError
from tenants.fields import decode
from tenants.models import AuditEntry
from tests.generation.people import claim, products_of, run_of, worker_with_lease


def states_of(run):
    return list(run.requests.order_by("pk").values_list("state", flat=True))


def counts_of(run):
    run.refresh_from_db()
    return run.n_succeeded, run.n_failed, run.n_cancelled


def put(run, *states):
    """Give the run's requests these states, in order, and its counts what belongs to them."""
    for request, state in zip(run.requests.order_by("pk"), states, strict=True):
        GenerationRequest.objects.filter(pk=request.pk).update(state=state)
    GenerationRun.objects.filter(pk=run.pk).update(
        n_succeeded=states.count("succeeded"),
        n_failed=states.count("failed") + states.count("quarantined"),
    )
    run.refresh_from_db()


def test_a_run_has_a_request_for_each_product(in_scope, editor):
    products_of(in_scope, 3)
    run = start_run(
        products=Product.objects.all(),
        brief=RunBrief(tone="warm"),
        n_candidates=2,
        actor=user_actor(editor),
    )
    assert (run.state, run.n_total, run.n_candidates) == ("running", 3, 2)
    assert (run.created_by, run.brief["tone"]) == (editor, "warm")
    requests = run.requests.order_by("pk")
    assert [r.product.handle for r in requests] == ["p0", "p1", "p2"]
    assert {(r.state, r.lane, r.model) for r in requests} == {("queued", "bulk", "default")}
    ids = {decode("req", r.public_id) for r in requests}
    assert {(i.version, i.variant) for i in ids} == {(7, "specified in RFC 4122")}
    assert len(ids) == 3
    entry = AuditEntry.objects.get(action="run.started")
    assert entry.details == {"n_products": 3, "model": "default"}
    assert QueueTurn.objects.values_list("lane", "model", "weight").get() == ("bulk", "default", 1)


def test_ten_thousand_requests_are_one_statement(in_scope):
    products_of(in_scope, 10_000)
    with CaptureQueriesContext(connection) as queries:
        run = start_run(products=Product.objects.all(), brief=RunBrief(), actor=SYSTEM)
    inserts = [q["sql"] for q in queries if "INSERT INTO generation_generationrequest" in q["sql"]]
    assert (len(inserts), len(queries)) == (1, 10)
    assert run.requests.count() == run.n_total == 10_000


def test_a_selection_may_be_filtered_joined_and_sliced(in_scope):
    products_of(in_scope, 5)
    chosen = Product.objects.filter(handle__in=["p1", "p2", "p3"]).order_by("-title")
    assert start_run(products=chosen, brief=RunBrief(), actor=SYSTEM).n_total == 3
    assert start_run(products=chosen[:2], brief=RunBrief(), actor=SYSTEM).n_total == 2


@pytest.mark.parametrize(
    ("options", "code", "status"),
    [
        ({"brief": RunBrief(tone="shouting")}, "invalid_brief", 422),
        ({"brief": RunBrief(length="endless")}, "invalid_brief", 422),
        ({"brief": RunBrief(language="no language")}, "invalid_brief", 422),
        ({"brief": RunBrief(instructions="x" * 1001)}, "invalid_brief", 422),
        ({"n_candidates": 0}, "invalid_candidates", 422),
        ({"n_candidates": 9}, "invalid_candidates", 422),
        ({"model": "mod_01m869fhsrfpv91zn6nndce6h4"}, "model_unknown", 422),
        ({"model": "nonsense"}, "model_unknown", 422),
    ],
)
def test_a_wrong_choice_is_refused_and_writes_nothing(in_scope, options, code, status):
    products_of(in_scope, 1)
    chosen = {"brief": RunBrief(), **options}
    with pytest.raises(DomainError) as refused:
        start_run(products=Product.objects.all(), actor=SYSTEM, **chosen)
    assert (refused.value.code, refused.value.status) == (code, status)
    assert GenerationRun.objects.count() == GenerationRequest.objects.count() == 0


def test_an_empty_selection_is_refused(in_scope):
    with pytest.raises(DomainError) as refused:
        start_run(products=Product.objects.none(), brief=RunBrief(), actor=SYSTEM)
    assert (refused.value.code, GenerationRun.objects.count()) == ("nothing_selected", 0)


def test_a_full_queue_refuses_the_whole_run(in_scope, settings):
    settings.GENERATION = {**settings.GENERATION, "MAX_QUEUED_REQUESTS": 5}
    run_of(in_scope, 3)
    with pytest.raises(DomainError) as refused:
        run_of(in_scope, 3)
    assert (refused.value.code, refused.value.status) == ("queue_full", 429)
    assert (GenerationRun.objects.count(), GenerationRequest.objects.count()) == (1, 3)
    assert run_of(in_scope, 2).n_total == 2


def test_cancelling_a_waiting_run_ends_it_once(in_scope):
    run = run_of(in_scope, 3)
    for _ in range(2):
        cancel_run(run=run, actor=SYSTEM)
        assert (run.state, run.n_cancelled, states_of(run)) == ("cancelled", 3, ["cancelled"] * 3)
    assert run.finished_at is not None
    assert AuditEntry.objects.filter(action="run.cancelled").count() == 1


def test_cancelling_meets_every_state(in_scope):
    run = run_of(in_scope, 6)
    worker = worker_with_lease()
    assert len(claim(worker, limit=1)) == 1
    put(run, "claimed", "queued", "generated", "succeeded", "failed", "quarantined")
    cancel_run(run=run, actor=SYSTEM)
    ended = ["claimed", "cancelled", "cancelled", "succeeded", "failed", "quarantined"]
    assert states_of(run) == ended
    assert counts_of(run) == (1, 2, 2)
    assert (run.state, run.finished_at) == ("cancelled", None)
    assert [r.is_cancel_requested for r in run.requests.order_by("pk")] == [True] * 3 + [False] * 3


def test_a_finished_run_cannot_be_cancelled_any_more(in_scope):
    run = run_of(in_scope, 1)
    put(run, "succeeded")
    GenerationRun.objects.filter(pk=run.pk).update(state="finished", finished_at=run.created_at)
    cancel_run(run=run, actor=SYSTEM)
    assert (run.state, counts_of(run)) == ("finished", (1, 0, 0))


def test_deleting_a_product_leaves_its_request(in_scope):
    run = run_of(in_scope, 2)
    Product.objects.get(handle="p0").delete()
    assert list(run.requests.order_by("pk").values_list("product__handle", flat=True)) == [
        None,
        "p1",
    ]


def test_retrying_queues_the_failed_again(in_scope):
    run = run_of(in_scope, 3)
    put(run, "succeeded", "failed", "quarantined")
    run.requests.filter(state="quarantined").update(crashes=3)
    seed = run.seed
    assert retry_failed(run=run, actor=SYSTEM) == 2
    assert states_of(run) == ["succeeded", "queued", "queued"]
    assert list(run.requests.order_by("pk").values_list("crashes", flat=True)) == [0, 0, 1]
    assert counts_of(run) == (1, 0, 0)
    assert (run.state, run.finished_at, run.seed) == ("running", None, seed + 1)
    with pytest.raises(DomainError, match="failed"):
        retry_failed(run=run, actor=SYSTEM)


def test_a_cancelled_run_is_not_retried(in_scope):
    run = run_of(in_scope, 2)
    put(run, "failed", "queued")
    cancel_run(run=run, actor=SYSTEM)
    with pytest.raises(DomainError) as refused:
        retry_failed(run=run, actor=SYSTEM)
    assert refused.value.code == "run_cancelled"
    assert states_of(run) == ["failed", "cancelled"]


def test_a_run_that_somebody_cancels_meanwhile_is_not_retried(in_scope):
    run = run_of(in_scope, 2)
    put(run, "failed", "queued")
    seen_before = GenerationRun.objects.get(pk=run.pk)
    cancel_run(run=run, actor=SYSTEM)
    with pytest.raises(DomainError) as refused:
        retry_failed(run=seen_before, actor=SYSTEM)
    assert refused.value.code == "run_cancelled"
    assert states_of(run) == ["failed", "cancelled"]


def test_another_text_follows_the_brief_of_the_first(in_scope):
    products_of(in_scope, 1)
    brief = RunBrief(tone="warm", language="de", instructions="Name the material.")
    run = start_run(products=Product.objects.all(), brief=brief, n_candidates=3, actor=SYSTEM)
    candidate = Candidate.objects.create(request=run.requests.get(), index=0, raw="x")
    version = add_draft(
        product=Product.objects.get(),
        field="description",
        locale="de",
        text="<p>Ein Becher.</p>",
        source=CopyVersion.Source.AI,
        actor=SYSTEM,
        candidate=candidate.public_id,
    )
    again = regenerate(version=version, instructions="Shorter.", actor=SYSTEM)
    assert (again.lane, again.n_candidates, again.n_total) == ("interactive", 1, 1)
    assert again.brief == {**brief.as_json(), "instructions": "Shorter."}
    assert regenerate(version=version, actor=SYSTEM).brief == brief.as_json()
    GenerationRun.objects.filter(pk=run.pk).update(model="mep_01kb0zxv5cf4qv7r2m9nta3e8s")
    assert regenerate(version=version, actor=SYSTEM).model == "default"


def test_another_text_for_a_human_version_starts_from_the_defaults(in_scope):
    products_of(in_scope, 1)
    version = add_draft(
        product=Product.objects.get(),
        field="description",
        locale="zh-Hans",
        text="<p>杯子。</p>",
        source=CopyVersion.Source.HUMAN,
        actor=SYSTEM,
    )
    run = regenerate(version=version, actor=SYSTEM)
    assert run.brief == RunBrief(language="zh-Hans").as_json()
