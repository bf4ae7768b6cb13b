import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from generation.brief import RunBrief
from generation.models import GenerationRequest, GenerationRun, QueueTurn
from generation.services import cancel_run, start_run
from stores.models import Product
from tenants.actor import SYSTEM
from tenants.errors import DomainError
from tenants.fields import decode
from tenants.models import AuditEntry
from tests.generation.people import products_of, run_of


def test_a_run_has_a_request_for_each_product(in_scope):
    run = run_of(in_scope, 3, n_candidates=2)
    assert (run.state, run.n_total, run.n_candidates) == ("running", 3, 2)
    requests = GenerationRequest.objects.filter(run=run).order_by("pk")
    assert [r.product.handle for r in requests] == ["p0", "p1", "p2"]
    assert {r.state for r in requests} == {"queued"}
    assert len({r.public_id for r in requests}) == 3
    assert {decode("req", r.public_id).version for r in requests} == {7}
    assert {decode("req", r.public_id).variant for r in requests} == {"specified in RFC 4122"}
    assert AuditEntry.objects.get().details == {"n_products": 3, "model": "default"}


def test_ten_thousand_requests_are_one_statement(in_scope):
    products_of(in_scope, 10_000)
    with CaptureQueriesContext(connection) as queries:
        run = start_run(products=Product.objects.all(), brief=RunBrief(), actor=SYSTEM)
    inserts = [q["sql"] for q in queries if "INSERT INTO generation_generationrequest" in q["sql"]]
    assert len(inserts) == 1
    assert GenerationRequest.objects.filter(run=run).count() == run.n_total == 10_000
    assert len(queries) == 10


def test_cancelling_a_waiting_run_ends_it(in_scope):
    run = cancel_run(run=run_of(in_scope, 3), actor=SYSTEM)
    assert (run.state, run.n_cancelled) == ("cancelled", 3)
    assert run.finished_at is not None
