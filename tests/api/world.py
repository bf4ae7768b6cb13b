"""One row of every kind in a merchant's shop, all of them marked, so that a leak is seen."""

from generation.models import Candidate, GenerationRequest, GenerationRun
from stores.models import (
    CatalogueImport,
    CopySlot,
    CopyVersion,
    ImportItem,
    Product,
    ProductImage,
    Sku,
)


def make_world(mark):
    """The ids of the new rows, by the prefix of their kind; the scope is the caller's."""
    product = Product.objects.create(handle=mark, title=mark, attributes=[])
    image = ProductImage.objects.create(
        product=product, url=f"https://example.org/{mark}", position=1
    )
    sku = Sku.objects.create(
        product=product, code=mark, image=image, currency="EUR", position=1, price_minor=100
    )
    slot = CopySlot.objects.create(product=product, field="description", locale="en")
    draft = CopyVersion.objects.create(
        slot=slot, number=1, text=f"<p>{mark} draft</p>", source="human", state="draft"
    )
    CopyVersion.objects.create(
        slot=slot, number=2, text=f"<p>{mark} live</p>", source="human", state="published"
    )
    return {
        "prd": product.public_id,
        "sku": sku.public_id,
        "cpv": draft.public_id,
        **_import(mark),
        **_run(mark, product),
    }


def _import(mark):
    catalogue_import = CatalogueImport.objects.create(
        file_name=f"{mark}.csv",
        file=f"{mark}.csv",
        size_bytes=1,
        sha256="0" * 64,
        state="previewed",
    )
    ImportItem.objects.create(
        catalogue_import=catalogue_import, position=1, first_row=2, handle=mark, action="new"
    )
    return {"cim": catalogue_import.public_id}


def _run(mark, product):
    brief = {"tone": "warm", "length": "short", "language": "en", "instructions": mark}
    run = GenerationRun.objects.create(brief=brief, n_total=1)
    request = GenerationRequest.objects.create(
        run=run, product=product, lane="bulk", error_code="odd", error=mark
    )
    Candidate.objects.create(request=request, index=0, raw=mark, text=mark, finish_reason="stop")
    return {"run": run.public_id, "req": request.public_id}
