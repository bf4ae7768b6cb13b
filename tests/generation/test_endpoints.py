import pytest

from generation.endpoints import (
    available_models,
    backend_of,
    decrypt,
    delete_endpoint,
    find_endpoint,
    save_merchant_endpoint,
    save_platform_model,
)
from generation.models import MerchantEndpoint, PlatformModel
from tenants.actor import SYSTEM
from tenants.errors import DomainError
from tenants.models import AuditEntry
from tenants.scope import merchant_scope

FIELDS = {
    "name": "Hosted",
    "base_url": "https://api.example.com/v1",
    "model": "gpt-x",
    "max_concurrency": 4,
    "is_active": True,
}


def own(**changes):
    return save_merchant_endpoint(
        endpoint=None, fields={**FIELDS, **changes}, api_key="sk-secret", actor=SYSTEM
    )


def test_the_key_is_encrypted_and_comes_back_for_the_call(in_scope):
    endpoint = MerchantEndpoint.objects.get(pk=own().pk)
    assert b"sk-secret" not in bytes(endpoint.api_key_encrypted)
    assert decrypt(endpoint.api_key_encrypted) == "sk-secret"
    backend = backend_of(endpoint)
    assert (backend.api_key, backend.allow_private_hosts) == ("sk-secret", False)
    assert AuditEntry.objects.get().action == "endpoint.added"


def test_changing_without_a_key_keeps_it(in_scope):
    endpoint = own()
    save_merchant_endpoint(
        endpoint=endpoint, fields={**FIELDS, "name": "Other"}, api_key=None, actor=SYSTEM
    )
    endpoint.refresh_from_db()
    assert (endpoint.name, decrypt(endpoint.api_key_encrypted)) == ("Other", "sk-secret")


@pytest.mark.parametrize(
    "url",
    ["http://api.example.com/v1", "https://127.0.0.1/v1", "https://localhost/v1",
     "https://10.0.0.5/v1", "https://[::1]/v1", "https://2130706433/v1"],
)  # fmt: skip
def test_a_merchants_own_address_must_be_public_https(in_scope, url):
    with pytest.raises(DomainError) as error:
        own(base_url=url)
    assert error.value.code == "endpoint_forbidden"
    assert MerchantEndpoint.objects.count() == 0


def test_staff_may_name_a_private_host(db):
    model = save_platform_model(
        model=None,
        fields={**FIELDS, "base_url": "http://127.0.0.1:11434/v1"},
        api_key="",
        actor=SYSTEM,
    )
    assert backend_of(model).allow_private_hosts is True
    assert PlatformModel.objects.get() == model


def test_a_name_is_taken_once(in_scope):
    own()
    with pytest.raises(DomainError) as error:
        own()
    assert error.value.code == "endpoint_name_taken"


def test_a_run_chooses_among_default_platform_and_own(in_scope, other_merchant):
    platform = save_platform_model(model=None, fields=FIELDS, api_key="", actor=SYSTEM)
    mine = own()
    with merchant_scope(other_merchant.pk):
        own(name="Theirs")
    keys = [choice.key for choice in available_models()]
    assert keys == ["default", platform.public_id, mine.public_id]
    assert find_endpoint("default") is None
    assert find_endpoint(mine.public_id) == mine


def test_a_strangers_or_a_removed_endpoint_is_unknown(in_scope, other_merchant):
    with merchant_scope(other_merchant.pk):
        theirs = own()
    mine = own()
    delete_endpoint(endpoint=mine, actor=SYSTEM)
    for key in (theirs.public_id, mine.public_id, "mep_nonsense"):
        with pytest.raises(DomainError) as error:
            find_endpoint(key)
        assert error.value.code == "model_unknown"
