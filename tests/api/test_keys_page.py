import datetime as dt

from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from api.models import ApiKey, ApiKeyUse
from api.usage import use_by_day
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
    rows = client.get(page(merchant)).context["keys"]
    assert [row["it"] for row in rows] == [first.key, second.key]


def test_a_hostile_name_is_only_text(signed_in, owner, merchant):
    response = make(signed_in(owner), merchant, name="<script>alert(1)</script>")
    assert "<script>alert" not in response.content.decode()


def rotate(client, merchant, partner, hours="24"):
    address = page(merchant, f"{partner.key.public_id}/rotate/")
    return client.post(address, {"hours": hours})


def status_of(secret):
    return Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/skus/").status_code


def test_a_rotated_key_has_two_secrets_for_a_while(signed_in, owner, merchant):
    partner = Partner(merchant)
    response = rotate(signed_in(owner), merchant, partner)
    secret = response.context["secret"]
    assert secret in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert secret.split("_")[1] == partner.key.prefix
    assert (status_of(secret), status_of(partner.secret)) == (200, 200)
    with partner.rows():
        past = timezone.now() - dt.timedelta(seconds=1)
        ApiKey.objects.update(old_secret_until=past)
        entry = AuditEntry.objects.get(action="api_key.rotated")
        assert (entry.target, entry.details["hours"]) == (partner.key.public_id, 24)
    assert (status_of(secret), status_of(partner.secret)) == (200, 401)


def test_a_secret_that_is_out_can_end_at_once(signed_in, owner, merchant):
    partner = Partner(merchant)
    secret = rotate(signed_in(owner), merchant, partner, hours="0").context["secret"]
    assert (status_of(secret), status_of(partner.secret)) == (200, 401)


def test_a_second_rotation_ends_the_first_secret(signed_in, owner, merchant):
    partner, client = Partner(merchant), signed_in(owner)
    second = rotate(client, merchant, partner).context["secret"]
    third = rotate(client, merchant, partner).context["secret"]
    assert [status_of(one) for one in (partner.secret, second, third)] == [401, 200, 200]


def test_a_revoked_key_gets_no_new_secret(signed_in, owner, merchant):
    partner, client = Partner(merchant), signed_in(owner)
    client.post(page(merchant, f"{partner.key.public_id}/revoke/"))
    assert rotate(client, merchant, partner).status_code == 302
    assert rotate(client, merchant, partner, hours="9999").status_code == 422
    assert status_of(partner.secret) == 401


def test_scopes_can_be_changed(signed_in, owner, merchant):
    partner = Partner(merchant)
    address = page(merchant, f"{partner.key.public_id}/edit/")
    form = {"name": "Texts only", "scopes": ["copy:read"]}
    assert signed_in(owner).post(address, form).status_code == 302
    assert partner.get("/api/v1/skus/").status_code == 403
    assert partner.get("/api/v1/copy-versions/").status_code == 200
    assert partner.get("/api/v1/me/").json()["scopes"] == ["copy:read"]
    assert signed_in(owner).post(address, {"name": "x"}).status_code == 422


def test_the_page_shows_how_much_a_key_is_used(signed_in, owner, merchant):
    partner = Partner(merchant)
    for path in ("/api/v1/skus/", "/api/v1/skus/", "/api/v1/skus/nonsense/"):
        partner.get(path)
    client = signed_in(owner)
    (row,) = client.get(page(merchant)).context["keys"]
    assert (row["n_requests"], row["n_errors"]) == (3, 1)
    detail = client.get(page(merchant, f"{partner.key.public_id}/"))
    today = detail.context["days"][-1]
    assert (len(detail.context["days"]), today.n, today.n_bad) == (30, 3, 1)
    assert "day-chart-bar" in detail.content.decode()


def test_use_is_written_once_a_minute_and_counts_nothing_twice(merchant):
    partner = Partner(merchant)
    partner.get("/api/v1/skus/")
    partner.get("/api/v1/skus/")
    with partner.rows():
        assert ApiKeyUse.objects.count() == 0
    cache.delete(f"api-key-used:{partner.key.pk}")
    partner.get("/api/v1/skus/")
    with partner.rows():
        assert [(u.n_requests, u.n_errors) for u in ApiKeyUse.objects.all()] == [(2, 0)]
        assert use_by_day([partner.key.pk])[partner.key.pk][-1].n_requests == 3
