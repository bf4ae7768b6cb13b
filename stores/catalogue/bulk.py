"""Many rows into one table at once: COPY into a temporary table, from there an upsert.

COPY straight into a table with row security is refused; INSERT ... SELECT under the scope is not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.fields.json import JSONField
from django.utils import timezone

from tenants.fields import PublicIdField, decode, uuid7s
from tenants.scope import require_merchant_id


class Row:
    """One row: its attributes are the columns of a model, all but the key, in their order."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values

    if TYPE_CHECKING:  # which columns there are is known to the models only

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: Any) -> None: ...


class BulkTable:
    """A model's table. key: of the upsert, as attribute names; without one rows are only added.

    kept: columns that stay as they are where the row is there already; the model tells all others,
    so that a new column cannot be forgotten.
    """

    def __init__(
        self, model: type[models.Model], key: Sequence[str] = (), kept: Iterable[str] = ()
    ) -> None:
        fields = [f for f in model._meta.local_concrete_fields if not f.primary_key]
        self.table = model._meta.db_table
        self.columns = [field.attname for field in fields]
        self.key = key
        self._defaults = {field.attname: _default(field) for field in fields}
        self._times = [f.attname for f in fields if getattr(f, "auto_now", False)]
        self._created = [f.attname for f in fields if getattr(f, "auto_now_add", False)]
        self._converters = [
            (n, _CONVERTERS[kind])
            for n, field in enumerate(fields)
            for kind in _CONVERTERS
            if isinstance(field, kind)
        ]
        self._id_place = self.columns.index("public_id") if "public_id" in self.columns else None
        # All names in these statements are the models'.
        names, temporary = _names(self.columns), f'"copy_of_{self.table}"'
        select = f'SELECT {names} FROM "{self.table}" WITH NO DATA'  # noqa: S608
        self._prepare = (
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {temporary} ON COMMIT DELETE ROWS AS {select};"
            f"TRUNCATE {temporary}"
        )
        self._copy = f"COPY {temporary} ({names}) FROM STDIN"
        update = self._update({*kept, *key, "merchant_id", "public_id", *self._created})
        self._insert = (
            f'INSERT INTO "{self.table}" ({names}) SELECT {names} FROM {temporary}{update}'  # noqa: S608
        )

    def blank(self) -> dict[str, Any]:
        """A new row of the merchant in scope, to be filled: {**blank, "title": ...} keeps the order."""
        return {**self._defaults, **self._now(), "merchant_id": require_merchant_id()}

    def date(self, rows: Iterable[Row]) -> None:
        """New rows that were filled earlier are made now, in the transaction that writes them."""
        now = self._now()
        for row in rows:
            row.__dict__.update(now)

    def of(self, instances: Iterable[models.Model]) -> Iterator[Row]:
        """The rows of model instances, stored before or not."""
        blank = self.blank()
        for instance in instances:
            values = {name: getattr(instance, name) for name in self.columns}
            values |= {name: blank[name] for name in self._times}
            values |= {name: blank[name] for name in self._created if values[name] is None}
            yield Row(values)

    def write(self, rows: Sequence[Row], returning: Sequence[str] = ()) -> list[tuple[Any, ...]]:
        """Add or change the rows in one statement; the wanted columns of each, in any order."""
        if not rows:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self._prepare)
            with cursor.copy(self._copy) as copy:
                for values in self._converted(rows):
                    copy.write_row(values)
            wanted = f" RETURNING {_names(returning)}" if returning else ""
            cursor.execute(self._insert + wanted)
            return cursor.fetchall() if returning else []

    def _now(self) -> dict[str, str]:
        return dict.fromkeys((*self._times, *self._created), timezone.now().isoformat())

    def _converted(self, rows: Sequence[Row]) -> Iterator[list[Any]]:
        ids, place = uuid7s(len(rows)), self._id_place
        for row in rows:
            values = list(row.__dict__.values())
            for n, convert in self._converters:
                values[n] = convert(values[n])
            if place is not None and not values[place]:
                values[place] = next(ids)
            yield values

    def _update(self, kept: set[str]) -> str:
        if not self.key:
            return ""
        changed = [name for name in self.columns if name not in kept] or [self.key[-1]]
        new = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in changed)
        return f" ON CONFLICT ({_names(self.key)}) DO UPDATE SET {new}"


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _default(field: "models.Field[Any, Any]") -> Any:
    if isinstance(field, PublicIdField | models.ForeignKey):
        return None
    return field.get_default()


def _to_json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _to_array(values: Sequence[str]) -> str:
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return '{"' + '","'.join(quoted) + '"}' if values else "{}"


def _to_uuid(public_id: str | None) -> str | None:
    return public_id and decode(public_id.partition("_")[0], public_id).hex


_CONVERTERS: dict[type, Callable[[Any], Any]] = {
    JSONField: _to_json,
    ArrayField: _to_array,
    PublicIdField: _to_uuid,
}
