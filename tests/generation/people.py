"""What the queue's tests need: products of a shop, runs over them, and workers that claim."""

from django.db import transaction

from generation import queue
from generation.brief import RunBrief
from generation.models import GenerationRun, InferenceWorker
from generation.services import start_run
from stores.models import Product
from tenants.actor import SYSTEM
from tenants.scope import merchant_scope
from tests.conftest import acting_as

MATERIAL = {"name": "Material", "value": "stoneware", "type": "text", "unit": None, "origin": {}}


def products_of(merchant, n, start=0):
    with merchant_scope(merchant.pk), transaction.atomic():
        return Product.objects.bulk_create(
            Product(handle=f"p{i}", title=f"Product {i}", product_type="Mug", attributes=[MATERIAL])
            for i in range(start, start + n)
        )


def run_of(merchant, n=3, **options):
    """A run over the merchant's first n products, made where there are none."""
    with merchant_scope(merchant.pk), transaction.atomic():
        n_there = Product.objects.count()
    products_of(merchant, max(0, n - n_there), start=n_there)
    with merchant_scope(merchant.pk), transaction.atomic():
        chosen = Product.objects.filter(
            pk__in=list(Product.objects.order_by("pk").values_list("pk", flat=True)[:n])
        )
        return start_run(products=chosen, brief=RunBrief(), actor=SYSTEM, **options)


def worker_with_lease(seconds=60, state="ready"):
    from datetime import timedelta

    from django.utils import timezone

    return InferenceWorker.objects.create(
        host="test",
        pid=1,
        fence=queue.next_fence(),
        state=state,
        lease_expires_at=timezone.now() + timedelta(seconds=seconds),
    )


def claim(worker, limit=8, ceiling=1000, **options):
    with transaction.atomic(), acting_as("worker"):
        return queue.claim_requests(
            worker_id=worker.pk, fence=worker.fence, limit=limit, ceiling=ceiling, **options
        )


def fresh(run):
    with merchant_scope(run.merchant_id), transaction.atomic():
        return GenerationRun.objects.get(pk=run.pk)
