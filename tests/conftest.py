"""The database as the tests see it: made by the owner, used as the role app. And the people of two shops."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from hypothesis import settings

from tenants.roles import LOGIN_ROLES, bootstrap, password_of
from tests.browser import browse  # noqa: F401 (a fixture for every folder)

# A busy machine is no failure.
settings.register_profile("copydesk", deadline=None)
settings.load_profile("copydesk")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ACT_AS = ("app", "worker", "staff", "dispatcher", "directory", "search", "owner")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A database of this test run; the default connection may become any role, and starts as app."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    admin_url = os.environ["DATABASE_SUPERUSER_URL"]
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    bootstrap(admin_url, {role: _password(role) for role in LOGIN_ROLES}, name)
    _make_tester(admin_url, name)
    for alias in ("default", "owner", "staff", "worker"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    connections["default"].settings_dict["USER"] = "copydesk_tester"
    connections["default"].settings_dict["PASSWORD"] = "tester"
    connections["default"].settings_dict["OPTIONS"]["options"] = "-c role=copydesk_app"
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        with connections["owner"].cursor() as cursor:  # TransactionTestCase flushes by TRUNCATE
            cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO copydesk_app")
        yield
        for alias in ("default", "owner", "staff", "worker"):
            connections[alias].close()


def _password(role: str) -> str:
    variable = "DATABASE_URL" if role == "app" else f"DATABASE_{role.upper()}_URL"
    return password_of(os.environ[variable])


def _make_tester(admin_url: str, database: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(1)")  # pytest-xdist's workers share the server
        found = admin.execute("SELECT FROM pg_roles WHERE rolname = 'copydesk_tester'").fetchone()
        if found is None:
            admin.execute("CREATE ROLE copydesk_tester LOGIN PASSWORD 'tester'")
        admin.execute(f'GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO copydesk_tester')
        for role in ACT_AS:
            admin.execute(f"GRANT copydesk_{role} TO copydesk_tester WITH INHERIT FALSE, SET TRUE")


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Be another database role on the default connection, inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE copydesk_{role}")
        try:
            yield
        finally:
            if connection.connection.info.transaction_status.name != "INERROR":
                cursor.execute("SET LOCAL ROLE copydesk_app")


@pytest.fixture
def shared_data() -> Path:
    """Real files by others; not part of the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real sample files is not beside this checkout")
    return SHARED_DATA


def server_address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 0


@pytest.fixture
def merchant(db: None) -> Any:
    from tenants.models import Merchant

    return Merchant.objects.create(name="Hearthside", currency="EUR")


@pytest.fixture
def other_merchant(db: None) -> Any:
    from tenants.models import Merchant

    return Merchant.objects.create(name="青禾生活", locale="zh-hans", currency="CNY")


def _member(merchant: Any, name: str, role: str) -> Any:
    from django.db import transaction

    from accounts.models import User
    from tenants.models import Membership
    from tenants.scope import merchant_scope

    user = User.objects.create_user(f"{name}@example.org", "correct horse battery", name=name)
    with merchant_scope(merchant.pk), transaction.atomic():
        Membership.objects.create(user=user, role=role)
    return user


@pytest.fixture
def owner(merchant: Any) -> Any:
    return _member(merchant, "owner", "owner")


@pytest.fixture
def editor(merchant: Any) -> Any:
    return _member(merchant, "editor", "editor")


@pytest.fixture
def viewer(merchant: Any) -> Any:
    return _member(merchant, "viewer", "viewer")


@pytest.fixture
def agent(merchant: Any) -> Any:
    return _member(merchant, "agent", "agent")


@pytest.fixture
def outsider(other_merchant: Any) -> Any:
    """Owner of another merchant."""
    return _member(other_merchant, "outsider", "owner")


@pytest.fixture
def staff_user(db: None) -> Any:
    from accounts.models import User

    return User.objects.create_superuser("staff@example.org", "correct horse battery")


@pytest.fixture
def signed_in() -> Any:
    """A function: a test client in which that person is signed in."""

    def sign_in(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def in_scope(merchant: Any) -> Iterator[Any]:
    """The scope of the merchant, in the test's own transaction."""
    from tenants.scope import merchant_scope

    with merchant_scope(merchant.pk):
        yield merchant
