import pytest
from django.utils import timezone

from generation import finishing
from generation.finishing import finish_request
from generation.models import Candidate, GenerationRequest
from stores.models import CopyVersion, Product
from tenants.errors import DomainError
from tests.generation.people import fresh, run_of

GOOD = "The mug is made of stoneware and holds 380 ml. It may go into the dishwasher."
OTHER = "A stoneware mug for coffee and tea. Its glaze is green, its handle wide."
PROMPT = {
    "version": "product_description/v1",
    "sampling": {"seed": 7},
    "facts": ["title: Product 0", "Material: stoneware"],
    "model": {"key": "default", "id": "m", "revision": "r1"},
    "messages": [],
}


@pytest.fixture
def generated(in_scope):
    """A function: a request whose model gave back these texts."""

    def make(*texts, logprobs=()):
        run = run_of(in_scope, 1, n_candidates=max(1, len(texts)))
        run.requests.update(
            state="generated",
            generated_at=timezone.now(),
            prompt=PROMPT,
            n_prompt_tokens=100,
            n_completion_tokens=20,
            seconds=2.0,
        )
        request = run.requests.get()
        for index, text in enumerate(texts):
            logprob = logprobs[index] if logprobs else None
            Candidate.objects.create(
                request=request, index=index, raw=text, finish_reason="stop", mean_logprob=logprob
            )
        return run, request.pk

    return make


def test_a_usable_text_becomes_a_draft_with_its_provenance(in_scope, generated):
    run, request_id = generated(f"Description: {GOOD}")
    assert finish_request(request_id) == "succeeded"
    version, candidate = CopyVersion.objects.get(), Candidate.objects.get()
    assert version.text == f"<p>{GOOD}</p>"
    assert (version.source, version.state, version.candidate) == (
        "ai",
        "draft",
        candidate.public_id,
    )
    assert (version.slot.field, version.slot.locale) == ("description", "en")
    assert (candidate.text, candidate.is_usable, candidate.findings) == (GOOD, True, [])
    request = GenerationRequest.objects.get()
    generated_at = version.provenance.pop("generated_at")
    assert generated_at == request.generated_at.isoformat()
    assert version.provenance == {
        "run": run.public_id,
        "request": request.public_id,
        "candidate_index": 0,
        "model": PROMPT["model"],
        "prompt_version": "product_description/v1",
        "sampling": {"seed": 7},
        "facts": PROMPT["facts"],
        "brief": run.brief,
    }


def test_the_run_is_metered_and_ends(in_scope, generated):
    run, request_id = generated(GOOD)
    finish_request(request_id)
    run = fresh(run)
    assert (run.state, run.n_succeeded, run.finished_at is None) == ("finished", 1, False)
    assert (run.n_prompt_tokens, run.n_completion_tokens, run.seconds) == (100, 20, 2.0)


def test_finishing_twice_changes_nothing(in_scope, generated):
    run, request_id = generated(GOOD)
    assert [finish_request(request_id) for _ in range(3)] == ["succeeded", "", ""]
    assert CopyVersion.objects.count() == 1
    assert (fresh(run).n_succeeded, fresh(run).n_completion_tokens) == (1, 20)


def test_the_more_probable_of_the_usable_is_taken(in_scope, generated):
    _, request_id = generated("Mug.", GOOD, OTHER, logprobs=(-0.1, -2.0, -1.0))
    finish_request(request_id)
    assert CopyVersion.objects.get().text == f"<p>{OTHER}</p>"
    usable = Candidate.objects.values_list("is_usable", flat=True)
    assert list(usable) == [False, True, True]


def test_without_a_usable_text_the_request_fails_with_the_findings(in_scope, generated):
    run, request_id = generated("", "Mug.")
    assert finish_request(request_id) == "failed"
    assert GenerationRequest.objects.get().error_code == "no_usable_text"
    codes = [[f["code"] for f in c.findings] for c in Candidate.objects.all()]
    assert codes == [["empty"], ["too_short"]]
    assert (fresh(run).n_failed, fresh(run).state) == (1, "finished")
    assert CopyVersion.objects.count() == 0


def test_markup_of_the_model_is_text_for_us(in_scope, generated):
    _, request_id = generated(f"{GOOD} <script>alert(1)</script> & more")
    finish_request(request_id)
    assert "<script" not in CopyVersion.objects.get().text


def test_a_deleted_product_ends_its_request(in_scope, generated):
    run, request_id = generated(GOOD)
    Product.objects.get().delete()
    assert finish_request(request_id) == "failed"
    assert GenerationRequest.objects.get().error_code == "product_deleted"
    assert fresh(run).state == "finished"


@pytest.mark.parametrize("state", ["queued", "succeeded", "failed", "cancelled", "quarantined"])
def test_only_generated_requests_are_finished(in_scope, generated, state):
    _, request_id = generated(GOOD)
    GenerationRequest.objects.update(state=state)
    assert finish_request(request_id) == ""
    assert CopyVersion.objects.count() == 0


def test_a_refused_draft_fails_with_its_reason(in_scope, generated, monkeypatch):
    run, request_id = generated(GOOD)

    def refuse(**_):
        raise DomainError("text_too_long", "The text is too long.")

    monkeypatch.setattr(finishing, "add_draft", refuse)
    assert finish_request(request_id) == "failed"
    request = GenerationRequest.objects.get()
    assert (request.error_code, request.error) == ("text_too_long", "The text is too long.")
    assert fresh(run).n_failed == 1


def test_a_fault_leaves_the_request_for_the_next_try_but_not_for_ever(
    in_scope, generated, monkeypatch
):
    run, request_id = generated(GOOD)

    def break_down(**_):
        raise KeyError("slot")

    monkeypatch.setattr(finishing, "add_draft", break_down)
    assert finish_request(request_id) == ""
    assert GenerationRequest.objects.get().state == "generated"
    assert Candidate.objects.get().is_usable is None
    GenerationRequest.objects.update(generated_at="2020-01-01T00:00Z")
    assert finish_request(request_id) == "failed"
    request = GenerationRequest.objects.get()
    assert (request.error_code, request.error) == ("check_failed", "KeyError: 'slot'")
    assert fresh(run).state == "finished"
