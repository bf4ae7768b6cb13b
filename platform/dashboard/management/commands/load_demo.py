from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dashboard import demo
from dashboard.demo.logins import ensure_logins
from dashboard.demo.people import PEOPLE, SHOPS, Shop, ensure_people, ensure_shops
from dashboard.demo.samples import add_samples
from stores.importers.base import ImportOptions
from stores.models import CatalogueImport, Product
from stores.services.import_work import apply_items, read_file
from stores.services.imports import confirm_import, start_import
from tenants.actor import SYSTEM
from tenants.scope import merchant_scope

IMAGES = b"https://demo.copydesk.invalid/images/"


class Command(BaseCommand):
    help = (
        "Load the demo: two shops with catalogues, their people, and sample drafts. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.COPYDESK_DEMO:
            raise CommandError("There is no demo here: COPYDESK_DEMO is off, or the host is open.")
        people = ensure_people(ensure_logins(person.email for person in PEOPLE))
        merchants = ensure_shops(people)
        for shop in SHOPS:
            with merchant_scope(merchants[shop.key].pk):
                self._fill(shop)

    def _fill(self, shop: Shop) -> None:
        with transaction.atomic():
            is_empty = not Product.objects.exists()
        if is_empty:
            self._import(shop)
        with transaction.atomic():
            n_samples = add_samples(shop.key)
            n_products = Product.objects.count()
        self.stdout.write(f"{shop.name}: {n_products} products, {n_samples} new sample drafts")

    def _import(self, shop: Shop) -> None:
        """The way of every upload, only without waiting for a worker."""
        content = (Path(demo.__path__[0]) / shop.catalogue).read_bytes()
        pictures = f"{settings.BASE_URL}/{settings.STATIC_URL.strip('/')}/demo/".encode()
        file = BytesIO(content.replace(IMAGES, pictures))
        with transaction.atomic():
            started = start_import(
                file=file,
                file_name=shop.catalogue,
                actor=SYSTEM,
                options=ImportOptions(
                    locale=shop.locale, currency=shop.currency, is_human_written=True
                ),
            )
        read_file(started.pk)
        with transaction.atomic():
            read = CatalogueImport.objects.get(pk=started.pk)
            if read.n_invalid or read.state != CatalogueImport.State.PREVIEWED:
                raise CommandError(f"{shop.catalogue}: {read.state}, {read.n_invalid} invalid rows")
            confirm_import(catalogue_import=read, actor=SYSTEM)
        apply_items(started.pk)
