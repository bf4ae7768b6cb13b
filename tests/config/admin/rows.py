"""Rows for the tests of the staff's site, in the scope of one merchant."""

import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from api.models import ApiKey, Scope
from api.services import create_api_key
from generation.models import (
    Candidate,
    GenerationRequest,
    GenerationRun,
    InferenceWorker,
    MerchantEndpoint,
    QueueTurn,
)
from stores.models import (
    BulkEdit,
    CatalogueExport,
    CatalogueImport,
    CopySlot,
    CopyVersion,
    Feed,
    Product,
    ProductImage,
    Sku,
)
from tenants.actor import user_actor
from tenants.models import Membership
from tenants.scope import require_merchant_id
from tenants.services import invite


def make_rows(person: Any) -> dict[str, Any]:
    """One row of every kind that the site shows, by name; person: who did it."""
    rows = {**_catalogue(person), **_generation(), "membership": Membership.objects.get()}
    rows["invitation"], _ = invite(email="new@example.org", role="editor", actor=user_actor(person))
    rows["key"], _ = create_api_key(
        name="Till", scopes=[Scope.CATALOGUE_READ], expires_at=None, actor=user_actor(person)
    )
    rows["request"].product = rows["product"]
    rows["request"].save(update_fields=["product"])
    return rows


def _catalogue(person: Any) -> dict[str, Any]:
    product = Product.objects.create(handle="mug", title="Fjord mug")
    Sku.objects.create(product=product, code="MUG-1", price_minor=1900, currency="EUR", position=1)
    ProductImage.objects.create(product=product, url="https://example.org/mug.jpg", position=1)
    slot = CopySlot.objects.create(product=product, field="description", locale="en")
    version = CopyVersion.objects.create(
        slot=slot, number=1, text="<p>A mug.</p>", source="human", state="draft", created_by=person
    )
    read = CatalogueImport.objects.create(
        file_name="products.csv", file="products.csv", size_bytes=10, sha256="0" * 64,
        state="finished", created_by=person,
    )  # fmt: skip
    feed = Feed.objects.create(
        name="Google", format="google_xml", prefix=secrets.token_hex(6), secret_hash=bytes(32),
        due_at=timezone.now(), created_by=person,
    )  # fmt: skip
    return {
        "product": product,
        "version": version,
        "import": read,
        "feed": feed,
        "export": CatalogueExport.objects.create(
            feed=feed, format="google_xml", file_name="google.xml"
        ),
        "bulk edit": BulkEdit.objects.create(state="applied", created_by=person),
    }


def _generation() -> dict[str, Any]:
    run = GenerationRun.objects.create(brief={"tone": "neutral"}, n_total=1, n_failed=1)
    worker = InferenceWorker.objects.create(
        host="box", pid=7, fence=require_merchant_id(), state="ready",
        lease_expires_at=timezone.now() + timedelta(minutes=1),
    )  # fmt: skip
    request = GenerationRequest.objects.create(
        run=run, lane="bulk", state="failed", error_code="out_of_memory",
        finished_at=timezone.now(), prompt={"system": "Write."},
    )  # fmt: skip
    candidate = Candidate.objects.create(
        request=request, index=0, raw="A mug.", text="A mug.", finish_reason="stop"
    )
    return {
        "run": run,
        "request": request,
        "candidate": candidate,
        "worker": worker,
        "turn": QueueTurn.objects.create(lane="bulk", woken_at=timezone.now()),
        "endpoint": MerchantEndpoint.objects.create(
            name="Own", base_url="https://models.example.org/v1", model="small"
        ),
    }


def secret_of(key: ApiKey) -> str:
    """The stored hash as it would show if a page printed it."""
    return bytes(key.secret_hash).hex()
