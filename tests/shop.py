"""A shop with something on every page: products, texts in every state, imports, words that are long."""

from pathlib import Path

from django.db import transaction

import dashboard.demo
from dashboard.demo.samples import add_samples
from generation.models import GenerationRun
from stores.models import CatalogueImport, CopySlot, CopyVersion, Product
from stores.services.copy import add_draft, publish_copy
from tenants.actor import SYSTEM
from tenants.scope import merchant_scope
from tests.rows import rows_of
from tests.stores.files import bring, preview

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhalterung"
CHINESE = "手工拉坯粗陶马克杯大容量咖啡杯早餐杯情侣对杯礼盒装送礼佳品春季新款限量发售"
BROKEN = f"""Handle,Title,Body (HTML),Vendor,Variant SKU,Variant Price
{LONG.lower()},{LONG},<p>{LONG}</p>,{CHINESE},{LONG},12.00
bowl,{CHINESE},,,B1,twelve
cup,,<p>A cup.</p>,,C1,{LONG}
"""
UNKNOWN = f"Artikelnummer;{LONG};名称;Preis\nA1;{CHINESE};{LONG};9,50\nA2;x;{CHINESE};10,00\n"


def furnish(merchant):
    """Fill a merchant; returns the public ids of rows of every kind as addresses name them."""
    rows = rows_of(merchant)
    with merchant_scope(merchant.pk), transaction.atomic():
        catalogue = Path(dashboard.demo.__file__).with_name("hearthside.csv")
        bring(catalogue, file_name="hearthside.csv")
        add_samples("hearthside")
        before = Product.objects.order_by("pk").last()
        found = preview(BROKEN, file_name=f"{LONG}.csv")
        waiting = preview(UNKNOWN, file_name=f"{CHINESE}.csv")
        _texts(before)
        rows |= {
            "product": before.public_id,
            "catalogue_import": found.public_id,
            "position": str(found.items.filter(action="invalid").first().position),
            "version": _version(before).public_id,
        }
        rows["waiting_import"] = waiting.public_id
        GenerationRun.objects.create(brief={"tone": "neutral"}, n_total=12, state="running")
        assert CatalogueImport.objects.count() >= 3
    return rows


def _version(product):
    slot = CopySlot.objects.filter(product=product).first()
    return CopyVersion.objects.filter(slot=slot).order_by("-number").first()


def _texts(product):
    for text in (f"<p>{LONG}</p>", f"<p>{CHINESE}</p><ul><li>{LONG}</li></ul>"):
        version = add_draft(
            product=product,
            field="description",
            locale="en",
            text=text,
            source="ai",
            actor=SYSTEM,
            provenance={"model": {"id": "Pebble"}},
        )
        if text.startswith("<p>D"):
            publish_copy(version=version, actor=SYSTEM)
