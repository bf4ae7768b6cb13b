"""What every format of export has in common, and the contract of an exporter."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise

from stores.catalogue.known import Known, with_rows
from stores.models import CopyVersion, Product
from tenants.scope import merchant_scope, require_merchant_id

CHUNK_PRODUCTS = 200
MAX_LISTED = 200
BY_AI = frozenset({CopyVersion.Source.AI, CopyVersion.Source.AI_EDITED})


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What a person says about a file. link_template: a product's address in the shop, with
    {handle} or {sku} in it. shop_name: for formats that name their sender."""

    link_template: str = ""
    shop_name: str = ""


@dataclass(slots=True)
class Report:
    """What became of the products while they were written.

    n_read: products seen so far; n_written: those of them that are in the file. left_out: the first
    things that the format cannot take, as CatalogueExport.left_out keeps them: {"product",
    "title", "sku", "code"}.
    """

    n_read: int = 0
    n_written: int = 0
    n_left_out: int = 0
    left_out: list[dict[str, Any]] = field(default_factory=list)

    def leave_out(self, product: Product, code: str, sku: str = "") -> None:
        """Count a product, or one SKU of it, that is not in the file. code: see exporters.problems."""
        self.n_left_out += 1
        if len(self.left_out) < MAX_LISTED:
            self.left_out.append(
                {"product": product.public_id, "title": product.title, "sku": sku, "code": code}
            )


class Exporter(Protocol):
    """A format of export. A module of this folder with an `EXPORTER` is one.

    name: as it is stored. extension: of the file, without a dot.

    `write` gives the file in pieces of some kilobytes, in the order of the products' keys, and
    tells `report` what it does. It is called in a merchant's scope outside a transaction, reads
    each chunk in a transaction of its own and holds one chunk in memory; a product that is deleted
    in the meantime is not in the file. The same catalogue gives the same bytes.
    """

    name: str
    label: str | Promise
    description: str | Promise
    extension: str
    content_type: str

    def write(
        self, products: QuerySet[Product], options: ExportOptions, report: Report
    ) -> Iterator[str]: ...


def in_pieces(
    products: QuerySet[Product], report: Report, text_of: Callable[[Known], str]
) -> Iterator[str]:
    """The texts of the products, a chunk of them at a time, each read in one short transaction.

    text_of: what the file says of a product, "" where it says nothing. The scope is that of the
    call and is opened anew for each chunk, so that pieces may be taken after it has been closed.
    """
    return _pieces(products.order_by("pk"), require_merchant_id(), report, text_of)


def _pieces(
    products: QuerySet[Product],
    merchant_id: int,
    report: Report,
    text_of: Callable[[Known], str],
) -> Iterator[str]:
    last = 0
    while True:
        with merchant_scope(merchant_id), transaction.atomic():
            chunk = with_rows(products.filter(pk__gt=last)[:CHUNK_PRODUCTS])
        if not chunk:
            return
        last = chunk[-1].product.pk
        texts = [text_of(known) for known in chunk]
        report.n_read += len(chunk)
        report.n_written += sum(map(bool, texts))
        yield "".join(texts)


def copy_source(known: Known) -> str:
    """Who wrote the published description: a CopyVersion.Source, "" where there is none."""
    return str(known.published.source) if known.published else ""


def is_by_ai(known: Known) -> bool:
    """Whether a model wrote the published description, also where a person has edited it."""
    return known.published is not None and known.published.source in BY_AI
