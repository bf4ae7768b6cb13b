import errno
import hashlib
from datetime import timedelta
from io import FileIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from stores.models import CatalogueImport, Upload
from stores.services import uploads
from stores.services.uploads import (
    WrongOffset,
    add_piece,
    begin_upload,
    delete_stale_uploads,
    discard_upload,
    finish_upload,
    merchants_with_stale_uploads,
)
from stores.tasks import delete_uploads
from tenants.actor import SYSTEM
from tenants.errors import DomainError
from tenants.scope import merchant_scope
from tests.conftest import acting_as

pytestmark = pytest.mark.usefixtures("in_scope")

CONTENT = b"Handle,Title\n" + b"mug,Mug\n"
HALF = 10


def begin(content=CONTENT, **more):
    return begin_upload(file_name="a.csv", size_bytes=len(content), actor=SYSTEM, **more)


def stored(upload):
    return Path(default_storage.path(upload.file.name))


def age(upload, hours=25):
    Upload.objects.filter(pk=upload.pk).update(updated_at=timezone.now() - timedelta(hours=hours))


def refused(call, *args, **kwargs):
    with pytest.raises(DomainError) as caught, transaction.atomic():
        call(*args, **kwargs)
    return caught.value.code, caught.value.status


def test_a_file_in_two_pieces_becomes_an_import(django_capture_on_commit_callbacks):
    upload = begin(sha256=hashlib.sha256(CONTENT).hexdigest())
    assert add_piece(upload=upload, offset=0, piece=CONTENT[:HALF]) == HALF
    assert add_piece(upload=upload, offset=HALF, piece=CONTENT[HALF:]) == len(CONTENT)
    with django_capture_on_commit_callbacks(execute=True):
        found = finish_upload(upload=upload, actor=SYSTEM)
    assert (found.file_name, found.size_bytes) == ("a.csv", len(CONTENT))
    assert found.file.read() == CONTENT
    assert not stored(upload).exists()


def test_finishing_twice_gives_the_same_import():
    upload = begin()
    add_piece(upload=upload, offset=0, piece=CONTENT)
    first = finish_upload(upload=upload, actor=SYSTEM)
    assert finish_upload(upload=upload, actor=SYSTEM) == first
    assert CatalogueImport.objects.count() == 1
    assert refused(add_piece, upload=upload, offset=0, piece=CONTENT) == ("upload_is_over", 409)


def test_a_repeated_piece_changes_nothing_and_another_one_in_its_place_is_refused():
    upload = begin()
    add_piece(upload=upload, offset=0, piece=CONTENT[:HALF])
    assert add_piece(upload=upload, offset=0, piece=CONTENT[:HALF]) == HALF
    assert refused(add_piece, upload=upload, offset=0, piece=b"x" * HALF) == ("file_changed", 409)
    assert stored(upload).read_bytes() == CONTENT[:HALF]


@pytest.mark.parametrize("offset", [5, 11])
def test_a_piece_from_elsewhere_is_told_where_to_start(offset):
    upload = begin()
    add_piece(upload=upload, offset=0, piece=CONTENT[:HALF])
    with pytest.raises(WrongOffset) as caught:
        add_piece(upload=upload, offset=offset, piece=CONTENT[offset : offset + 8])
    assert caught.value.n_received_bytes == HALF


@pytest.mark.parametrize("piece", [b"", CONTENT + b"more"])
def test_an_empty_piece_and_one_beyond_the_end_are_refused(piece):
    assert refused(add_piece, upload=begin(), offset=0, piece=piece) == ("piece_size_wrong", 422)


def test_damage_of_a_piece_and_of_the_file_is_noticed():
    upload = begin(sha256="0" * 64)
    digest = hashlib.sha256(b"other").hexdigest()
    damaged = refused(add_piece, upload=upload, offset=0, piece=CONTENT, sha256=digest)
    assert damaged == ("piece_damaged", 422)
    add_piece(upload=upload, offset=0, piece=CONTENT)
    assert refused(finish_upload, upload=upload, actor=SYSTEM) == ("file_damaged", 422)
    assert CatalogueImport.objects.count() == 0


def test_half_a_file_is_no_import():
    upload = begin()
    add_piece(upload=upload, offset=0, piece=CONTENT[:HALF])
    assert refused(finish_upload, upload=upload, actor=SYSTEM) == ("upload_incomplete", 409)


@pytest.mark.parametrize(
    ("size", "sha256", "expected"),
    [
        (0, "", ("file_empty", 422)),
        (257 * 1024 * 1024, "", ("import_too_large", 413)),
        (5, "abc", ("sha256_malformed", 422)),
    ],
)
def test_what_cannot_become_an_import_is_refused_before_it_arrives(size, sha256, expected):
    wrong = refused(begin_upload, file_name="a", size_bytes=size, sha256=sha256, actor=SYSTEM)
    assert wrong == expected
    assert Upload.objects.count() == 0


def test_uploads_that_are_under_way_are_bounded(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_OPEN_UPLOADS", 1)
    upload = begin()
    assert refused(begin) == ("too_many_uploads", 409)
    age(upload)
    begin()


def test_a_disk_without_room_refuses_at_once(monkeypatch):
    usage = uploads.shutil.disk_usage("/")._replace(free=3)
    monkeypatch.setattr(uploads.shutil, "disk_usage", lambda path: usage)
    assert refused(begin) == ("file_not_stored", 507)


def test_a_disk_that_fills_up_keeps_nothing_of_the_piece(monkeypatch):
    upload = begin()
    add_piece(upload=upload, offset=0, piece=CONTENT[:HALF])

    class Full(FileIO):
        def write(self, data):
            if self.tell() > HALF:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(bytes(data[:2]))

    monkeypatch.setattr(uploads.os, "fdopen", lambda handle, *_, **__: Full(handle, "r+"))
    full = refused(add_piece, upload=upload, offset=HALF, piece=CONTENT[HALF:])
    assert full == ("file_not_stored", 507)
    assert stored(upload).read_bytes() == CONTENT[:HALF]
    monkeypatch.undo()
    assert add_piece(upload=upload, offset=HALF, piece=CONTENT[HALF:]) == len(CONTENT)


def test_a_piece_that_was_written_but_not_counted_is_written_over():
    upload = begin()
    stored(upload).write_bytes(b"the rest of a piece")
    assert add_piece(upload=upload, offset=0, piece=CONTENT) == len(CONTENT)
    assert stored(upload).read_bytes() == CONTENT


def test_a_file_that_was_lost_says_so():
    upload = begin()
    add_piece(upload=upload, offset=0, piece=CONTENT)
    stored(upload).unlink()
    assert refused(finish_upload, upload=upload, actor=SYSTEM) == ("file_lost", 409)


def test_an_unreadable_file_stays_for_another_try():
    upload = begin(b"%PDF-1.7")
    add_piece(upload=upload, offset=0, piece=b"%PDF-1.7")
    assert refused(finish_upload, upload=upload, actor=SYSTEM) == ("file_is_pdf", 422)
    assert stored(upload).exists()


def test_a_discarded_upload_leaves_nothing(django_capture_on_commit_callbacks):
    upload = begin()
    add_piece(upload=upload, offset=0, piece=CONTENT)
    with django_capture_on_commit_callbacks(execute=True):
        discard_upload(upload=upload)
    assert not stored(upload).exists()
    assert refused(discard_upload, upload=upload) == ("upload_is_over", 409)


def test_beat_finds_the_merchants_with_stale_uploads_and_nothing_else(other_merchant):
    stale, fresh = begin(), begin()
    add_piece(upload=stale, offset=0, piece=CONTENT)
    age(stale)
    with merchant_scope(other_merchant.pk):
        begin()
    with acting_as("worker"):
        found = merchants_with_stale_uploads()
    assert found == [stale.merchant_id]
    delete_uploads(merchant_id=stale.merchant_id)
    assert list(Upload.objects.all()) == [fresh]
    assert not stored(stale).exists()
    assert delete_stale_uploads() == 0
