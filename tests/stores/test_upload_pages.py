import json
import socket

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from stores.models import CatalogueImport, Upload
from tenants.scope import merchant_scope

CONTENT = b"Handle,Title\nmug,Mug\n"
SIZE = str(len(CONTENT))


@pytest.fixture
def url(merchant):
    return lambda name, *args: reverse(f"stores:{name}", args=[merchant.public_id, *args])


@pytest.fixture
def client(editor, signed_in):
    return signed_in(editor)


@pytest.fixture
def begin(client, url):
    def post(size=SIZE, name="a.csv"):
        return client.post(url("upload_create"), {"file_name": name, "size_bytes": size})

    return post


@pytest.fixture
def send(client):
    def post(address, offset, piece, **headers):
        return client.post(
            address, piece, "application/octet-stream", headers={"Upload-Offset": offset, **headers}
        )

    return post


def test_a_file_arrives_in_pieces_and_its_form_starts_an_import(url, client, begin, send, merchant):
    begun = begin().json()
    assert (begun["n_received_bytes"], begun["piece_bytes"]) == (0, 4 * 1024 * 1024)
    assert send(begun["url"], "0", CONTENT[:5]).json()["n_received_bytes"] == 5
    assert client.get(begun["url"]).json()["n_received_bytes"] == 5
    assert send(begun["url"], "5", CONTENT[5:]).json()["n_received_bytes"] == len(CONTENT)
    form = {"upload": begun["upload"], "locale": "en", "on_conflict": "keep"}
    response = client.post(url("import_create"), form)
    with merchant_scope(merchant.pk):
        found = CatalogueImport.objects.get()
        assert (found.file_name, found.file.read()) == ("a.csv", CONTENT)
    assert response.url == url("import_detail", found.public_id)
    assert client.post(url("import_create"), form).url == response.url


def test_a_piece_for_another_place_says_where_the_next_one_starts(begin, send):
    address = begin().json()["url"]
    response = send(address, "7", b"x")
    assert (response.status_code, response.json()["n_received_bytes"]) == (409, 0)
    assert response.json()["code"] == "upload_wrong_offset"


@pytest.mark.parametrize("offset", ["", "-1", "x", "٣", "9" * 20])
def test_a_piece_without_a_place_is_refused(begin, send, offset):
    response = send(begin().json()["url"], offset, b"x")
    assert (response.status_code, response.json()["code"]) == (400, "piece_cut_off")


@pytest.mark.django_db(transaction=True)
def test_a_piece_that_was_cut_off_leaves_nothing_and_is_sent_again(
    begin, send, client, merchant, live_server
):
    begun = begin().json()
    token = "a" * 32
    cookies = "; ".join(f"{c.key}={c.value}" for c in client.cookies.values())
    host, port = live_server.url.removeprefix("http://").split(":")
    lines = (
        f"POST {begun['url']} HTTP/1.1", f"Host: {host}:{port}",
        f"Cookie: {cookies}; {settings.CSRF_COOKIE_NAME}={token}", f"X-CSRFToken: {token}",
        "Upload-Offset: 0", f"Content-Length: {len(CONTENT)}", "Connection: close", "", "",
    )  # fmt: skip
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall("\r\n".join(lines).encode() + CONTENT[:5])
        connection.shutdown(socket.SHUT_WR)
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400")
    with merchant_scope(merchant.pk), transaction.atomic():
        upload = Upload.objects.get()
    assert upload.n_received_bytes == 0
    assert not default_storage.exists(upload.file.name)
    assert send(begun["url"], "0", CONTENT).json()["n_received_bytes"] == len(CONTENT)


@pytest.mark.parametrize(
    ("size", "status"), [("0", 422), ("", 422), ("x", 422), (str(10**12), 413), ("-4", 422)]
)
def test_a_file_of_a_wrong_size_is_refused_before_it_is_sent(begin, size, status):
    response = begin(size)
    assert response.status_code == status
    assert response.json()["message"]


def test_an_upload_that_is_gone_is_said_at_the_file(client, url):
    response = client.post(
        url("import_create"), {"upload": "upl_nothing", "locale": "en", "on_conflict": "keep"}
    )
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["file"]


def test_a_form_that_is_wrong_keeps_the_file_that_has_arrived(client, url, begin, send):
    begun = begin(name="mugs.csv").json()
    send(begun["url"], "0", CONTENT)
    form = {"upload": begun["upload"], "locale": "not a tag", "on_conflict": "keep"}
    page = client.post(url("import_create"), form).content.decode()
    assert "mugs.csv is here already" in page
    assert f'value="{begun["upload"]}"' in page


def test_a_stranger_and_a_viewer_send_no_pieces(begin, outsider, viewer, signed_in):
    address = begin().json()["url"]
    for person, status in ((outsider, 404), (viewer, 403)):
        response = signed_in(person).post(
            address, b"x", "application/octet-stream", headers={"Upload-Offset": "0"}
        )
        assert response.status_code == status
    assert json.loads(begin().content)["n_received_bytes"] == 0
