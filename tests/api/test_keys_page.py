import datetime as dt

from django.test import Client
from django.utils import timezone

from api.models import ApiKey
from tenants.models import AuditEntry
from tests.partner import Partner


def page(merchant, rest=""):
    return f"/m/{merchant.public_id}/settings/keys/{rest}"


def make(client, merchant, **more):
    form = {"name": "Sync", "scopes": ["catalogue:read"], "expires": "30", **more}
    return client.post(page(merchant, "create/"), form)


def test_an_owner_makes_a_key_that_is_shown_once_and_works(signed_in, owner, merchant):
    client = signed_in(owner)
    response = make(client, merchant)
    secret = response.context["secret"]
    assert secret in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert secret not in client.get(page(merchant)).content.decode()
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/skus/")
    assert answer.status_code == 200


def test_a_key_keeps_who_made_it_what_it_may_and_until_when(signed_in, owner, merchant, in_scope):
    make(signed_in(owner), merchant)
    key = ApiKey.objects.get()
    assert (key.name, key.scopes, key.created_by) == ("Sync", ["catalogue:read"], owner)
    days = (key.expires_at - timezone.now()) / dt.timedelta(days=1)
    assert round(days, 2) == 30
    entry = AuditEntry.objects.get(action="api_key.created")
    assert (entry.target, entry.actor) == (key.public_id, owner.email)


def test_a_key_may_live_for_ever(signed_in, owner, merchant, in_scope):
    make(signed_in(owner), merchant, expires="")
    assert ApiKey.objects.get().expires_at is None


def test_a_key_needs_a_name_and_a_known_scope(signed_in, owner, merchant, in_scope):
    client = signed_in(owner)
    assert make(client, merchant, name="").status_code == 422
    assert make(client, merchant, scopes=[]).status_code == 422
    assert make(client, merchant, scopes=["everything"]).status_code == 422
    assert ApiKey.objects.count() == 0


def test_revoking_a_key_ends_it(signed_in, owner, merchant):
    partner = Partner(merchant)
    response = signed_in(owner).post(page(merchant, f"{partner.key.public_id}/revoke/"))
    assert response.status_code == 302
    assert partner.get("/api/v1/skus/").status_code == 401


def test_only_owners_come_to_the_keys(signed_in, editor, viewer, agent, outsider, merchant):
    partner = Partner(merchant)
    for person, status in ((editor, 403), (viewer, 403), (agent, 403), (outsider, 404)):
        client = signed_in(person)
        assert client.get(page(merchant)).status_code == status
        assert make(client, merchant).status_code == status
        revoke = page(merchant, f"{partner.key.public_id}/revoke/")
        assert client.post(revoke).status_code == status
    with partner.rows():
        assert ApiKey.objects.filter(revoked_at=None).count() == 1


def test_a_key_of_another_merchant_cannot_be_revoked(signed_in, owner, merchant, other_merchant):
    stranger = Partner(other_merchant)
    address = page(merchant, f"{stranger.key.public_id}/revoke/")
    assert signed_in(owner).post(address).status_code == 404
    assert stranger.get("/api/v1/skus/").status_code == 200


def test_keys_in_use_come_before_revoked_ones(signed_in, owner, merchant):
    first, second = Partner(merchant), Partner(merchant)
    client = signed_in(owner)
    client.post(page(merchant, f"{second.key.public_id}/revoke/"))
    assert list(client.get(page(merchant)).context["keys"]) == [first.key, second.key]


def test_a_hostile_name_is_only_text(signed_in, owner, merchant):
    response = make(signed_in(owner), merchant, name="<script>alert(1)</script>")
    assert "<script>alert" not in response.content.decode()
