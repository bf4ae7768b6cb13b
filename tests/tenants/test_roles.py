import os
from urllib.parse import urlsplit

import psycopg
import pytest

from tenants.roles import LOGIN_ROLES, NOLOGIN_ROLES, bootstrap, database_of, password_of

DATABASE = "bootstrap_by_manager"


@pytest.fixture
def manager_url(django_db_setup):
    """A role as managed servers give it: no superuser, no BYPASSRLS, CREATEROLE and CREATEDB."""
    admin_url = os.environ["DATABASE_SUPERUSER_URL"]
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("CREATE ROLE manager LOGIN PASSWORD 'manager' CREATEROLE CREATEDB")
        for role in (*LOGIN_ROLES, *NOLOGIN_ROLES):
            admin.execute(
                f"GRANT copydesk_{role} TO manager WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"
            )
        parts = urlsplit(admin_url)
        yield f"postgres://manager:manager@{parts.hostname}:{parts.port}/postgres"
        admin.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        admin.execute("DROP OWNED BY manager CASCADE")
        admin.execute("REASSIGN OWNED BY manager TO CURRENT_USER")
        admin.execute("DROP ROLE manager")


def test_no_superuser_is_needed_and_repeating_is_safe(manager_url):
    bootstrap(manager_url, {}, DATABASE)
    bootstrap(manager_url, {}, DATABASE)
    address = urlsplit(os.environ["DATABASE_OWNER_URL"])._replace(path=f"/{DATABASE}").geturl()
    with psycopg.connect(address) as owner:
        owner.execute("CREATE TABLE t (id int)")
        rights = owner.execute(
            "SELECT has_table_privilege('copydesk_app', 't', 'INSERT'),"
            " has_table_privilege('copydesk_staff', 't', 'SELECT'),"
            " has_table_privilege('copydesk_staff', 't', 'INSERT'),"
            " has_schema_privilege('copydesk_app', 'public', 'CREATE')"
        ).fetchone()
        owner.rollback()
    assert rights == (True, True, False, False)


def test_parts_of_a_url_are_unquoted():
    url = "postgres://copydesk_app:p%40ss@db.example:5432/my%20shop"
    assert (password_of(url), database_of(url)) == ("p@ss", "my shop")
