"""What staff change goes through services, in the merchant's scope, with an entry that names them."""

from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from api.models import ApiKey
from generation.models import GenerationRun, PlatformModel
from tenants.models import AuditEntry, Invitation, Membership, Merchant
from tenants.scope import merchant_scope


def _do(page: str, row: Any, command: str) -> str:
    return reverse(f"admin:{page}_do", args=[row.pk, command])


def _now(row: Any) -> Any:
    return type(row)._base_manager.using("staff").filter(pk=row.pk).first()


def _changes() -> list[tuple[Any, str, str, str]]:
    entries = AuditEntry.objects.using("staff").filter(actor_kind="staff")
    entries = entries.exclude(action__startswith="staff.").order_by("pk")
    return [(e.merchant_id, e.action, e.target, e.actor) for e in entries]


def test_a_merchant_is_changed_in_its_own_scope(staff: Any, merchant: Any, other_merchant: Any):
    response = staff.post(
        _do("tenants_merchant", merchant, "change"),
        {"name": "Hearth & Side", "queue_weight": "3", "is_active": "on"},
    )

    assert response.url == f"/tenants/merchant/{merchant.pk}/change/"
    assert (_now(merchant).name, _now(merchant).queue_weight) == ("Hearth & Side", 3)
    assert _now(other_merchant).queue_weight == 1
    assert _changes() == [
        (merchant.pk, "merchant.changed", merchant.public_id, "staff@example.org")
    ]


def test_what_does_not_differ_leaves_no_entry(staff: Any, merchant: Any):
    staff.post(
        _do("tenants_merchant", merchant, "change"),
        {"name": "Hearthside", "queue_weight": "1", "is_active": "on"},
    )

    assert _changes() == []


def test_invalid_fields_change_nothing(staff: Any, merchant: Any):
    response = staff.post(
        _do("tenants_merchant", merchant, "change"), {"name": "", "queue_weight": "0"}
    )

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"name", "queue_weight"}
    assert (_now(merchant).name, _now(merchant).is_active) == ("Hearthside", True)
    assert _changes() == []


@pytest.mark.parametrize(
    ("page", "kind", "command"),
    [
        ("generation_generationrun", "run", "cancel"),
        ("generation_generationrun", "run", "retry"),
        ("api_apikey", "key", "revoke"),
        ("tenants_membership", "membership", "remove"),
        ("tenants_invitation", "invitation", "withdraw"),
    ],
)
def test_opening_a_commands_page_changes_nothing(
    staff: Any, catalogues: Any, entries: Any, page: str, kind: str, command: str
):
    row = catalogues["Hearthside"][kind]
    before = _now(row).__dict__.copy()

    response = staff.get(_do(page, row, command))

    after = _now(row).__dict__
    before.pop("_state")
    assert response.status_code == 200
    assert {key: after[key] for key in before} == before
    assert _changes() == []
    assert [entry.target for entry in entries("staff.viewed")] == [row.public_id]


def test_a_run_is_cancelled(staff: Any, catalogues: Any, merchant: Any):
    run = catalogues["Hearthside"]["run"]

    staff.post(_do("generation_generationrun", run, "cancel"))

    assert _now(run).state == GenerationRun.State.CANCELLED
    assert _now(catalogues["青禾生活"]["run"]).state == GenerationRun.State.RUNNING
    assert [entry[:3] for entry in _changes()] == [(merchant.pk, "run.cancelled", run.public_id)]


def test_what_failed_is_tried_again(staff: Any, catalogues: Any, merchant: Any):
    run, request = catalogues["Hearthside"]["run"], catalogues["Hearthside"]["request"]

    staff.post(_do("generation_generationrun", run, "retry"))

    assert (_now(run).n_failed, _now(request).state) == (0, "queued")
    assert [entry[:3] for entry in _changes()] == [(merchant.pk, "run.retried", run.public_id)]


def test_a_key_is_revoked(staff: Any, catalogues: Any, merchant: Any):
    key: ApiKey = catalogues["Hearthside"]["key"]

    staff.post(_do("api_apikey", key, "revoke"))

    assert _now(key).revoked_at is not None
    assert [entry[:3] for entry in _changes()] == [(merchant.pk, "api_key.revoked", key.public_id)]


def test_a_member_gets_another_role(staff: Any, merchant: Any, owner: Any, editor: Any):
    membership = Membership._base_manager.using("staff").get(user=editor)

    staff.post(_do("tenants_membership", membership, "role"), {"role": "viewer"})

    assert _now(membership).role == "viewer"
    assert [entry[:3] for entry in _changes()] == [
        (merchant.pk, "membership.role_changed", membership.public_id)
    ]


def test_the_last_owner_cannot_be_removed(staff: Any, merchant: Any, owner: Any):
    membership = Membership._base_manager.using("staff").get(user=owner)

    response = staff.post(_do("tenants_membership", membership, "remove"))

    assert response.status_code == 422
    assert "at least one owner" in response.content.decode()
    assert _now(membership) is not None
    assert _changes() == []


def test_an_editor_is_removed(staff: Any, merchant: Any, owner: Any, editor: Any):
    membership = Membership._base_manager.using("staff").get(user=editor)

    response = staff.post(_do("tenants_membership", membership, "remove"))

    assert response.url == "/tenants/membership/"
    assert _now(membership) is None
    assert _changes()[0][:2] == (merchant.pk, "membership.removed")


def test_a_shop_is_opened_and_its_owner_invited(staff: Any, settings: Any):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    staff.post(
        "/tenants/merchant/add/",
        {"name": "Nordlicht", "owner_email": "o@example.org", "locale": "de", "currency": "EUR"},
    )

    opened = Merchant.objects.get(name="Nordlicht")
    with merchant_scope(opened.pk), transaction.atomic():
        assert [(i.email, i.role) for i in Invitation.objects.all()] == [("o@example.org", "owner")]
    assert [entry[:2] for entry in _changes()] == [
        (opened.pk, "merchant.founded"),
        (opened.pk, "invitation.sent"),
    ]
    assert mail.outbox[0].to == ["o@example.org"]
    assert f"{settings.BASE_URL}/invitations/" in mail.outbox[0].body


def test_a_person_is_locked_out(staff: Any, editor: Any):
    staff.post(_do("accounts_user", editor, "lock"))

    assert not _now(editor).is_active
    assert _changes() == [(None, "user.locked", editor.public_id, "staff@example.org")]


def test_nobody_locks_themselves(staff: Any, staff_user: Any):
    assert staff.post(_do("accounts_user", staff_user, "lock")).status_code == 403
    assert _now(staff_user).is_active


def test_only_a_superuser_makes_staff(signed_in: Any, editor: Any):
    helper = User.objects.create_user("helper@example.org", "correct horse", is_staff=True)

    assert signed_in(helper).post(_do("accounts_user", editor, "make-staff")).status_code == 403
    assert not _now(editor).is_staff


def test_a_superuser_makes_staff(staff: Any, editor: Any):
    staff.post(_do("accounts_user", editor, "make-staff"))

    assert _now(editor).is_staff
    assert _changes()[0][1:3] == ("user.made_staff", editor.public_id)


def test_a_platform_model_is_added_changed_and_deleted(staff: Any):
    fields = {"name": "Big", "base_url": "http://box:8000/v1", "model": "big", "api_key": "s3cret",
              "max_concurrency": "4", "is_active": "on"}  # fmt: skip
    staff.post("/generation/platformmodel/add/", fields)
    model = PlatformModel.objects.get()
    stored = bytes(model.api_key_encrypted)

    staff.post(
        _do("generation_platformmodel", model, "change"), {**fields, "name": "Large", "api_key": ""}
    )
    page = staff.get(f"/generation/platformmodel/{model.pk}/change/").content.decode()

    assert _now(model).name == "Large"
    assert bytes(_now(model).api_key_encrypted) == stored
    assert "s3cret" not in page
    staff.post(_do("generation_platformmodel", model, "delete"))
    assert _now(model) is None
    assert [entry[:2] for entry in _changes()] == [
        (None, "endpoint.added"),
        (None, "endpoint.changed"),
        (None, "endpoint.deleted"),
    ]


@pytest.mark.parametrize(
    "address", ["box:8000/v1", "ftp://box/v1", "http://", "http://me@box/v1", "http://box:99999/v1"]
)
def test_a_platform_model_needs_an_address_to_call(staff: Any, address: str):
    fields = {"name": "Big", "base_url": address, "model": "big", "max_concurrency": "4"}

    response = staff.post("/generation/platformmodel/add/", fields)

    assert set(response.context["form"].errors) == {"base_url"}
    assert not PlatformModel.objects.exists()


def test_testing_a_model_that_does_not_answer_says_so(staff: Any):
    model = PlatformModel.objects.create(name="Off", base_url="http://127.0.0.1:9/v1", model="x")

    response = staff.post(_do("generation_platformmodel", model, "test"))

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "Nothing answers at the model's address."
    ]
    assert _changes()[0][1:3] == ("endpoint.tested", model.public_id)


def test_a_command_of_another_kind_of_row_does_not_exist(staff: Any, merchant: Any):
    response = staff.post(_do("tenants_merchant", merchant, "revoke"))

    assert response.status_code == 302
    assert _changes() == []


def test_a_command_needs_the_token_against_forgery(staff_user: Any, merchant: Any):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(staff_user, backend="django.contrib.auth.backends.ModelBackend")

    response = client.post(
        _do("tenants_merchant", merchant, "change"), {"name": "Mine", "queue_weight": "1"}
    )

    assert response.status_code == 403
    assert _now(merchant).name == "Hearthside"
