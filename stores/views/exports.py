"""Taking the catalogue out, with the published texts in it."""

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from stores.exporters.base import ExportOptions, Report
from stores.exporters.shopify import EXPORTER
from stores.models import Product
from stores.selectors import ProductFilter
from tenants.actor import user_actor
from tenants.audit import record
from tenants.permissions import EVERYBODY, roles
from tenants.requests import MerchantRequest
from web.htmx import fragment_or_page


@require_GET
@roles(EVERYBODY)
def export(request: MerchantRequest) -> HttpResponse:
    """Says what the file will hold, for the products of the filter in the address."""
    chosen = ProductFilter.from_query(request.GET)
    context = {
        "n_products": chosen.apply(Product.objects.all()).count(),
        "is_everything": chosen.is_empty,
        "query": chosen.query(),
    }
    return fragment_or_page(request, "stores/export.html", context)


@transaction.non_atomic_requests
@require_GET
@roles(EVERYBODY)
def export_file(request: MerchantRequest) -> StreamingHttpResponse:
    """The CSV, streamed: every piece is read in a transaction of its own."""
    with transaction.atomic():
        products = ProductFilter.from_query(request.GET).apply(Product.objects.all())
        actor = user_actor(request.user)
        record("catalogue.exported", actor=actor, format="shopify_csv", n=products.count())
        pieces = EXPORTER.write(products, ExportOptions(), Report())
    shop = slugify(request.merchant.name) or "products"
    name = f"{shop}-{timezone.localdate():%Y-%m-%d}.csv"
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
