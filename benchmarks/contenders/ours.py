"""An import by Copydesk as a worker does it: kept, read into a preview, confirmed, written, reported."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from stores.importers.base import ImportOptions, ParsedProduct
from stores.importers.registry import all_importers
from stores.importers.source import Source
from stores.models import CatalogueImport
from stores.services.import_corrections import error_rows
from stores.services.import_work import apply_items, read_file
from stores.services.imports import confirm_import, start_import
from tenants.actor import SYSTEM
from tenants.models import Merchant
from tenants.scope import merchant_scope

OPTIONS = ImportOptions(locale="en", currency="EUR", format="shopify_csv")


def bring(path: Path, *, only_read: bool = False) -> dict[str, Any]:
    """Import a file for a merchant of its own: seconds of each step and what became of the rows.

    only_read: stop at the preview.
    """
    merchant = Merchant.objects.create(name="Bench", currency="EUR")
    with merchant_scope(merchant.pk):
        return _bring(path, only_read)


def bring_again(path: Path) -> dict[str, Any]:
    """Import the file once more for the merchant that had it last: nothing of it is new."""
    with merchant_scope(Merchant.objects.latest("pk").pk):
        return _bring(path, only_read=False)


def parsed_products(path: Path) -> Iterator[ParsedProduct]:
    """The products of the file as our importer reads them."""
    with path.open("rb") as file:
        source = Source(file, path.name, OPTIONS)
        for found in all_importers()[OPTIONS.format].read(source, OPTIONS):
            if isinstance(found, ParsedProduct):
                yield found


def _bring(path: Path, only_read: bool) -> dict[str, Any]:
    seconds: dict[str, float] = {}
    found = _timed(seconds, "keep", lambda: _keep(path))
    _timed(seconds, "read", lambda: read_file(found.pk))
    if not only_read:
        _timed(seconds, "write", lambda: _write(found))
        _timed(seconds, "report", lambda: _report(found))
    with transaction.atomic():
        found.refresh_from_db()
    names = ("state", "n_rows", "n_new", "n_changed", "n_unchanged", "n_invalid", "n_applied")
    return {"seconds": seconds, **{name: getattr(found, name) for name in names}}


def _timed(seconds: dict[str, float], name: str, step: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    result = step()
    seconds[name] = round(time.perf_counter() - started, 3)
    return result


def _keep(path: Path) -> CatalogueImport:
    with path.open("rb") as file, transaction.atomic():
        return start_import(file=file, file_name=path.name, options=OPTIONS, actor=SYSTEM)


def _write(found: CatalogueImport) -> None:
    with transaction.atomic():
        confirm_import(catalogue_import=found, actor=SYSTEM)
    apply_items(found.pk)


def _report(found: CatalogueImport) -> None:
    for _row in error_rows(found):
        pass
