"""The staff's site reads on a connection of its own, so that what these tests make is committed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections, transaction

from config.settings import admin as admin_settings
from tenants.models import AuditEntry
from tenants.scope import merchant_scope

OF_THE_SITE = (
    "ROOT_URLCONF",
    "MIDDLEWARE",
    "AUTHENTICATION_BACKENDS",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_NAME",
    "LOGIN_URL",
    "LOGIN_REDIRECT_URL",
    "CONTENT_SECURITY_POLICY",
    "UNFOLD",
)


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database whose rows are committed, and gone after the test."""
    with django_db_blocker.unblock():
        yield
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "TRUNCATE tenants_merchant, accounts_user, generation_inferenceworker, "
                "generation_platformmodel, django_session CASCADE"
            )
        for alias in ("default", "staff", "owner"):
            connections[alias].close()


@pytest.fixture(autouse=True)
def staff_site(settings: Any) -> None:
    """The addresses and settings of the staff's process, and nobody who failed to sign in before."""
    cache.clear()
    for name in OF_THE_SITE:
        setattr(settings, name, getattr(admin_settings, name))


@pytest.fixture
def staff(staff_user: Any, signed_in: Any) -> Any:
    """A client in which a member of the platform's staff is signed in."""
    return signed_in(staff_user)


@pytest.fixture
def catalogues(merchant: Any, other_merchant: Any, owner: Any, outsider: Any) -> dict[str, Any]:
    """A row of every kind, some for each of two merchants."""
    from tests.config.admin.rows import make_rows

    rows: dict[str, Any] = {}
    for one, person in ((merchant, owner), (other_merchant, outsider)):
        with merchant_scope(one.pk), transaction.atomic():
            rows[one.name] = make_rows(person)
    return rows


@pytest.fixture
def entries() -> Any:
    """A function: the entries of an action in the audit log, over all merchants."""

    def of(action: str) -> list[AuditEntry]:
        found = AuditEntry.objects.using("staff").filter(action=action)
        return list(found.order_by("pk"))

    return of
