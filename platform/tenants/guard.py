"""The check over every table and role: a process whose second lock is open refuses to start."""

from collections.abc import Iterator

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models

from tenants.global_tables import GLOBAL_TABLES
from tenants.operations import key_name, merchant_foreign_keys

_ROLE = """
SELECT rolsuper OR rolbypassrls OR EXISTS (
    SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
      AND pg_has_role(current_user, c.relowner, 'MEMBER'))
FROM pg_roles WHERE rolname = current_user
"""
_TABLES = """
SELECT c.relname,
       c.relrowsecurity AND c.relforcerowsecurity
         AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid),
       c.relispartition AND NOT has_table_privilege('copydesk_app', c.oid,
                                                    'SELECT, INSERT, UPDATE, DELETE')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
"""
_KEYS = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND array_length(conkey, 1) = 2"


def open_locks(using: str = "default") -> list[str]:
    """What stands open between merchants in the database, a sentence each; empty where all is well."""
    return [*_privileged_role(using), *_unprotected_tables(using), *_missing_keys(using)]


def refuse_unsafe_role(using: str = "default") -> None:
    """Raise ImproperlyConfigured if this process could see another merchant's rows."""
    problems = open_locks(using)
    if problems:
        raise ImproperlyConfigured("Copydesk will not start: " + "; ".join(problems))


def _privileged_role(using: str) -> Iterator[str]:
    with connections[using].cursor() as cursor:
        cursor.execute(_ROLE)
        row = cursor.fetchone()
    if row is None or row[0]:
        yield "the database role is a superuser, has BYPASSRLS or owns tables (use the role app)"


def _unprotected_tables(using: str) -> Iterator[str]:
    with connections[using].cursor() as cursor:
        cursor.execute(_TABLES)
        for table, is_protected, is_closed_partition in cursor.fetchall():
            if not (is_protected or is_closed_partition or table in GLOBAL_TABLES):
                yield f"the table {table} has no forced row security"


def _missing_keys(using: str) -> Iterator[str]:
    with connections[using].cursor() as cursor:
        cursor.execute(_KEYS)
        present = {row[0] for row in cursor.fetchall()}
    for model in apps.get_models():
        if any(f.name == "merchant" for f in model._meta.local_fields):
            for field in merchant_foreign_keys(model):
                if key_name(model._meta.db_table, field.column) not in present:
                    yield f"{_name(model)}.{field.name} has no composite key"


def _name(model: type[models.Model]) -> str:
    return model._meta.label
