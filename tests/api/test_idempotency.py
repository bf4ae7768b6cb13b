import datetime as dt
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from api.models import IdempotencyKey
from api.tasks import forget_idempotency_keys, forget_keys_of_merchant
from tenants.models import AuditEntry
from tests.api.test_authentication import PROBE, problem
from tests.conftest import acting_as
from tests.partner import Partner


def send(partner, note="x", key="k-1", **more):
    return partner.post(PROBE, {"note": note, **more}, headers={"Idempotency-Key": key})


def n_made(partner):
    with partner.rows():
        return AuditEntry.objects.filter(action="probe.made").count()


def test_a_repeated_post_gets_the_first_answer_byte_for_byte(probe):
    first, second = send(probe), send(probe)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content == '{"é":"x","b":1,"a":2}'.encode()
    assert second["Content-Type"] == "application/json"
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert n_made(probe) == 1


def test_without_a_key_every_post_works(probe):
    probe.post(PROBE, {"note": "x"})
    probe.post(PROBE, {"note": "x"})
    assert n_made(probe) == 2


def test_the_order_of_members_does_not_make_another_body(probe):
    probe.post(PROBE, '{"note": "x", "seconds": 0}', headers={"Idempotency-Key": "k"})
    again = probe.post(PROBE, '{"seconds":0,"note":"x"}', headers={"Idempotency-Key": "k"})
    assert again["Idempotent-Replayed"] == "true"


def test_another_body_or_address_with_the_same_key_is_refused(probe):
    send(probe)
    problem(send(probe, note="y"), 422, "idempotency_key_reused")
    other = probe.post(PROBE + "?a=1", {"note": "x"}, headers={"Idempotency-Key": "k-1"})
    problem(other, 422, "idempotency_key_reused")
    assert n_made(probe) == 1


def test_what_failed_uses_no_key(probe):
    problem(send(probe, note=""), 400, "validation_failed")
    problem(send(probe, fail="domain"), 409, "probe_refused")
    problem(send(probe, fail="bug"), 500, "internal_error")
    assert send(probe).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel"])
def test_a_key_must_be_visible_ascii(probe, key):
    problem(send(probe, key=key), 400, "invalid_idempotency_key")


def test_keys_of_different_api_keys_and_merchants_are_different(probe, merchant, other_merchant):
    colleague, stranger = Partner(merchant), Partner(other_merchant)
    for someone in (probe, colleague, stranger):
        assert "Idempotent-Replayed" not in send(someone)
    assert (n_made(probe), n_made(stranger)) == (2, 1)


def test_uploads_are_compared_by_their_content(probe):
    def upload(content):
        file = SimpleUploadedFile("a.csv", content)
        headers = {"Idempotency-Key": "k"}
        return super(Partner, probe).post(PROBE, {"note": "x", "file": file}, headers=headers)

    assert upload(b"one").status_code == 201
    assert upload(b"one")["Idempotent-Replayed"] == "true"
    problem(upload(b"two"), 422, "idempotency_key_reused")


def test_after_24_hours_the_key_is_free_and_then_forgotten(probe):
    send(probe)
    with probe.rows():
        IdempotencyKey.objects.update(created_at=timezone.now() - dt.timedelta(hours=24))
    assert "Idempotent-Replayed" not in send(probe, note="y")
    send(probe, key="k-2")
    with probe.rows():
        old = IdempotencyKey.objects.filter(key="k-2")
        old.update(created_at=timezone.now() - dt.timedelta(hours=24))
    forget_keys_of_merchant(merchant_id=probe.merchant.pk)
    with probe.rows():
        assert [row.key for row in IdempotencyKey.objects.all()] == ["k-1"]


def test_only_merchants_with_old_answers_get_a_task(probe, other_merchant, monkeypatch):
    send(probe)
    send(Partner(other_merchant))
    with probe.rows():
        IdempotencyKey.objects.update(created_at=timezone.now() - dt.timedelta(hours=25))
    sent = []
    monkeypatch.setattr(forget_keys_of_merchant, "delay", lambda **ids: sent.append(ids))
    with acting_as("worker"):
        forget_idempotency_keys()
    assert sent == [{"merchant_id": probe.merchant.pk}]


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_works_and_the_other_is_told_to_wait(probe):
    answers = {}

    def run(name, seconds):
        try:
            answers[name] = send(probe, seconds=seconds)
        finally:
            connection.close()

    first = threading.Thread(target=run, args=("first", 1.0))
    first.start()
    wait_until_something_holds_an_advisory_lock()
    run_second = send(probe, seconds=1.0)
    first.join()
    problem(run_second, 409, "idempotency_key_in_use")
    assert run_second["Retry-After"] == "1"
    assert answers["first"].status_code == 201
    assert send(probe, seconds=1.0)["Idempotent-Replayed"] == "true"
    assert n_made(probe) == 1


def wait_until_something_holds_an_advisory_lock():
    deadline = timezone.now() + dt.timedelta(seconds=20)
    with connection.cursor() as cursor:
        while timezone.now() < deadline:
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                " WHERE locktype = 'advisory' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("the first request never started")
