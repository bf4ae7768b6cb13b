"""One row of every kind in a merchant's shop, all of them marked, so that a leak is seen."""

from django.core.files.base import ContentFile
from django.utils import timezone

from generation.models import Candidate, GenerationRequest, GenerationRun, MerchantEndpoint
from stores.models import (
    BulkEdit,
    BulkEditItem,
    CatalogueExport,
    CatalogueImport,
    Collection,
    CollectionProduct,
    CopySlot,
    CopyVersion,
    Feed,
    ImportItem,
    MappingProfile,
    Product,
    ProductImage,
    ProductRevision,
    SavedView,
    Sku,
    Upload,
)


def make_world(mark):
    """The ids of the new rows, by the prefix of their kind; the scope is the caller's."""
    product = Product.objects.create(handle=mark, title=mark, category=mark, attributes=[])
    ProductRevision.objects.create(product=product, kind="api", actor=mark)
    image = ProductImage.objects.create(
        product=product, url=f"https://example.org/{mark}", position=1
    )
    sku = Sku.objects.create(
        product=product, code=mark, image=image, currency="EUR", position=1, price_minor=100
    )
    slot = CopySlot.objects.create(product=product, field="description", locale="en", channel=mark)
    draft = CopyVersion.objects.create(
        slot=slot, number=1, text=f"<p>{mark} draft</p>", source="human", state="draft"
    )
    CopyVersion.objects.create(
        slot=slot, number=2, text=f"<p>{mark} live</p>", source="human", state="published"
    )
    return {
        "prd": product.public_id,
        "sku": sku.public_id,
        "img": image.public_id,
        "csl": slot.public_id,
        "cpv": draft.public_id,
        **_import(mark),
        **_out(mark),
        **_order(mark, product),
        **_run(mark, product),
    }


def _import(mark):
    catalogue_import = CatalogueImport.objects.create(
        file_name=f"{mark}.csv",
        file=f"{mark}.csv",
        size_bytes=1,
        sha256="0" * 64,
        state="previewed",
        options={"locale": "en", "currency": "EUR"},
    )
    ImportItem.objects.create(
        catalogue_import=catalogue_import, position=1, first_row=2, handle=mark, action="new"
    )
    profile = MappingProfile.objects.create(name=mark, columns=["A"])
    upload = Upload.objects.create(file_name=mark, file=f"uploads/{mark}", size_bytes=9)
    return {
        "cim": catalogue_import.public_id,
        "prf": profile.public_id,
        "upl": upload.public_id,
    }


def _out(mark):
    feed = Feed.objects.create(
        name=mark,
        format="jsonl",
        prefix=mark,
        secret_hash=bytes(32),
        due_at=timezone.now(),
    )
    export = CatalogueExport.objects.create(
        format="jsonl",
        query=f"q={mark}",
        state="finished",
        file_name=mark,
        file=ContentFile(mark.encode(), name="world.jsonl"),
    )
    return {"fed": feed.public_id, "exp": export.public_id}


def _order(mark, product):
    view = SavedView.objects.create(name=mark, query=f"q={mark}")
    collection = Collection.objects.create(name=mark, handle=mark)
    CollectionProduct.objects.create(collection=collection, product=product)
    change = {"field": "vendor", "do": "set", "value": mark}
    edit = BulkEdit.objects.create(query=f"q={mark}", changes=[change], state="previewed")
    BulkEditItem.objects.create(bulk_edit=edit, product=product, after={"vendor": mark})
    return {
        "vew": view.public_id,
        "col": collection.public_id,
        BulkEdit._meta.get_field("public_id").prefix: edit.public_id,
    }


def _run(mark, product):
    brief = {"tone": "warm", "length": "short", "language": "en", "instructions": mark}
    run = GenerationRun.objects.create(brief=brief, n_total=1)
    request = GenerationRequest.objects.create(
        run=run, product=product, lane="bulk", error_code="odd", error=mark
    )
    candidate = Candidate.objects.create(
        request=request, index=0, raw=mark, text=mark, finish_reason="stop"
    )
    endpoint = MerchantEndpoint.objects.create(
        name=mark, base_url="https://127.0.0.1/v1", model="m"
    )
    return {
        "run": run.public_id,
        "req": request.public_id,
        "can": candidate.public_id,
        "mep": endpoint.public_id,
    }
