"""django-import-export as its documentation has it: a resource, a row a SKU, products made as needed.

It is spared a good deal: no images, no descriptions, no attributes and no columns that we do not
model, and the rows that are invalid were taken out beforehand. Its settings are the defaults: a
query for each row, one `save()` each, the differences of each row for the report, and all of it in
one transaction. A preview is the same once more, rolled back (`dry_run`).
"""

import csv
import time
from pathlib import Path
from typing import Any

from django.db import transaction
from import_export import fields, resources, widgets
from tablib import Dataset

from benchmarks.contenders.shopify_file import HEADER, rows
from stores.models import Product, Sku
from tenants.models import Merchant
from tenants.scope import merchant_scope


class Cents(widgets.Widget):
    """A price as the smallest unit of its currency."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int | None:
        return round(float(value) * 100) if value else None

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{value / 100:.2f}"


class SkuResource(resources.ModelResource):
    product = fields.Field(
        "product", "Handle", widget=widgets.ForeignKeyWidget(Product, field="handle")
    )
    options = fields.Field("options", "options", widget=widgets.SimpleArrayWidget())
    code = fields.Field("code", "Variant SKU")
    barcode = fields.Field("barcode", "Variant Barcode")
    weight_grams = fields.Field("weight_grams", "Variant Grams", widget=widgets.DecimalWidget())
    price_minor = fields.Field("price_minor", "Variant Price", widget=Cents())
    compare_at_price_minor = fields.Field(
        "compare_at_price_minor", "Variant Compare At Price", widget=Cents()
    )
    position = fields.Field("position", "Image Position", widget=widgets.IntegerWidget())
    currency = fields.Field("currency", "currency")

    class Meta:
        model = Sku
        import_id_fields = ("product", "options")
        fields = (
            *("product", "options", "code", "barcode", "weight_grams", "price_minor"),
            *("compare_at_price_minor", "position", "currency"),
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        first, second = (dataset.headers.index(f"Option{n} Value") for n in (1, 2))
        dataset.append_col(lambda row: f"{row[first]},{row[second]}", header="options")
        dataset.append_col(lambda row: "EUR", header="currency")

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        Product.objects.get_or_create(
            handle=row["Handle"],
            defaults={
                "title": row["Title"],
                "vendor": row["Vendor"],
                "product_type": row["Type"],
                "category": row["Product Category"],
                "tags": row["Tags"].split(", "),
                "option_names": [row["Option1 Name"], row["Option2 Name"]],
            },
        )


def write_valid_rows(path: Path, n_rows: int) -> int:
    """The valid ones of the file's first rows, whose product has a first row; how many they are."""
    n_written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for cells, is_valid in _whole(n_rows):
            if is_valid:
                writer.writerow(cells)
                n_written += 1
    return n_written


def _whole(n_rows: int) -> Any:
    """Rows with whether they are valid; none of a product whose first row, with the title, is not."""
    has_title: set[str] = set()
    for cells, is_invalid in rows(n_rows):
        if cells[1] and not is_invalid:
            has_title.add(cells[0])
        yield cells, not is_invalid and cells[0] in has_title


def bring(path: Path) -> dict[str, Any]:
    """Seconds of a preview and of the import itself, both with reading the file."""
    merchant = Merchant.objects.create(name="Bench", currency="EUR")
    seconds = {}
    with merchant_scope(merchant.pk):
        for name, dry_run in (("preview", True), ("write", False)):
            started = time.perf_counter()
            with path.open(encoding="utf-8", newline="") as file:
                dataset = Dataset().load(file, format="csv")
            with transaction.atomic():
                result = SkuResource().import_data(dataset, dry_run=dry_run, raise_errors=True)
            seconds[name] = round(time.perf_counter() - started, 3)
    return {"seconds": seconds, **result.totals}
