import json
import subprocess
import sys
from typing import Any

import pytest
from django.urls import reverse

LOOKS_AT_WEB = """
import json
from django.conf import settings
import django
django.setup()
from django.urls import Resolver404, resolve
def is_there(path):
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
print(json.dumps({
    "databases": sorted(settings.DATABASES),
    "paths": [is_there(p) for p in ("/admin/", "/tenants/merchant/", "/healthz/")],
    "site": [app for app in settings.INSTALLED_APPS if "admin" in app.lower()],
}))
"""


@pytest.mark.parametrize(
    "page", ["index", "stores_product_changelist", "tenants_auditentry_changelist"]
)
def test_anonymous_people_are_sent_to_sign_in(client: Any, db: None, entries: Any, page: str):
    response = client.get(reverse(f"admin:{page}"))

    assert response.status_code == 302
    assert response.url.startswith("/login/?next=")
    assert entries("staff.listed") == []


@pytest.mark.parametrize(
    "page", ["index", "stores_product_changelist", "tenants_auditentry_changelist"]
)
def test_the_owner_of_a_merchant_is_sent_to_sign_in(
    owner: Any, signed_in: Any, entries: Any, page: str
):
    response = signed_in(owner).get(reverse(f"admin:{page}"))

    assert response.status_code == 302
    assert response.url.startswith("/login/?next=")
    assert entries("staff.listed") == []


def test_an_owner_cannot_open_a_row_of_their_own_shop(
    owner: Any, signed_in: Any, merchant: Any, entries: Any
):
    url = reverse("admin:tenants_merchant_change", args=[merchant.pk])

    assert signed_in(owner).get(url).status_code == 302
    assert entries("staff.viewed") == []


def test_an_owner_cannot_carry_out_a_command(owner: Any, signed_in: Any, merchant: Any):
    url = reverse("admin:tenants_merchant_do", args=[merchant.pk, "change"])

    response = signed_in(owner).post(url, {"name": "Mine", "queue_weight": 9})

    merchant.refresh_from_db()
    assert response.status_code == 302
    assert response.url.startswith("/login/")
    assert merchant.name == "Hearthside"


def test_an_owner_who_signs_in_here_is_refused(client: Any, owner: Any, entries: Any):
    response = client.post(
        "/login/", {"username": owner.email, "password": "correct horse battery"}
    )

    assert response.status_code == 200
    assert response.context["form"].errors
    assert entries("staff.signed_in") == []


def test_staff_sign_in_and_out_under_a_cookie_of_their_own(
    client: Any, staff_user: Any, entries: Any
):
    response = client.post(
        "/login/?next=/", {"username": staff_user.email, "password": "correct horse battery"}
    )

    assert response.url == "/"
    assert "copydesk_admin_session" in response.cookies
    assert response.cookies["copydesk_admin_session"]["samesite"] == "Strict"
    assert [entry.actor for entry in entries("staff.signed_in")] == ["staff@example.org"]
    assert client.get("/").status_code == 200
    assert client.post("/logout/").status_code == 200
    assert client.get("/").status_code == 302


def test_a_password_cannot_be_guessed(client: Any, staff_user: Any):
    wrong = {"username": staff_user.email, "password": "wrong"}
    for _ in range(10):
        client.post("/login/", wrong)

    response = client.post("/login/", {**wrong, "password": "correct horse battery"})

    assert response.status_code == 200
    assert response.context["form"].has_error("__all__", "throttled")
    assert client.get("/").status_code == 302


def test_a_locked_member_of_staff_is_out_at_once(staff: Any, staff_user: Any):
    staff_user.is_active = False
    staff_user.save(update_fields=["is_active"])

    assert staff.get("/").status_code == 302


def test_health_needs_no_sign_in(client: Any, db: None):
    assert client.get("/healthz/").json() == {"status": "ok"}


def test_an_unknown_address_has_a_page_of_its_own(staff: Any):
    response = staff.get("/nothing/here/")

    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


def test_the_merchants_process_has_neither_the_site_nor_the_alias():
    answer = subprocess.run(
        [sys.executable, "-c", LOOKS_AT_WEB],
        env={**_environment(), "DJANGO_SETTINGS_MODULE": "config.settings.web"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(answer.stdout) == {
        "databases": ["default"],
        "paths": [False, False, True],
        "site": ["django.contrib.admin.apps.SimpleAdminConfig"],
    }


def _environment() -> dict[str, str]:
    import os
    from pathlib import Path

    root = Path(__file__).resolve().parents[3]
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_STAFF_URL"}
    return {**kept, "PYTHONPATH": f"{root}:{root / 'platform'}"}
