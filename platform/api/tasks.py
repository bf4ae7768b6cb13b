"""Forgetting saved answers, a task per merchant."""

from celery import shared_task
from django.db import transaction

from api.idempotency import forget_old_keys
from api.selectors import merchants_with_old_answers
from tenants.tasks import TenantTask


@shared_task(name="api.forget_idempotency_keys")
def forget_idempotency_keys() -> None:
    """Send one task to each merchant that has answers older than anybody may ask for."""
    for merchant_id in merchants_with_old_answers():
        forget_keys_of_merchant.delay(merchant_id=merchant_id)


@shared_task(name="api.forget_keys_of_merchant", base=TenantTask)
def forget_keys_of_merchant(*, merchant_id: int) -> None:
    with transaction.atomic():
        forget_old_keys()
