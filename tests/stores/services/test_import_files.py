"""Files of imports that are over go after some days; those that somebody may still need stay."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from stores import tasks
from stores.models import CatalogueImport
from stores.services.import_files import delete_old_files, merchants_with_old_files
from stores.services.imports import cancel_import, reread_import
from tenants.actor import SYSTEM
from tenants.errors import DomainError
from tests.conftest import acting_as
from tests.stores.files import OPTIONS, bring, preview, upload

FILE = "Handle,Title\nmug,Mug\n"
BROKEN = 'Handle,Title\nmug,"Mug\n'


def long_ago(found, **fields):
    then = timezone.now() - timedelta(days=8)
    CatalogueImport.objects.filter(pk=found.pk).update(**dict.fromkeys(fields, then))


@pytest.fixture
def imports(in_scope):
    """One in every state, each of them old."""
    cancelled = cancel_import(catalogue_import=preview(FILE), actor=SYSTEM)
    over = [bring(FILE), cancelled, preview(BROKEN)]
    waiting = [upload(FILE), preview(FILE)]
    for found in (*over, *waiting):
        long_ago(found, created_at=True)
    for found in over:
        long_ago(found, finished_at=True)
    return over, waiting


def test_old_files_of_imports_that_are_over_are_deleted(imports):
    over, waiting = imports
    paths = [Path(found.file.path) for found in (*over, *waiting)]
    assert delete_old_files() == 3
    assert [path.exists() for path in paths] == [False, False, False, True, True]
    assert CatalogueImport.objects.filter(file="").count() == 3
    assert delete_old_files() == 0


def test_a_file_stays_for_some_days(in_scope):
    found = bring(FILE)
    assert delete_old_files() == 0
    assert Path(found.file.path).exists()


def test_a_failed_import_whose_file_is_gone_cannot_be_read_anew(imports):
    failed = imports[0][2]
    delete_old_files()
    with pytest.raises(DomainError) as caught:
        reread_import(catalogue_import=failed, options=OPTIONS, actor=SYSTEM)
    assert caught.value.code == "import_file_gone"


def test_a_file_that_is_gone_already_does_not_hold_up_the_others(imports):
    Path(imports[0][0].file.path).unlink()
    assert delete_old_files() == 3


def test_beat_starts_a_task_for_each_merchant_with_old_files(imports, merchant, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.delete_import_files, "delay", lambda **ids: sent.append(ids))
    with acting_as("worker"):
        tasks.expire_import_files()
    assert sent == [{"merchant_id": merchant.pk}]
    tasks.delete_import_files(merchant_id=merchant.pk)
    with acting_as("worker"):
        assert merchants_with_old_files() == []


def test_the_web_process_cannot_look_for_files_of_all_merchants(db):
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        merchants_with_old_files()
