"""Which columns a WooCommerce CSV has: those of the files its products came from, and what they lack."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField, Max, QuerySet

from stores.exporters.imported import imports_of
from stores.importers.woocommerce_columns import HANDLE, Column, attribute_column, column_of
from stores.models import CopyVersion, Product, ProductImage, Sku

FORMAT = "woocommerce_csv"
# For products that came from no such file. What is not here is left to WooCommerce's defaults.
NATIVE = (
    *("Type", "SKU", "GTIN, UPC, EAN, or ISBN", "Name", "Published", "Description"),
    *("Weight (kg)", "Sale price", "Regular price", "Categories", "Tags", "Brands", "Images"),
    *("Parent", "Position"),
)
PARTS = ("name", "value", "visible", "global")


@dataclass(frozen=True, slots=True)
class ExportColumns:
    """headers: as the file shows them. columns: what they mean, in the same order.

    slots: the numbers of the attributes that there are columns for.
    """

    headers: tuple[str, ...]
    columns: tuple[Column, ...]
    slots: tuple[int, ...]


def columns_for(products: QuerySet[Product]) -> ExportColumns:
    """The columns that these products need, in a bounded number of queries."""
    headers: dict[str, str] = {}
    for one in imports_of(products, FORMAT):
        _add(headers, (header for header in one.columns["header"] if header))
    if products.exclude(source__format=FORMAT).exists() or not headers:
        _add(headers, NATIVE)
    _add(headers, _missing(products, headers.keys()))
    _add(headers, _attribute_headers(products, headers))
    _add(headers, [HANDLE])
    columns = tuple(column_of(header) for header in headers.values())
    slots = sorted({column.n for column in columns if column.part == "value"})
    return ExportColumns(tuple(headers.values()), columns, tuple(slots))


def _add(headers: dict[str, str], more: Iterable[str]) -> None:
    for header in more:
        headers.setdefault(column_of(header).name, header)


def _missing(products: QuerySet[Product], present: Iterable[str]) -> Iterator[str]:
    """Columns that the files lack although a product has something to put there."""
    these = products.order_by().values("pk")
    skus = Sku.objects.filter(product__in=these)
    published = CopyVersion.objects.filter(
        slot__product__in=these, state=CopyVersion.State.PUBLISHED
    )
    needed: list[tuple[str, QuerySet[Any]]] = [
        ("Type", products.filter(option_names__len__gt=0)),
        ("Parent", products.filter(option_names__len__gt=0)),
        ("Name", products),
        ("Description", published),
        ("Published", products.exclude(status=Product.Status.ACTIVE)),
        ("Brands", products.exclude(vendor="")),
        ("Categories", products.exclude(category="")),
        ("Tags", products.filter(tags__len__gt=0)),
        ("SKU", skus.exclude(code="")),
        ("GTIN, UPC, EAN, or ISBN", skus.exclude(barcode="")),
        ("Weight (kg)", skus.exclude(weight_grams=None)),
        ("Regular price", skus.exclude(price_minor=None)),
        ("Sale price", skus.exclude(compare_at_price_minor=None)),
        ("Images", ProductImage.objects.filter(product__in=these)),
    ]
    here = set(present)
    for header, rows in needed:
        if column_of(header).name not in here and rows.exists():
            yield header


def _attribute_headers(products: QuerySet[Product], headers: dict[str, str]) -> Iterator[str]:
    """Columns for as many attributes and options as some product has."""
    attributes = Func(F("attributes"), function="jsonb_array_length", output_field=IntegerField())
    options = Func(F("option_names"), function="cardinality", output_field=IntegerField())
    most = products.order_by().aggregate(n=Max(attributes + options))["n"] or 0
    for n in range(1, most + 1):
        wanted = [attribute_column(n, part) for part in PARTS]
        if not {wanted[0], wanted[1]} <= headers.keys():
            yield from wanted
