"""Django's PostgreSQL backend, plus one rule: `app.merchant_id` always equals the scope.

The setting is local to the transaction (safe with pools) and is written when the first cursor of a
transaction, or the first after the scope changed, is made. A rolled back savepoint takes the
setting back with it, so it is written again after one.
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from tenants.scope import current_merchant_id


class DatabaseWrapper(base.DatabaseWrapper):
    _written: int | None = None
    _is_written = False

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        self._written, self._is_written = None, False

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._is_written = False

    def _cursor(self, name: str | None = None) -> Any:
        self.ensure_connection()
        if self.in_atomic_block:
            self._write_scope()
        return super()._cursor(name)  # type: ignore[misc]

    def _write_scope(self) -> None:
        merchant_id = current_merchant_id()
        if self._written == merchant_id and (self._is_written or merchant_id is None):
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return
        value = "" if merchant_id is None else str(merchant_id)
        self.connection.execute("SELECT set_config('app.merchant_id', %s, true)", [value])
        self._written, self._is_written = merchant_id, True
