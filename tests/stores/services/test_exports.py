"""Exports in the background: what becomes of a file, whatever happens while it is written."""

import errno
import hashlib
import resource
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from stores.catalogue.search_index import index_again
from stores.models import CatalogueExport, Product
from stores.selectors.filters import ProductFilter
from stores.services import export_work
from stores.services.export_files import expire_exports
from stores.services.export_work import write_export
from stores.services.exports import cancel_export, filter_of, start_export
from stores.services.products import update_product
from tenants.actor import SYSTEM
from tenants.errors import DomainError
from tenants.models import AuditEntry
from tests.stores.files import table


def start(**kwargs):
    return start_export(
        **{"format": "shopify_csv", "products": ProductFilter(), "actor": SYSTEM} | kwargs
    )


def written(**kwargs):
    export = start(**kwargs)
    write_export(export.pk)
    export.refresh_from_db()
    return export


def content(export):
    with default_storage.open(export.file.name, "rb") as file:
        return file.read()


def files():
    try:
        return default_storage.listdir(f"exports/{CatalogueExport.objects.first().merchant_id}")[1]
    except FileNotFoundError:
        return []


@pytest.fixture
def catalogue(in_scope):
    Product.objects.bulk_create(
        Product(handle=f"mug-{n}", title=f"Mug {n}", vendor="H") for n in range(450)
    )


def test_an_export_is_written_whole_and_tells_what_it_is(catalogue):
    export = written()
    data = content(export)
    assert (export.state, export.n_total, export.n_written, export.n_left_out) == (
        "finished", 450, 450, 0,
    )  # fmt: skip
    assert (export.size_bytes, export.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert export.file_name == f"hearthside-{timezone.now():%Y-%m-%d}.csv"
    assert len(table(data.decode())) == 450
    actions = AuditEntry.objects.filter(target=export.public_id).order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["export.started", "export.finished"]


def test_the_filter_travels_with_the_export(catalogue):
    index_again(list(Product.objects.values_list("pk", flat=True)))
    wanted = ProductFilter(q="mug-44")
    export = written(products=wanted)
    assert filter_of(export) == wanted
    assert export.n_written == 11


def test_twice_the_same_bytes(catalogue):
    assert written().sha256 == written().sha256


def test_a_second_worker_stands_back(catalogue, monkeypatch):
    export = start()
    seen = []

    def chunk_by_chunk(work):
        with_original = original(work)
        for piece in with_original:
            write_export(export.pk)
            seen.append(CatalogueExport.objects.get().n_attempts)
            yield piece

    original = export_work._Work.pieces
    monkeypatch.setattr(export_work._Work, "pieces", chunk_by_chunk)
    write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, set(seen)) == ("finished", {1})


class KilledError(BaseException):
    """What nobody catches, as SIGKILL."""


def kill_while_writing(monkeypatch, export):
    """Leaves the row as a killed worker does: WRITING with a heartbeat, and a half file."""

    def half(work):
        yield next(original(work))
        raise KilledError

    original = export_work._Work.pieces
    with monkeypatch.context() as patched:
        patched.setattr(export_work._Work, "pieces", half)
        patched.setattr("stores.services.export_files.remove", lambda name: None)
        with pytest.raises(KilledError):
            write_export(export.pk)
    export.refresh_from_db()


def let_the_lease_run_out(export):
    long_ago = timezone.now() - timedelta(hours=1)
    CatalogueExport.objects.filter(pk=export.pk).update(heartbeat_at=long_ago)


def test_after_a_killed_worker_the_file_is_written_anew_and_no_half_stays(catalogue, monkeypatch):
    export = start()
    kill_while_writing(monkeypatch, export)
    assert (export.state, len(files())) == ("writing", 1)
    write_export(export.pk)
    export.refresh_from_db()
    assert export.state == "writing"
    let_the_lease_run_out(export)
    write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.n_attempts, files()) == (
        "finished", 2, [export.file.name.rsplit("/")[-1]],
    )  # fmt: skip
    assert len(table(content(export).decode())) == 450


def test_what_kills_every_worker_is_given_up(catalogue, monkeypatch):
    export = start()
    for _ in range(5):
        kill_while_writing(monkeypatch, export)
        let_the_lease_run_out(export)
    write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.error_code) == ("failed", "worker_died")
    expire_exports()
    assert files() == []


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EACCES, "file_not_stored")]
)
def test_a_file_that_cannot_be_stored_fails_with_the_reason(catalogue, monkeypatch, number, code):
    def full(work):
        yield next(original(work))
        raise OSError(number, "no")

    original = export_work._Work.pieces
    monkeypatch.setattr(export_work._Work, "pieces", full)
    export = written()
    assert (export.state, export.error_code, files()) == ("failed", code, [])


def test_a_disk_that_is_full_leaves_no_half_file(catalogue):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, before[1]))
    try:
        export = written()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (export.state, export.error_code, files()) == ("failed", "disk_full", [])


def test_a_cancelled_export_stops_and_leaves_no_file(catalogue, monkeypatch):
    def cancelled_in_the_middle(work):
        for n, piece in enumerate(original(work)):
            yield piece
            if n == 1:
                cancel_export(export=work.export, actor=SYSTEM)

    original = export_work._Work.pieces
    monkeypatch.setattr(export_work._Work, "pieces", cancelled_in_the_middle)
    export = written()
    assert (export.state, files()) == ("cancelled", [])
    with pytest.raises(DomainError, match="over already"):
        cancel_export(export=export, actor=SYSTEM)


def test_a_product_deleted_in_the_middle_is_simply_not_there(catalogue, monkeypatch):
    def delete_the_last(work):
        for n, piece in enumerate(original(work)):
            yield piece
            if n == 1:
                Product.objects.filter(handle="mug-449").delete()

    original = export_work._Work.pieces
    monkeypatch.setattr(export_work._Work, "pieces", delete_the_last)
    export = written()
    assert (export.state, export.n_total, export.n_written) == ("finished", 449, 449)


def test_only_what_changed_since_the_last_export_of_the_same_kind(catalogue):
    Product.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    first = written(only_changed=True)
    assert (first.since, first.n_written) == (None, 450)
    CatalogueExport.objects.update(snapshot_at=timezone.now() - timedelta(minutes=1))
    update_product(product=Product.objects.get(handle="mug-7"), actor=SYSTEM, vendor="New")
    other_filter = written(only_changed=True, products=ProductFilter(vendor="New"))
    assert (other_filter.since, other_filter.n_written) == (None, 1)
    second = written(only_changed=True)
    assert [row["Handle"] for row in table(content(second).decode())] == ["mug-7"]
    assert second.file_name.endswith("-changes.csv")


def test_the_next_export_of_changes_starts_before_transactions_that_are_still_open(catalogue):
    export = written()
    # The test's own transaction is such a one: it began long before the file was written.
    opened = Product.objects.order_by("created_at").first().created_at
    assert export.snapshot_at < opened


def test_old_files_go_and_the_history_stays(catalogue, settings):
    old, new = written(), written()
    days = timedelta(days=settings.EXPORT_KEEP_DAYS, minutes=1)
    CatalogueExport.objects.filter(pk=old.pk).update(finished_at=timezone.now() - days)
    assert expire_exports() == 1
    old.refresh_from_db()
    assert (old.state, old.file.name, files()) == ("finished", "", [new.file.name.rsplit("/")[-1]])


def test_what_cannot_be_exported_is_refused_at_once(catalogue):
    for wrong, code in (
        ({"format": "word"}, "format_unknown"),
        ({"link_template": "shop/{handle}"}, "link_template_unusable"),
        ({"link_template": "https://shop.example/"}, "link_template_unusable"),
        ({"link_template": "https://{handle}.example/"}, "link_template_unusable"),
        ({"link_template": "javascript:alert({handle})"}, "link_template_unusable"),
    ):
        with pytest.raises(DomainError) as refused:
            start(**wrong)
        assert refused.value.code == code
    assert CatalogueExport.objects.count() == 0
