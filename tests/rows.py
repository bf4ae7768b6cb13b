"""One row of each kind for a merchant, for tests that walk all addresses."""

import secrets
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from api.models import ApiKey
from generation.models import GenerationRun, MerchantEndpoint
from stores.models import (
    BulkEdit,
    CatalogueExport,
    CatalogueImport,
    Collection,
    CopySlot,
    CopyVersion,
    Feed,
    ImportItem,
    MappingProfile,
    Product,
    SavedView,
    Upload,
)
from tenants.models import Invitation, Membership
from tenants.scope import merchant_scope

PARAMETERS = (
    "member", "invitation", "endpoint", "run", "product", "version", "key", "catalogue_import",
    "profile", "upload", "view", "collection",
    "export", "feed", "bulk_edit",
)  # fmt: skip


def rows_of(merchant: Any) -> dict[str, str]:
    """Public ids of fresh rows of the merchant, by the name that addresses give them."""
    with merchant_scope(merchant.pk), transaction.atomic():
        product = Product.objects.create(handle=secrets.token_hex(4), title="Mug")
        slot = CopySlot.objects.create(product=product, field="description", locale="en")
        version = CopyVersion.objects.create(
            slot=slot, number=1, text="<p>A mug.</p>", source="ai", state="draft"
        )
        rows: dict[str, Any] = {
            "product": product,
            "version": version,
            "run": GenerationRun.objects.create(brief={"tone": "neutral"}, n_total=0),
            "endpoint": MerchantEndpoint.objects.create(
                name=secrets.token_hex(4), base_url="https://127.0.0.1/v1", model="m"
            ),
            "invitation": Invitation.objects.create(
                email=f"{secrets.token_hex(4)}@example.org",
                role="viewer",
                token_hash=secrets.token_bytes(32),
                expires_at=timezone.now() + timedelta(days=1),
            ),
            "key": ApiKey.objects.create(
                name="k", prefix=secrets.token_hex(6), secret_hash=bytes(32), scopes=[]
            ),
            "catalogue_import": CatalogueImport.objects.create(
                file_name="a.csv",
                file=ContentFile(b"Handle,Title\n", name="a.csv"),
                options={"locale": "en", "currency": "EUR"},
                size_bytes=13,
                sha256="0" * 64,
                state="previewed",
            ),
            "export": CatalogueExport.objects.create(
                format="csv",
                state="finished",
                file=ContentFile(b"handle\n", name="b.csv"),
                file_name="b.csv",
            ),
            "feed": Feed.objects.create(
                name="f",
                format="csv",
                prefix=secrets.token_hex(6),
                secret_hash=bytes(32),
                due_at=timezone.now(),
            ),
            "bulk_edit": BulkEdit.objects.create(
                state="previewed", changes=[{"do": "clear", "field": "tags"}]
            ),
            "profile": MappingProfile.objects.create(name=secrets.token_hex(4), columns=["a"]),
            "upload": Upload.objects.create(file_name="a.csv", file="uploads/a", size_bytes=3),
            "view": SavedView.objects.create(name=secrets.token_hex(4), query="status=draft"),
            "collection": Collection.objects.create(name="New", handle=secrets.token_hex(4)),
            "member": Membership.objects.order_by("pk").first(),
        }
        ImportItem.objects.create(
            catalogue_import=rows["catalogue_import"], position=0, first_row=2, action="invalid"
        )
    return {name: row.public_id for name, row in rows.items()} | {
        "action": "approve",
        "position": "0",
    }
