from django.db import transaction

from generation.finishing import finish_request
from generation.models import Candidate, GenerationRequest, InferenceWorker
from stores.models import CopyVersion
from tenants.models import Merchant
from tenants.scope import merchant_scope
from tests.generation.people import fresh, run_of


def test_a_run_goes_from_products_to_drafts(service):
    merchant = Merchant.objects.create(name="Hearthside")
    run = run_of(merchant, 10, n_candidates=2)
    assert service().serve(30) is False
    with merchant_scope(merchant.pk), transaction.atomic():
        states = set(GenerationRequest.objects.values_list("state", flat=True))
        ids = list(GenerationRequest.objects.values_list("pk", flat=True))
        assert states == {"generated"}
        assert Candidate.objects.count() == 20
    with merchant_scope(merchant.pk):
        assert [finish_request(request_id) for request_id in ids] == ["succeeded"] * 10
        assert [finish_request(request_id) for request_id in ids] == [""] * 10
    with merchant_scope(merchant.pk), transaction.atomic():
        assert CopyVersion.objects.filter(state="draft", source="ai").count() == 10
    run = fresh(run)
    assert (run.state, run.n_succeeded, run.n_failed) == ("finished", 10, 0)
    assert run.finished_at is not None
    row = InferenceWorker.objects.get()
    assert (row.state, row.model) == ("ready", "echo")
