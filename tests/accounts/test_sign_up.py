import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tenants.actor import user_actor
from tenants.models import Role
from tenants.scope import merchant_scope
from tenants.selectors import desks_of
from tenants.services import invite

PASSWORD = "a long enough passphrase"
LONG = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example.org"


def form(**changes):
    fields = {"name": "Ada", "shop_name": "Ada's mugs", "email": "Ada@Example.org",
              "password1": PASSWORD, "password2": PASSWORD}  # fmt: skip
    return {**fields, **changes}


def confirm_from_mail(client):
    link = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", mail.outbox[-1].body)[1]
    return client.post(link)


def test_signing_up_founds_a_shop_after_the_address_is_confirmed(db):
    client = Client()
    response = client.post(reverse("account_signup"), form())
    assert response.status_code == 302
    confirm_from_mail(client)
    user = User.objects.get(email="ada@example.org")
    (desk,) = desks_of(user.pk)
    assert (desk.merchant.name, desk.role) == ("Ada's mugs", Role.OWNER)
    assert client.get(reverse("dashboard_start:start")).url == reverse(
        "dashboard:home", args=[desk.merchant.public_id]
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("shop_name", ""),
        ("email", "nonsense"),
        ("email", LONG),
        ("password1", "short"),
        ("password2", "different"),
    ],
)
def test_bad_input_makes_nobody(db, field, value):
    response = Client().post(reverse("account_signup"), form(**{field: value}))
    assert response.status_code == 200
    assert response.context["form"].errors
    assert User.objects.count() == 0


def test_an_existing_address_is_not_given_away(owner):
    response = Client().post(reverse("account_signup"), form(email=owner.email))
    assert response.status_code == 302
    assert User.objects.filter(email=owner.email).count() == 1


def test_an_invited_person_signs_up_without_a_shop_of_their_own(merchant, owner):
    with merchant_scope(merchant.pk):
        _, token = invite(email="new@example.org", role=Role.AGENT, actor=user_actor(owner))
    client = Client()
    page = client.get(reverse("accounts_start:invitation", args=[token]))
    assert page.status_code == 200
    assert "shop_name" not in client.get(reverse("account_signup")).context["form"].fields
    client.post(reverse("account_signup"), form(email="new@example.org"))
    response = client.get(reverse("dashboard_start:start"))
    assert response.url == reverse("accounts_start:invitation", args=[token])
    client.post(response.url)
    user = User.objects.get(email="new@example.org")
    assert [(d.merchant, d.role) for d in desks_of(user.pk)] == [(merchant, Role.AGENT)]


def test_an_unknown_invitation_is_a_404(db):
    assert Client().get(reverse("accounts_start:invitation", args=["x"])).status_code == 404
