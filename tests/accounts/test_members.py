import pytest
from django.core import mail
from django.urls import reverse

from tenants.models import Invitation, Membership, Merchant
from tenants.scope import merchant_scope


@pytest.fixture
def url(merchant):
    def of(name, *args):
        return reverse(f"accounts:{name}", args=[merchant.public_id, *args])

    return of


def test_an_owner_invites_and_the_mail_holds_the_link(
    url, owner, merchant, signed_in, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in(owner).post(
            url("invitation_create"), {"email": "new@example.org", "role": "editor"}
        )
    assert response.status_code == 302
    assert mail.outbox[0].to == ["new@example.org"]
    assert "/invitations/" in mail.outbox[0].body


LONG = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example.org"


@pytest.mark.parametrize(
    "data",
    [
        {"email": "x", "role": "editor"},
        {"email": "", "role": "king"},
        {"email": LONG, "role": "editor"},
    ],
)
def test_a_bad_invitation_is_explained_in_place(url, owner, merchant, signed_in, data):
    response = signed_in(owner).post(url("invitation_create"), data)
    assert response.status_code == 422
    with merchant_scope(merchant.pk):
        assert Invitation.objects.count() == 0


def test_only_owners_change_members(url, owner, editor, merchant, signed_in):
    with merchant_scope(merchant.pk):
        target = Membership.objects.get(user=owner)
    response = signed_in(editor).post(url("member_remove", target.public_id))
    assert response.status_code == 403
    with merchant_scope(merchant.pk):
        assert Membership.objects.filter(pk=target.pk).exists()


def test_another_shops_member_is_a_404(url, owner, outsider, other_merchant, signed_in):
    with merchant_scope(other_merchant.pk):
        theirs = Membership.objects.get(user=outsider)
    assert signed_in(owner).post(url("member_remove", theirs.public_id)).status_code == 404


def test_settings_are_saved(url, owner, merchant, signed_in):
    data = {
        "name": "Hearthside & Sons",
        "locale": "de",
        "currency": "CHF",
        "time_zone": "Europe/Zurich",
        "brand_facts": "Founded: 1998\nRegion：Jura",
    }
    assert signed_in(owner).post(url("merchant_settings"), data).status_code == 302
    merchant.refresh_from_db()
    assert merchant.brand_facts == {"Founded": "1998", "Region": "Jura"}
    assert (merchant.name, merchant.time_zone) == ("Hearthside & Sons", "Europe/Zurich")


def test_a_brand_fact_without_a_value_is_refused(url, owner, merchant, signed_in):
    data = {"name": "N", "locale": "de!", "currency": "EUR", "time_zone": "UTC", "brand_facts": "x"}
    response = signed_in(owner).post(url("merchant_settings"), data)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"locale", "brand_facts"}
    assert Merchant.objects.get(pk=merchant.pk).name == "Hearthside"
