"""What a stranger's address may make us do: ask a public server for a few bytes, and nothing else."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest

from web import outbound
from web.outbound import PoliteClient, Unreachable

PAGES = {}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        type(self).seen.append((self.path, dict(self.headers)))
        PAGES[self.path.partition("?")[0]](self)

    def log_message(self, *args):
        pass


def page(path):
    def add(function):
        PAGES[path] = function
        return function

    return add


@page("/ok")
def _ok(handler):
    handler.send_response(206)
    handler.send_header("Content-Type", "Image/PNG; x=1")
    handler.send_header("Content-Range", "bytes 0-9/4711")
    handler.send_header("Content-Length", "10")
    handler.end_headers()
    handler.wfile.write(b"0123456789")


@page("/huge")
def _huge(handler):
    """Pays no attention to Range and never stops."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(10**12))
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        pass


@page("/drip")
def _drip(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


@page("/silent")
def _silent(handler):
    time.sleep(2)


@page("/busy")
def _busy(handler):
    handler.send_response(429)
    handler.send_header("Retry-After", "90")
    handler.end_headers()


@page("/to")
def _to(handler):
    handler.send_response(302)
    handler.send_header("Location", unquote(handler.path.partition("?")[2]))
    handler.send_header("Set-Cookie", "a=b")
    handler.end_headers()


@pytest.fixture
def server():
    Handler.seen = []
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


@pytest.fixture
def client():
    made = PoliteClient("Test/1", allow_loopback=True)
    yield made
    made.close()


@pytest.fixture
def strict():
    made = PoliteClient("Test/1")
    yield made
    made.close()


def code(client, url):
    with pytest.raises(Unreachable) as caught:
        client.head_of(url, 64)
    return caught.value.code


def test_the_first_bytes_come_with_type_and_size_of_the_whole(server, client):
    head = client.head_of(f"{server}/ok", 64)
    assert (head.status, head.content_type, head.data, head.n_bytes) == (
        206, "image/png", b"0123456789", 4711,
    )  # fmt: skip
    headers = Handler.seen[0][1]
    assert (headers["Range"], headers["User-Agent"], headers["Accept-Encoding"]) == (
        "bytes=0-63", "Test/1", "identity",
    )  # fmt: skip


def test_a_huge_file_costs_a_few_bytes(server, client):
    head = client.head_of(f"{server}/huge", 1000)
    assert (len(head.data), head.n_bytes) == (1000, 10**12)


def test_a_server_that_drips_or_keeps_silent_is_left(server, client, monkeypatch):
    monkeypatch.setattr(outbound, "WHOLE_SECONDS", 0.3)
    client._session._config.default_timeout = (1.0, 0.3)
    started = time.monotonic()
    assert code(client, f"{server}/drip") == "timeout"
    assert code(client, f"{server}/silent") == "timeout"
    assert time.monotonic() - started < 3


def test_how_long_to_wait_is_told(server, client):
    assert client.head_of(f"{server}/busy", 64).wait_seconds == 90


def test_redirects_are_followed_a_few_times_without_cookies(server, client):
    head = client.head_of(f"{server}/to?/to?{server}/ok", 64)
    assert head.data == b"0123456789"
    assert [path for path, headers in Handler.seen if "Cookie" in headers] == []
    assert code(client, f"{server}/to?/to?/to?/to?/to?/ok") == "redirects"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://localhost/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "https://127.0.0.1/",
    ],
)
def test_no_address_leads_into_a_private_network(strict, url):
    assert code(strict, url) == "forbidden"


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/",
        "http://[::ffff:169.254.169.254]/",
        "http://10.0.0.1/",
        "//192.168.0.1/",
    ],
)
def test_a_redirect_into_a_private_network_is_not_followed(server, client, target):
    assert code(client, f"{server}/to?{target}") == "forbidden"


def test_a_redirect_to_this_machine_is_not_followed(server, strict, monkeypatch):
    # The first step is let through as if the server were a public one; the second is not.
    real, answers = outbound.PoliteClient._ask, []

    def first_is_public(self, url, *args):
        answers.append(url)
        if len(answers) == 1:
            return real(PoliteClient("Test/1", allow_loopback=True), url, *args)
        return real(self, url, *args)

    monkeypatch.setattr(outbound.PoliteClient, "_ask", first_is_public)
    assert code(strict, f"{server}/to?{server}/ok") == "forbidden"
    assert [path for path, _headers in Handler.seen] == [f"/to?{server}/ok"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("file:///etc/passwd", "address"),
        ("ftp://example.org/a", "address"),
        ("http://user:secret@example.org/", "address"),
        ("http:///a", "address"),
        ("http://example.org:99999/", "address"),
        ("javascript:alert(1)", "address"),
        ("", "address"),
    ],
)
def test_what_is_no_web_address_is_not_asked_for(strict, url, expected):
    assert code(strict, url) == expected


def test_a_redirect_to_a_file_is_not_followed(server, client):
    assert code(client, f"{server}/to?file:///etc/passwd") == "address"


def test_the_name_is_looked_up_once_and_the_connection_goes_there(server, client, monkeypatch):
    """A name that answers with a public address first and a private one later gains nothing."""
    port = int(server.rpartition(":")[2])
    real, asked = socket.getaddrinfo, []

    def rebinding(host, *args, **kwargs):
        if host != "rebind.example":
            return real(host, *args, **kwargs)
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    head = client.head_of(f"http://rebind.example:{port}/ok", 64)
    assert (head.status, asked) == (206, ["rebind.example"])
    assert Handler.seen[0][1]["Host"] == f"rebind.example:{port}"
    assert code(client, f"http://rebind.example:{port}/ok") == "forbidden"


def test_a_proxy_of_the_environment_is_not_used(server, client, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://10.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://10.0.0.1:1")
    assert client.head_of(f"{server}/ok", 64).status == 206
