"""The base of every task that works for one merchant."""

from typing import Any

from celery.contrib.django.task import DjangoTask

from tenants.scope import merchant_scope


class TenantTask(DjangoTask):  # type: ignore[type-arg]
    """Takes `merchant_id` as a keyword and runs in its scope. Opens no transaction: the task does, per chunk."""

    abstract = True

    def __call__(self, *args: Any, merchant_id: int, **kwargs: Any) -> Any:
        with merchant_scope(merchant_id):
            return super().__call__(*args, merchant_id=merchant_id, **kwargs)
