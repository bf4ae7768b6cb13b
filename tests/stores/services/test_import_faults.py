"""Workers die, files vanish, people cancel: every import ends in one state and nothing is half written."""

from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from stores import tasks
from stores.importers.base import ImportOptions
from stores.importers.stored import unpack_options
from stores.models import CatalogueImport, CopyVersion, ImportItem, Product, Sku
from stores.services import import_lease, import_work, import_write
from stores.services.import_lease import stalled_imports
from stores.services.import_work import apply_items, read_file
from stores.services.imports import cancel_import, confirm_import, start_import
from stores.services.lease import LeaseLost
from stores.services.products import create_product
from tenants.actor import SYSTEM
from tenants.errors import DomainError
from tenants.models import AuditEntry
from tenants.scope import merchant_scope
from tests.conftest import acting_as
from tests.stores.files import bring, counts, preview, upload

ROWS = [[f"p-{n}", f"Product {n}", f"<p>Text {n}</p>", str(n + 1)] for n in range(10)]
FILE = [["Handle", "Title", "Body (HTML)", "Variant Price"], *ROWS]


class Died(Exception):
    """Stands for a worker that is killed."""


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    monkeypatch.setattr(import_work, "CHUNK_PRODUCTS", 3)


@pytest.fixture
def dies_after(monkeypatch):
    """A function: the next calls of a function work so many times, then kill the worker."""

    def arrange(name, n_calls):
        original = getattr(import_work, name)
        calls = iter(range(n_calls))

        def deadly(*args, **more):
            result = original(*args, **more)
            if next(calls, None) is None:
                raise Died
            return result

        monkeypatch.setattr(import_work, name, deadly)
        return lambda: monkeypatch.setattr(import_work, name, original)

    return arrange


def let_the_lease_run_out():
    past = timezone.now() - timedelta(seconds=import_lease.LEASE_SECONDS + 1)
    CatalogueImport.objects.filter(heartbeat_at__isnull=False).update(heartbeat_at=past)


def confirmed():
    found = preview(FILE)
    return confirm_import(catalogue_import=found, actor=SYSTEM)


def test_a_worker_that_dies_while_writing_leaves_whole_products_and_is_resumed(
    in_scope, dies_after
):
    found = confirmed()
    revive = dies_after("write_items", 2)
    with pytest.raises(Died):
        apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, Product.objects.count()) == ("applying", 6, 6)
    assert (Sku.objects.count(), CopyVersion.objects.count()) == (6, 6)
    revive()
    apply_items(found.pk)
    assert Product.objects.count() == 6
    let_the_lease_run_out()
    apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, found.n_attempts) == ("finished", 10, 0)
    assert (Product.objects.count(), CopyVersion.objects.count()) == (10, 10)
    assert not found.items.filter(is_applied=False).exists()


def test_a_worker_that_dies_while_reading_is_resumed_from_the_start(in_scope, dies_after):
    found = upload(FILE)
    revive = dies_after("preview_items", 2)
    with pytest.raises(Died):
        read_file(found.pk)
    assert ImportItem.objects.count() == 6
    revive()
    let_the_lease_run_out()
    read_file(found.pk)
    found.refresh_from_db()
    assert (found.state, counts(found), ImportItem.objects.count()) == (
        "previewed",
        (10, 0, 0, 0),
        10,
    )


def test_an_import_that_kills_every_worker_is_given_up(in_scope, dies_after):
    found = confirmed()
    dies_after("write_items", 0)
    for _ in range(import_lease.MAX_ATTEMPTS):
        with pytest.raises(Died):
            apply_items(found.pk)
        let_the_lease_run_out()
    apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, found.error_code, Product.objects.count()) == ("failed", "worker_died", 0)


def test_a_second_worker_stands_back_while_the_first_is_at_it(in_scope):
    found = confirmed()
    CatalogueImport.objects.filter(pk=found.pk).update(heartbeat_at=timezone.now())
    apply_items(found.pk)
    assert Product.objects.count() == 0


def test_a_worker_that_was_taken_over_stops_before_its_next_chunk(in_scope, monkeypatch):
    found = confirmed()
    original = import_work.write_items

    def slow(*args):
        result = original(*args)
        CatalogueImport.objects.update(heartbeat_at=timezone.now() + timedelta(seconds=1))
        return result

    monkeypatch.setattr(import_work, "write_items", slow)
    apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, Product.objects.count()) == ("applying", 3)


def test_a_task_that_runs_twice_writes_once(in_scope, merchant):
    found = upload(FILE)
    for _ in range(2):
        tasks.read_import(merchant_id=merchant.pk, import_id=found.pk)
    confirm_import(catalogue_import=found, actor=SYSTEM)
    for _ in range(2):
        tasks.apply_import(merchant_id=merchant.pk, import_id=found.pk)
    tasks.read_import(merchant_id=merchant.pk, import_id=found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, CopyVersion.objects.count()) == ("finished", 10, 10)
    assert AuditEntry.objects.filter(action="import.finished").count() == 1


def test_cancelling_stops_the_writing_between_chunks(in_scope, monkeypatch):
    found = confirmed()
    original = import_work.write_items

    def cancelled_meanwhile(*args):
        result = original(*args)
        cancel_import(catalogue_import=found, actor=SYSTEM)
        return result

    monkeypatch.setattr(import_work, "write_items", cancelled_meanwhile)
    apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, Product.objects.count()) == ("cancelled", 3, 3)
    apply_items(found.pk)
    assert Product.objects.count() == 3


def test_cancelling_stops_the_reading(in_scope):
    found = upload(FILE)
    cancel_import(catalogue_import=found, actor=SYSTEM)
    read_file(found.pk)
    found.refresh_from_db()
    assert (found.state, found.items.count()) == ("cancelled", 0)


def test_an_import_that_is_over_can_be_neither_cancelled_nor_confirmed(in_scope):
    found = bring(FILE)
    for act, code in ((cancel_import, "import_is_over"), (confirm_import, "import_not_previewed")):
        with pytest.raises(DomainError) as caught:
            act(catalogue_import=found, actor=SYSTEM)
        assert caught.value.code == code
    found.refresh_from_db()
    assert found.state == "finished"


def test_a_file_that_turns_out_bad_half_way_fails_as_a_whole(in_scope):
    broken = "Handle,Title\n" + "".join(f"p-{n},P\n" for n in range(7)) + 'x,"X\n'
    found = preview(broken)
    assert (found.state, found.error_code, found.error_params) == (
        "failed",
        "quotes_unbalanced",
        {"row": 9},
    )
    assert (found.items.count(), counts(found)) == (0, (0, 0, 0, 0))
    assert "row 9" in found.error


def test_a_file_that_vanished_is_reported(in_scope):
    found = upload(FILE)
    found.file.storage.delete(found.file.name)
    read_file(found.pk)
    found.refresh_from_db()
    assert (found.state, found.error_code) == ("failed", "file_lost")


def test_a_file_that_is_too_large_is_refused_and_not_kept(in_scope, settings, tmp_path):
    settings.MAX_IMPORT_BYTES = 1000
    with pytest.raises(DomainError) as caught:
        upload("Handle,Title\n" + "mug,Mug\n" * 1000)
    assert (caught.value.code, caught.value.status) == ("import_too_large", 413)
    assert CatalogueImport.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_full_disk_is_named_and_leaves_no_piece_behind(in_scope, monkeypatch, tmp_path):
    def full(self, name, content):
        (tmp_path / "uploads" / name).parent.mkdir(parents=True)
        (tmp_path / "uploads" / name).write_bytes(content.read(5))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    with pytest.raises(DomainError) as caught:
        upload(FILE)
    assert (caught.value.code, caught.value.status) == ("file_not_stored", 507)
    assert CatalogueImport.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_that_changes_while_it_is_uploaded_is_refused(in_scope, tmp_path):
    class Edited(BytesIO):
        """Grows by a row once it has been read to its end for the first time."""

        def read(self, size=-1):
            data = super().read(size)
            if not data and not self.getvalue().endswith(b"late\n"):
                self.write(b"late,Late\nlate,late\n")
            return data

    with pytest.raises(DomainError) as caught:
        start_import(file=Edited(b"Handle,Title\na,A\n"), file_name="a.csv", actor=SYSTEM)
    assert (caught.value.code, caught.value.status) == ("file_changed", 422)
    assert CatalogueImport.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


FULL = """
CREATE FUNCTION pg_temp.full() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON {} FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.full();
"""


@contextmanager
def no_space_for(table):
    """Every insert fails as if the disk were full."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(FULL.format(table))
    yield
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER full_disk ON {table}")


def test_a_full_disk_of_the_database_stops_the_writing_which_goes_on_later(in_scope):
    found = confirmed()
    with no_space_for("stores_copyversion"), pytest.raises(OperationalError, match="No space"):
        apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, Product.objects.count()) == ("applying", 0, 0)
    let_the_lease_run_out()
    apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, CopyVersion.objects.count()) == ("finished", 10, 10)


def test_a_full_disk_of_the_database_stops_the_reading_which_starts_anew_later(in_scope):
    found = upload(FILE)
    with no_space_for("stores_importitem"), pytest.raises(OperationalError, match="No space"):
        read_file(found.pk)
    found.refresh_from_db()
    assert (found.state, found.items.count()) == ("reading", 0)
    let_the_lease_run_out()
    read_file(found.pk)
    found.refresh_from_db()
    assert (found.state, counts(found)) == ("previewed", (10, 0, 0, 0))


def test_a_disk_that_stays_full_is_told_in_the_end(in_scope):
    found = confirmed()
    with no_space_for("stores_copyversion"):
        for _ in range(import_lease.MAX_ATTEMPTS):
            with pytest.raises(OperationalError):
                apply_items(found.pk)
            let_the_lease_run_out()
        apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, found.error_code, Product.objects.count()) == ("failed", "worker_died", 0)


def test_a_product_that_somebody_makes_in_between_is_merged_with(in_scope, monkeypatch):
    found = confirmed()
    original, made = import_write.known_products, []

    def known(handles, **more):
        result = original(handles, **more)
        if not made:
            made.append(create_product(title="Mine", handle="p-1", description="x", actor=SYSTEM))
        return result

    monkeypatch.setattr(import_write, "known_products", known)
    apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, Product.objects.count()) == ("finished", 10, 10)
    assert Product.objects.get(handle="p-1").title == "Product 1"


def test_a_chunk_that_is_refused_at_its_commit_is_counted_once(in_scope, monkeypatch):
    found = confirmed()
    original, refusals = import_lease.RowLease.update, [IntegrityError()]

    def update(self, **values):
        original(self, **values)
        if refusals:
            raise refusals.pop()

    monkeypatch.setattr(import_lease.RowLease, "update", update)
    apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, Product.objects.count()) == ("finished", 10, 10)


@pytest.mark.parametrize(
    ("head", "code"),
    [(b"PK\x03\x04xl/", "workbook_broken"), (b"", "file_empty"), (b"a,b\n", "no_products")],
)
def test_a_wrong_file_is_refused_at_the_door(in_scope, tmp_path, head, code):
    with pytest.raises(DomainError) as caught:
        upload(head)
    assert (caught.value.code, caught.value.status) == (code, 422)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\spring.csv", "spring.csv"),
        ("a\0b\r\n\u202e.csv", "ab.csv"),
        ("...", "products.csv"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
        ("春季.csv", "春季.csv"),
    ],
)
def test_a_file_name_is_cleaned_and_never_becomes_a_path(in_scope, given, kept):
    found = upload(FILE, file_name=given)
    assert found.file_name == kept
    assert found.file.name == f"imports/{in_scope.pk}/{found.public_id}"


def test_starting_an_import_tells_a_worker_only_after_the_commit(
    in_scope, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(
        "celery.app.base.Celery.send_task", lambda self, name, **more: sent.append((name, more))
    )
    with django_capture_on_commit_callbacks(execute=True):
        found = upload(FILE)
        assert sent == []
    keywords = {"merchant_id": in_scope.pk, "import_id": found.pk}
    assert sent == [("stores.read_import", {"kwargs": keywords, "retry": False})]


def test_beat_finds_what_workers_and_the_broker_have_lost(in_scope, merchant, monkeypatch):
    lost = upload(FILE)
    fresh = upload(FILE)
    dead = confirmed()
    waiting = preview(FILE)
    past = timezone.now() - timedelta(seconds=61)
    CatalogueImport.objects.filter(pk=lost.pk).update(created_at=past)
    CatalogueImport.objects.filter(pk=dead.pk).update(heartbeat_at=past)
    CatalogueImport.objects.filter(pk=waiting.pk).update(created_at=past)
    sent = []
    for task in (tasks.read_import, tasks.apply_import):
        monkeypatch.setattr(task, "delay", lambda task=task, **ids: sent.append((task.name, ids)))
    with acting_as("worker"):
        tasks.resume_imports()
    assert sorted(sent, key=str) == [
        ("stores.apply_import", {"merchant_id": merchant.pk, "import_id": dead.pk}),
        ("stores.read_import", {"merchant_id": merchant.pk, "import_id": lost.pk}),
    ]
    assert fresh.state == "uploaded"


def test_the_web_process_cannot_look_for_imports_of_all_merchants(db):
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        stalled_imports()


def test_what_beat_sees_of_imports_is_bookkeeping_only(db):
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        with acting_as("dispatcher"), connection.cursor() as cursor:
            cursor.execute("SELECT file_name FROM stores_catalogueimport")


def test_an_import_of_another_merchant_is_neither_seen_nor_touched(in_scope, other_merchant):
    found = confirmed()
    with merchant_scope(other_merchant.pk):
        apply_items(found.pk)
        assert CatalogueImport.objects.count() == 0
    assert Product.objects.count() == 0


def test_two_imports_of_one_merchant_do_not_write_a_product_twice(in_scope):
    first, second = preview(FILE), preview(FILE)
    for found in (first, second):
        confirm_import(catalogue_import=found, actor=SYSTEM)
    for found in (first, second):
        apply_items(found.pk)
    second.refresh_from_db()
    assert (second.state, second.n_applied) == ("finished", 10)
    assert (Product.objects.count(), CopyVersion.objects.count()) == (10, 10)


def test_a_lease_that_is_lost_cannot_be_renewed(in_scope):
    found = confirmed()
    _, lease = import_lease.take(found.pk, "applying", "applying")
    CatalogueImport.objects.filter(pk=found.pk).update(state="cancelled")
    with pytest.raises(LeaseLost):
        lease.renew()


def test_every_step_is_in_the_audit_log(in_scope):
    bring(FILE)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["import.started", "import.confirmed", "import.finished"]


def test_options_default_to_the_merchants(in_scope):
    found = start_import(file=BytesIO(b"Handle,Title\na,A\n"), file_name="a.csv", actor=SYSTEM)
    options = unpack_options(found.options)
    assert options == ImportOptions(locale=in_scope.locale, currency="EUR")


def test_a_product_deleted_after_the_preview_is_refused_where_the_file_has_no_title(in_scope):
    bring(FILE)
    found = preview([["Handle", "Vendor"], ["p-0", "New"], ["p-1", "New"]])
    Product.objects.get(handle="p-0").delete()
    confirm_import(catalogue_import=found, actor=SYSTEM)
    apply_items(found.pk)
    found.refresh_from_db()
    assert (found.state, found.n_applied, found.n_invalid) == ("finished", 1, 1)
    assert found.items.get(handle="p-0").problems[0]["code"] == "title_missing"
    assert Product.objects.get(handle="p-1").vendor == "New"


def test_an_uploaded_file_is_read_by_this_user_only(in_scope):
    path = Path(upload(FILE).file.path)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
