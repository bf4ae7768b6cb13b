"""Catalogue files for the tests: written, read, imported and exported again."""

import csv
from io import BytesIO, StringIO
from pathlib import Path

from stores.exporters.base import ExportOptions, Report
from stores.exporters.registry import all_exporters
from stores.importers.base import ImportOptions, Layout
from stores.importers.registry import importer_for
from stores.importers.source import Source
from stores.models import Product
from stores.services.import_work import apply_items, read_file
from stores.services.imports import confirm_import, start_import
from tenants.actor import SYSTEM

OPTIONS = ImportOptions(locale="en", currency="EUR")


def content(file):
    """The bytes of a text, of bytes, of rows or of a path."""
    if isinstance(file, Path):
        return file.read_bytes()
    if isinstance(file, str):
        return file.encode()
    if isinstance(file, list):
        text = StringIO(newline="")
        csv.writer(text).writerows(file)
        return text.getvalue().encode()
    return file


def parse(file, options=OPTIONS, file_name="products.csv"):
    """Layout and products of a file."""
    source = Source(BytesIO(content(file)), file_name, options)
    importer = importer_for(source)
    assert importer, "nobody recognises the columns"
    found = list(importer.read(source, source.options_as_read))
    assert isinstance(found[0], Layout)
    return found[0], found[1:]


def problems(file, **kwargs):
    """(row, column, code) of everything that is wrong with the products of a file."""
    _, products = parse(file, **kwargs)
    return [(p.row, p.column, p.code) for product in products for p in product.problems]


def upload(file, options=OPTIONS, file_name="products.csv", actor=SYSTEM):
    """An import that waits for a worker."""
    return start_import(
        file=BytesIO(content(file)), file_name=file_name, options=options, actor=actor
    )


def preview(file, **kwargs):
    """An import that has been read."""
    found = upload(file, **kwargs)
    read_file(found.pk)
    found.refresh_from_db()
    return found


def bring(file, **kwargs):
    """An import that has been written."""
    found = preview(file, **kwargs)
    assert found.state == "previewed", (found.error_code, found.error_params)
    confirm_import(catalogue_import=found, actor=SYSTEM)
    apply_items(found.pk)
    found.refresh_from_db()
    return found


def counts(found):
    """What an import does: new, changed, unchanged, invalid."""
    return (found.n_new, found.n_changed, found.n_unchanged, found.n_invalid)


def changes(found):
    """(handle, field, old, new) of every change in a preview."""
    return [
        (item.handle, change["field"], change["old"], change["new"])
        for item in found.items.order_by("position")
        for change in item.changes
    ]


def export(products=None, format="shopify_csv", options=None, report=None):
    """The export as a text."""
    chosen = Product.objects.all() if products is None else products
    exporter = all_exporters()[format]
    return "".join(exporter.write(chosen, options or ExportOptions(), report or Report()))


def table(text):
    """The rows of a CSV as dictionaries without empty cells."""
    rows = csv.DictReader(StringIO(text, newline=""))
    return [{name: cell for name, cell in row.items() if cell} for row in rows]
