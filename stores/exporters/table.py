"""A plain table: a row for each SKU, attributes as columns, with a column that tells AI from people."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import CharField, Count, F, Func, IntegerField, JSONField, Max, QuerySet
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
    *("tags", "status", "language", "image alt text"),
)
OF_SKU = ("sku", "barcode", "price", "compare_at_price", "currency", "weight (g)", "images")
# A single pair would be taken for a list of options.
LEAST_OPTIONS = 2
# Every row has all of the columns, so the attributes that few products have share one of them.
MAX_ATTRIBUTES = 500
OTHERS = "attributes"
KEPT_ELSEWHERE = ("shopify_csv", "woocommerce_csv", "google_feed")


@dataclass(frozen=True, slots=True)
class Columns:
    """n_options: pairs of columns for options. attributes: names. kept: of cells that nobody models.

    has_others: there are more attributes, which stand as JSON in a column after these.
    """

    n_options: int
    attributes: tuple[str, ...]
    kept: tuple[str, ...]
    has_others: bool = False

    def names(self) -> tuple[str, ...]:
        """The columns behind those that every table has."""
        return (*self.attributes, *([OTHERS] if self.has_others else []), *self.kept)

    def headers(self) -> list[str]:
        """The header row."""
        numbers = range(1, self.n_options + 1)
        options = (f"option {n} {part}" for n in numbers for part in ("name", "value"))
        own = [*OF_PRODUCT, *options, *OF_SKU]
        names = (f"{n} (attribute)" if n.casefold() in own else n for n in self.attributes)
        return [*own, *names, *self.names()[len(self.attributes) :]]


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
    counted = named.values(name=KeyTextTransform("name", F("one"))).annotate(n=Count("pk"))
    found = list(counted.order_by("-n", "name")[: MAX_ATTRIBUTES + 1])
    has_others = len(found) > MAX_ATTRIBUTES
    names = {row["name"] for row in found[:MAX_ATTRIBUTES]} - {None, ""}
    taken = {*OF_PRODUCT, *OF_SKU} | names
    if has_others:
        names.discard(OTHERS)
        taken.add(OTHERS)
    kept = tuple(sorted(_kept(products) - taken))
    return Columns(max(most, LEAST_OPTIONS), tuple(sorted(names)), kept, has_others)


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
    """A row for each SKU; before them one of the product where the first SKU cannot speak for it."""
    is_kept = known.product.source.get("format") not in KEPT_ELSEWHERE
    cells: dict[str, str] = known.product.source.get("cells", {}) if is_kept else {}
    own, attributes = _own(known), _attributes(known)
    if columns.has_others:
        others = {name: attributes[name] for name in attributes.keys() - {*columns.attributes}}
        attributes[OTHERS] = (
            json.dumps(others, ensure_ascii=False, sort_keys=True) if others else ""
        )
    has_row = _needs_row(known, cells)
    if has_row:
        yield _row(known.product, None, columns, own, cells | attributes, _urls(known))
    skus: Iterable[Sku | None] = known.skus or (None,)
    for n, sku in enumerate(skus):
        kept: dict[str, str] = sku.source.get("cells", {}) if sku and is_kept else {}
        urls = _own_urls(known, sku)
        if n == 0 and not has_row:
            kept, urls = cells | kept | attributes, _first_urls(known)
        else:
            own = own[:2] + [""] * (len(OF_PRODUCT) - 2)
        yield _row(known.product, sku, columns, own, kept, urls)


def _row(
    product: Product,
    sku: Sku | None,
    columns: Columns,
    own: list[str],
    more: dict[str, str],
    urls: list[str],
) -> list[str]:
    """more: attributes and kept cells by their columns."""
    return [
        *own,
        *_options(product, sku, columns.n_options),
        *(_sku_cells(sku) if sku else [""] * (len(OF_SKU) - 1)),
        " ".join(urls),
        *(more.get(name, "") for name in columns.names()),
    ]


def _needs_row(known: Known, cells: dict[str, str]) -> bool:
    if len(known.skus) < 2:
        return False
    first, *others = known.skus
    shown = [*_first_urls(known), *(url for sku in others for url in _own_urls(known, sku))]
    speaks_for_it = bool(_own_urls(known, first)) or not _first_urls(known)
    return bool(cells) or not speaks_for_it or list(dict.fromkeys(shown)) != _urls(known)


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
        known.images[0].alt_text if known.images else "",
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


def _sku_cells(sku: Sku) -> list[str]:
    return [
        sku.code,
        sku.barcode,
        format_amount(sku.price_minor, sku.currency),
        format_amount(sku.compare_at_price_minor, sku.currency),
        sku.currency,
        write_weight(sku.weight_grams),
    ]


def _urls(known: Known) -> list[str]:
    return [image.url for image in known.images]


def _own_urls(known: Known, sku: Sku | None) -> list[str]:
    key = sku.image_id if sku else None
    return [image.url for image in known.images if image.pk == key]


def _first_urls(known: Known) -> list[str]:
    """Those of the first row: its SKU's own picture, then those that are no SKU's own."""
    of_skus = {sku.image_id for sku in known.skus}
    shared = [image.url for image in known.images if image.pk not in of_skus]
    return [*_own_urls(known, known.skus[0] if known.skus else None), *shared]
