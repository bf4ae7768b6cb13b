"""Which columns an export has: those of the files its products came from, and what they cannot say."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, JSONField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.text import slugify

from stores.exporters.imported import imports_of
from stores.importers.shopify_columns import Column, attribute_name, column_of
from stores.models import CopyVersion, Product, ProductImage, Sku

FORMAT = "shopify_csv"
# For products that came from no file. What is not here is left to Shopify's defaults.
CLASSIC = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags"),
    *(f"Option{n} {part}" for n in (1, 2, 3) for part in ("Name", "Value")),
    *("Variant SKU", "Variant Grams", "Variant Price", "Variant Compare At Price"),
    *("Variant Barcode", "Image Src", "Image Position", "Image Alt Text", "Variant Image"),
    "Status",
)


@dataclass(frozen=True, slots=True)
class ExportColumns:
    """headers: as the file shows them. columns: what they mean, in the same order.

    with_status: public ids of imports whose file had a status.
    """

    headers: tuple[str, ...]
    columns: tuple[Column, ...]
    with_status: frozenset[str]


def columns_for(products: QuerySet[Product]) -> ExportColumns:
    """The columns that these products need, in a bounded number of queries."""
    imports = imports_of(products, FORMAT)
    headers: dict[str, str] = {}
    with_status: set[str] = set()
    for one in imports:
        _add(headers, (header for header in one.columns["header"] if header))
        if any(column_of(header).name == "Status" for header in one.columns["header"]):
            with_status.add(one.public_id)
    if products.exclude(source__has_key="imports").exists() or not headers:
        _add(headers, CLASSIC)
    _add(headers, _missing(products, headers.keys()))
    _add(headers, _attribute_headers(products, headers))
    columns = tuple(column_of(header) for header in headers.values())
    return ExportColumns(tuple(headers.values()), columns, frozenset(with_status))


def _add(headers: dict[str, str], more: Iterable[str]) -> None:
    for header in more:
        headers.setdefault(column_of(header).name, header)


def _missing(products: QuerySet[Product], present: Iterable[str]) -> Iterator[str]:
    """Classic columns that the files lack although a product has something to put there."""
    these = products.order_by().values("pk")
    skus = Sku.objects.filter(product__in=these)
    images = ProductImage.objects.filter(product__in=these)
    published = CopyVersion.objects.filter(
        slot__product__in=these, state=CopyVersion.State.PUBLISHED
    )
    needed: list[tuple[tuple[str, ...], QuerySet[Any]]]
    needed = [
        (("Title",), products),
        (("Body (HTML)",), published),
        (("Vendor",), products.exclude(vendor="")),
        (("Product Category",), products.exclude(category="")),
        (("Type",), products.exclude(product_type="")),
        (("Tags",), products.filter(tags__len__gt=0)),
        *(
            ((f"Option{n} Name", f"Option{n} Value"), products.filter(option_names__len__gte=n))
            for n in (1, 2, 3)
        ),
        (("Variant SKU",), skus.exclude(code="")),
        (("Variant Grams",), skus.exclude(weight_grams=None)),
        (("Variant Price",), skus.exclude(price_minor=None)),
        (("Variant Compare At Price",), skus.exclude(compare_at_price_minor=None)),
        (("Variant Barcode",), skus.exclude(barcode="")),
        (("Image Src",), images),
        (("Image Alt Text",), images.exclude(alt_text="")),
        (("Variant Image",), skus.exclude(image=None)),
        (("Status",), products.filter(_needs_status(present))),
    ]
    for names, rows in needed:
        if not set(names) <= set(present) and rows.exists():
            yield from names


def _needs_status(present: Iterable[str]) -> Q:
    """A column Published can tell drafts from active products, but not archived ones."""
    if "Published" in present:
        return Q(status=Product.Status.ARCHIVED)
    return ~Q(status=Product.Status.ACTIVE)


def _attribute_headers(products: QuerySet[Product], headers: dict[str, str]) -> Iterator[str]:
    each = Func(F("attributes"), function="jsonb_array_elements", output_field=JSONField())
    pairs = products.order_by().annotate(one=each)
    origin = KeyTextTransform("column", KeyTextTransform("origin", F("one")))
    names = pairs.values_list(KeyTextTransform("name", F("one")), origin).distinct()
    have = {attribute_name(h) for h in headers.values() if column_of(h).field == "attributes"}
    for name, column in sorted(names, key=lambda pair: (pair[0], pair[1] or "")):
        if column not in headers and name not in have:
            have.add(name)
            yield f"{name} (product.metafields.custom.{metafield_key(name)})"


def metafield_key(name: str) -> str:
    """A key that Shopify takes: Latin letters, digits and underscores."""
    key = slugify(name).replace("-", "_")[:40]
    return key if len(key) > 2 else f"attribute_{zlib.crc32(name.encode()):08x}"
