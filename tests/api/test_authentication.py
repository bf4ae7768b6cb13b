import datetime as dt
import hashlib

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from api.models import ApiKey, Scope
from api.services import revoke_api_key
from tenants.actor import SYSTEM
from tests.partner import Partner

PROBE = "/api/v1/probe/"


def problem(response, status, code):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    return response.json()


def with_key(text):
    return Client(headers={"Authorization": text})


def test_a_key_opens_the_scope_of_its_merchant_and_names_the_actor(probe):
    response = probe.get(PROBE)
    assert response.status_code == 200
    assert response.json() == {"actor": ["api_key", probe.key.prefix]}


def test_only_a_hash_of_the_secret_is_kept(partner):
    prefix, secret = partner.secret.split("_")[1:]
    with partner.rows():
        key = ApiKey.objects.get()
    assert key.prefix == prefix
    assert bytes(key.secret_hash) == hashlib.sha256(secret.encode()).digest()
    assert len(secret) == 64


def test_a_request_without_a_key_is_asked_for_one(probe):
    response = Client().get(PROBE)
    problem(response, 401, "missing_key")
    assert response["WWW-Authenticate"] == 'Bearer realm="Copydesk"'


@pytest.mark.parametrize(
    "text",
    [
        "Bearer",
        "Bearer nonsense",
        "Bearer cdk_abcdefghijkl_" + "0" * 64,
        "bearer cdk_é_ü",
        "Bearer cdk_abcdefghijkl_" + "0" * 64 + "\n",
    ],
)
def test_an_unknown_key_is_refused(probe, text):
    response = with_key(text).get(PROBE)
    problem(response, 401, "invalid_key")
    assert response["WWW-Authenticate"] == 'Bearer realm="Copydesk", error="invalid_token"'


def test_a_known_prefix_with_another_secret_is_refused(probe):
    response = with_key(f"Bearer cdk_{probe.key.prefix}_{'0' * 64}").get(PROBE)
    problem(response, 401, "invalid_key")


def test_other_schemes_are_no_key(probe):
    problem(with_key(f"Basic {probe.secret}").get(PROBE), 401, "missing_key")


def test_an_expired_key_is_refused(probe, merchant):
    late = Partner(merchant, expires_at=timezone.now() + dt.timedelta(days=1))
    assert late.get(PROBE).status_code == 200
    with late.rows():
        ApiKey.objects.filter(pk=late.key.pk).update(expires_at=timezone.now())
    problem(late.get(PROBE), 401, "expired_key")


def test_a_revoked_key_is_refused_at_once(probe):
    with probe.rows():
        revoke_api_key(key=probe.key, actor=SYSTEM)
    problem(probe.get(PROBE), 401, "revoked_key")


def test_keys_of_a_closed_merchant_are_refused(probe, merchant):
    with probe.rows():
        merchant.is_active = False
        merchant.save(update_fields=["is_active"])
    problem(probe.get(PROBE), 401, "inactive_merchant")


def test_a_missing_scope_is_named(probe, merchant):
    reader = Partner(merchant, scopes=[Scope.CATALOGUE_READ])
    assert reader.get(PROBE).status_code == 200
    response = reader.post(PROBE, {"note": "x"})
    assert problem(response, 403, "missing_scope")["scope"] == "catalogue:write"
    assert response["WWW-Authenticate"] == (
        'Bearer realm="Copydesk", error="insufficient_scope", scope="catalogue:write"'
    )


def last_used(partner):
    with partner.rows():
        return ApiKey.objects.get(pk=partner.key.pk).last_used_at


def test_last_use_is_written_at_most_once_a_minute(probe):
    assert last_used(probe) is None
    probe.get(PROBE)
    first = last_used(probe)
    cache.clear()  # another process, which has not seen the key
    probe.get(PROBE)
    assert last_used(probe) == first
    with probe.rows():
        ApiKey.objects.update(last_used_at=first - dt.timedelta(minutes=2))
    cache.clear()
    probe.get(PROBE)
    assert last_used(probe) > first


def test_a_session_is_no_key(probe, signed_in, owner):
    problem(signed_in(owner).get(PROBE), 401, "missing_key")
