"""In, out and in again changes nothing, in every format and with every real file."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stores.exporters.base import ExportOptions, Report
from stores.exporters.registry import all_exporters
from tests.stores.exporters.catalogues import catalogues
from tests.stores.exporters.test_table_export import MAPPING
from tests.stores.files import OPTIONS, bring, changes, counts, export, preview

NAMES = {
    "shopify_csv": "f.csv",
    "woocommerce_csv": "f.csv",
    "google_xml": "f.xml",
    "google_tsv": "f.tsv",
    "jsonl": "f.jsonl",
    "csv": "f.csv",
}
LINKS = ExportOptions(link_template="https://shop.example/{handle}")
quickly = settings(
    max_examples=12,
    deadline=None,
    # To make a failing catalogue smaller takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def out(format):
    report = Report()
    text = export(format=format, options=LINKS, report=report)
    assert report.n_left_out == 0, report.left_out
    return text


def reading(format, text):
    """How the file of a format is read; of a table of ours a person would confirm the columns."""
    if format != "csv":
        return {"file_name": NAMES[format], "options": OPTIONS}
    header = next(csv.reader(StringIO(text, newline="")))
    mapping = {name: MAPPING.get(name, "attribute") for name in header}
    return {"file_name": "f.csv", "options": replace(OPTIONS, format="mapped", mapping=mapping)}


def test_every_format_is_tried():
    assert set(NAMES) == set(all_exporters())


@pytest.mark.parametrize("format", NAMES)
@quickly
@given(data=st.data())
def test_a_generated_catalogue_comes_back_unchanged(in_scope, format, data):
    with transaction.atomic():
        found = bring(data.draw(catalogues(format)), file_name="f.jsonl")
        assert found.n_invalid == 0, [item.problems for item in found.items.all()]
        exported = out(format)
        assert out(format) == exported
        once = preview(exported, **reading(format, exported))
        # Nothing that we model; what a format says beyond that is kept from then on.
        assert [change for change in changes(once) if change[1] != "cell"] == []
        assert (once.n_new, once.n_invalid) == (0, 0)
        bring(exported, **reading(format, exported))
        again = out(format)
        twice = preview(again, **reading(format, again))
        assert (changes(twice), counts(twice)) == ([], (0, 0, found.n_new, 0))
        assert out(format) == again
        transaction.set_rollback(True)
