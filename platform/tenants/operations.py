"""Migration operations that put lock two on a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation

IN_SCOPE = "merchant_id = (SELECT NULLIF(current_setting('app.merchant_id', true), '')::bigint)"


@contextmanager
def every_merchants_rows(cursor: Any, *tables: str) -> Iterator[None]:
    """Let a data migration see and write the rows of all merchants in these tables.

    The owner has no policy, so forced row security would show it none. Other sessions wait for the
    migration's transaction to end and never find the lock open.
    """
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


class ProtectMerchantTable(Operation):
    """Forced row security on a model's table, and composite keys to the merchant's other tables.

    Run it right after the table is made, targets before the tables that point at them.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing: Django's state knows neither policies nor composite keys."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        for statement in _protect(table):
            schema_editor.execute(statement)
        for field in merchant_foreign_keys(model):
            schema_editor.execute(_composite_key(table, field))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        for field in merchant_foreign_keys(model):
            name = key_name(table, field.column)
            schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        for statement in _unprotect(table):
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Protect {self.model_name} with row security"


class ProtectForeignKey(Operation):
    """The composite key of a foreign key that was added to a protected table later."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, field_name: str) -> None:
        self.model_name = model_name
        self.field_name = field_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing: Django's state knows no composite keys."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.field_name)
        schema_editor.execute(_composite_key(model._meta.db_table, field))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        name = key_name(table, model._meta.get_field(self.field_name).column)
        schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')

    def describe(self) -> str:
        return f"Protect {self.model_name}.{self.field_name} with a composite key"


def merchant_foreign_keys(model: Any) -> Iterator[Any]:
    """The model's foreign keys that point at rows of a merchant."""
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and field.name != "merchant":
            fields = field.related_model._meta.local_fields
            if any(f.name == "merchant" for f in fields):
                yield field


def key_name(table: str, column: str) -> str:
    """The name of a composite key; Postgres cuts names at 63 bytes, so we do it first."""
    return f"{table}_{column}_same_merchant"[:63]


def _protect(table: str) -> Iterator[str]:
    yield f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_merchant_row" UNIQUE (merchant_id, id)'
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    yield (
        f'CREATE POLICY merchant_scope ON "{table}" TO copydesk_app '
        f"USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE})"
    )
    for role in ("staff", "backup"):
        yield (
            f'CREATE POLICY {role}_reads ON "{table}" FOR SELECT TO copydesk_{role} USING (true)'
        )


def _unprotect(table: str) -> Iterator[str]:
    for policy in ("merchant_scope", "staff_reads", "backup_reads"):
        yield f'DROP POLICY {policy} ON "{table}"'
    yield f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_merchant_row"'


def _composite_key(table: str, field: Any) -> str:
    target = field.related_model._meta.db_table
    action = f' ON DELETE SET NULL ("{field.column}")' if field.null else ""
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{key_name(table, field.column)}" '
        f'FOREIGN KEY (merchant_id, "{field.column}") REFERENCES "{target}" (merchant_id, id)'
        f"{action} DEFERRABLE INITIALLY DEFERRED"
    )
