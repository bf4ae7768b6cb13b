"""Lock one between merchants: a manager that refuses to run outside a scope or outside a transaction."""

from collections.abc import Iterator
from typing import Any, TypeVar

from django.db import connections, models

from tenants.scope import ScopeError, require_merchant_id

M = TypeVar("M", bound=models.Model)


class MerchantQuerySet(models.QuerySet[M]):
    """Raises ScopeError where row security would silently return nothing: outside a transaction."""

    def _require_transaction(self) -> None:
        if not connections[self.db].in_atomic_block:
            raise ScopeError(f"{self.model.__name__}: rows of a merchant need a transaction")

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._require_transaction()
        super()._fetch_all()

    def _iterator(self, *args: Any, **kwargs: Any) -> Iterator[M]:
        self._require_transaction()
        iterator: Iterator[M] = super()._iterator(*args, **kwargs)  # type: ignore[misc]
        return iterator

    def count(self) -> int:
        self._require_transaction()
        return super().count()

    def exists(self) -> bool:
        self._require_transaction()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require_transaction()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._require_transaction()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_transaction()
        return super().delete()


class MerchantManager(models.Manager.from_queryset(MerchantQuerySet)):  # type: ignore[misc]
    """`Model.objects`: the rows of the merchant in scope, never every row."""

    use_in_migrations = False

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(merchant_id=require_merchant_id())

    def none(self) -> Any:
        """No rows, which needs no scope: what schema generation asks for."""
        return super().get_queryset().none()
