"""A plain table: a row for each SKU, attributes as columns, with a column that tells AI from people."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import CharField, F, Func, IntegerField, JSONField, Max, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils.translation import gettext_lazy as _

from stores.catalogue.known import Known
from stores.catalogue.merge import readable_html
from stores.exporters.base import ExportOptions, Report, copy_source, in_pieces
from stores.exporters.csv_text import csv_text
from stores.formulas import make_safe
from stores.importers.attribute_values import LIST_SEPARATOR, write_value
from stores.importers.shopify_cells import write_tags, write_weight
from stores.models import Product, Sku
from stores.money import format_amount
from tenants.scope import merchant_scope, require_merchant_id

# Read back by `importers.mapped`, whose guesses know these names.
OF_PRODUCT = (
    *("handle", "title", "description", "copy_source", "vendor", "product_type", "category"),
    *("tags", "status", "language"),
)
OF_SKU = ("sku", "barcode", "price", "compare_at_price", "currency", "weight (g)", "images")
IMAGE_TEXT = "image alt text"
# A single pair would be taken for a list of options.
LEAST_OPTIONS = 2
KEPT_ELSEWHERE = ("shopify_csv", "woocommerce_csv", "google_feed")


@dataclass(frozen=True, slots=True)
class Columns:
    """n_options: pairs of columns for options. attributes: names. kept: of cells that nobody models."""

    n_options: int
    attributes: tuple[str, ...]
    kept: tuple[str, ...]

    def headers(self) -> list[str]:
        """The header row."""
        numbers = range(1, self.n_options + 1)
        options = (f"option {n} {part}" for n in numbers for part in ("name", "value"))
        own = [*OF_PRODUCT, *options, *OF_SKU, IMAGE_TEXT]
        names = (f"{n} (attribute)" if n.casefold() in own else n for n in self.attributes)
        return [*own, *names, *self.kept]


class TableExporter:
    """Says all that we know but the cells kept for Shopify, WooCommerce and Google."""

    name = "csv"
    label = _("Table (CSV)")
    description = _(
        "For spreadsheets and other shops: one row a SKU, attributes as columns, and a column that"
        " tells texts of AI from those of people."
    )
    extension = "csv"
    content_type = "text/csv; charset=utf-8"
    needs_link = False

    def write(
        self, products: QuerySet[Product], options: ExportOptions, report: Report
    ) -> Iterator[str]:
        return _pieces(products, require_merchant_id(), report)


EXPORTER = TableExporter()


def _pieces(products: QuerySet[Product], merchant_id: int, report: Report) -> Iterator[str]:
    with merchant_scope(merchant_id), transaction.atomic():
        columns = columns_for(products)

    def text_of(known: Known) -> str:
        return csv_text([make_safe(cell) for cell in row] for row in _rows(known, columns))

    yield csv_text([[make_safe(header) for header in columns.headers()]])
    with merchant_scope(merchant_id):
        pieces = in_pieces(products, report, text_of)
    yield from pieces


def columns_for(products: QuerySet[Product]) -> Columns:
    """The columns that these products need, in a bounded number of queries."""
    options = Func(F("option_names"), function="cardinality", output_field=IntegerField())
    most = products.order_by().aggregate(n=Max(options))["n"] or 0
    each = Func(F("attributes"), function="jsonb_array_elements", output_field=JSONField())
    named = products.order_by().annotate(one=each)
    names = set(named.values_list(KeyTextTransform("name", F("one")), flat=True).distinct())
    taken = {*OF_PRODUCT, *OF_SKU, IMAGE_TEXT}
    attributes = tuple(sorted(filter(None, names)))
    kept = tuple(sorted(_kept(products) - taken - set(attributes)))
    return Columns(max(most, LEAST_OPTIONS), attributes, kept)


def _kept(products: QuerySet[Product]) -> set[str]:
    """Names of cells that came from files for which there is no export of their own."""
    others = products.exclude(source__format__in=KEPT_ELSEWHERE).order_by()
    skus = Sku.objects.filter(product__in=others.values("pk")).order_by()
    each = Func(
        KeyTransform("cells", F("source")), function="jsonb_object_keys", output_field=CharField()
    )
    found: set[str] = set()
    for rows in (others, skus):
        with_cells: Any = rows.filter(source__has_key="cells")
        found |= set(with_cells.annotate(one=each).values_list("one", flat=True).distinct())
    return found


def _rows(known: Known, columns: Columns) -> Iterator[list[str]]:
    own, attributes = _own(known), _attributes(known)
    is_kept = known.product.source.get("format") not in KEPT_ELSEWHERE
    cells: dict[str, str] = known.product.source.get("cells", {}) if is_kept else {}
    skus: Iterable[Sku | None] = known.skus or (None,)
    for n, sku in enumerate(skus):
        of_sku = sku.source.get("cells", {}) if sku and is_kept else {}
        kept = cells | of_sku if n == 0 else of_sku
        product = own if n == 0 else own[:2] + [""] * (len(own) - 2)
        yield [
            *product,
            *_options(known.product, sku, columns.n_options),
            *_sku_cells(known, sku, is_first=n == 0),
            *(
                attributes.get(name, "") if n == 0 else kept.get(name, "")
                for name in columns.attributes
            ),
            *(kept.get(name, "") for name in columns.kept),
        ]


def _own(known: Known) -> list[str]:
    product = known.product
    return [
        product.handle,
        product.title,
        _description(known),
        copy_source(known),
        product.vendor,
        product.product_type,
        product.category,
        write_tags(product.tags),
        product.status,
        product.locale,
    ]


def _description(known: Known) -> str:
    text = known.published.text if known.published else ""
    raw = known.product.source.get("description")
    return raw if raw is not None and readable_html(raw) == text else text


def _attributes(known: Known) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in known.product.attributes:
        name, text = one["name"], write_value(one["value"], one.get("unit"))
        found[name] = f"{found[name]}{LIST_SEPARATOR}{text}" if name in found else text
    return found


def _options(product: Product, sku: Sku | None, n_options: int) -> list[str]:
    pairs = zip(product.option_names, sku.options if sku else (), strict=False)
    cells = [cell for pair in pairs for cell in pair]
    return cells + [""] * (2 * n_options - len(cells))


def _sku_cells(known: Known, sku: Sku | None, *, is_first: bool) -> list[str]:
    images = _images(known, sku, is_first=is_first)
    alt_text = known.images[0].alt_text if is_first and known.images else ""
    if sku is None:
        return ["", "", "", "", "", "", images, alt_text]
    return [
        sku.code,
        sku.barcode,
        format_amount(sku.price_minor, sku.currency),
        format_amount(sku.compare_at_price_minor, sku.currency),
        sku.currency,
        write_weight(sku.weight_grams),
        images,
        alt_text,
    ]


def _images(known: Known, sku: Sku | None, *, is_first: bool) -> str:
    """A SKU's own picture first; the first row has those that are of the product as a whole too."""
    urls = {image.pk: image.url for image in known.images}
    of_skus = {one.image_id for one in known.skus if one.image_id}
    own = [urls[sku.image_id]] if sku and sku.image_id in urls else []
    shared = [url for key, url in urls.items() if key not in of_skus] if is_first else []
    return " ".join([*own, *shared])
