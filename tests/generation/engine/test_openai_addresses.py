import datetime
import ipaddress
import socket
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from generation.engine.backends import get_backend
from generation.engine.backends.openai import addresses
from generation.engine.backends.openai.addresses import check_public_url, public_addresses
from generation.engine.errors import BackendError
from tests.generation.engine.stubs import StubServer, job, never


def resolver(*answers):
    """A resolver of names that gives the next answer each time, the last one for ever."""
    left, real = list(answers), socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        if host == "127.0.0.1":
            return real(host, port, *args, **kwargs)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    return getaddrinfo


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/v1",
        "ftp://api.example.com/",
        "file:///etc/passwd",
        "https://",
        "https:///v1",
        "https://user:pass@api.example.com/",
        "https://api.example.com@127.0.0.1/",
        "https://api.example.com\\@127.0.0.1/",
        "https://api.example.com/\n",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://db/",
        "https://printer.local/",
        "https://vault.internal/",
        "https://127.0.0.1/",
        "https://127.0.0.1./",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://0/",
        "https://0.0.0.0/",
        "https://10.0.0.5/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        "https://192.0.2.1/",
        "https://[::1]/",
        "https://[::]/",
        "https://[fe80::1]/",
        "https://[fe80::1%25eth0]/",
        "https://[fc00::1]/",
        "https://[ff02::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:8.8.8.8]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:7f00:1::]/",
        "https://[::127.0.0.1]/",
        "https://①②⑦.⓪.⓪.①/",
        "https://ｌocalhost/",
        "https://api.example.com:99999/",
        "https://[not-an-address]/",
    ],
)
def test_hostile_url_is_refused_by_its_text(url):
    with pytest.raises(BackendError) as caught:
        check_public_url(url)
    assert (caught.value.code, caught.value.retryable) == ("endpoint_forbidden", False)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1",
        "https://llm.example.co.uk:8443/v1",
        "https://8.8.8.8/v1",
        "https://[2606:4700:4700::1111]/v1",
        "https://xn--bcher-kva.example/v1",
    ],
)
def test_public_url_passes(url):
    assert check_public_url(url) is None


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["fe80::1%eth0"],
        ["64:ff9b::a00:1"],
    ],
)
def test_name_that_leads_inside_is_refused(monkeypatch, found):
    monkeypatch.setattr(socket, "getaddrinfo", resolver(found))
    with pytest.raises(BackendError) as caught:
        public_addresses("api.example.com", 443)
    assert caught.value.code == "endpoint_forbidden"


def test_public_name_gives_each_address_once(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolver(["8.8.8.8", "8.8.8.8", "1.1.1.1"]))
    assert public_addresses("dns.example.com", 443) == [
        ipaddress.ip_address("8.8.8.8"),
        ipaddress.ip_address("1.1.1.1"),
    ]


def test_unresolvable_name_may_be_tried_again(monkeypatch):
    def getaddrinfo(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(BackendError) as caught:
        public_addresses("nowhere.example.com", 443)
    assert (caught.value.code, caught.value.retryable) == ("endpoint_unreachable", True)


def test_backend_refuses_a_private_url_before_any_connection(stub):
    backend = get_backend("openai", base_url=stub.url, model="small")
    with pytest.raises(BackendError) as caught:
        backend.load()
    assert caught.value.code == "endpoint_forbidden"
    assert stub.requests == []


def tls_contexts(tmp_path, host):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "certificate.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


@pytest.fixture
def tls_backend(tmp_path, monkeypatch):
    """An https stub under the name api.example.com, whose loopback address counts as public."""
    server_context, client_context = tls_contexts(tmp_path, "api.example.com")
    stub = StubServer(server_context)
    is_public = addresses.is_public
    monkeypatch.setattr(addresses, "is_public", lambda ip: str(ip) == "127.0.0.1" or is_public(ip))
    backend = get_backend(
        "openai",
        base_url=f"https://api.example.com:{stub.port}/v1",
        model="small",
        verify=client_context,
        n_attempts=1,
    )
    yield stub, backend
    backend.close()
    stub.close()


def test_connection_goes_to_the_checked_address_under_the_hosts_name(tls_backend, monkeypatch):
    stub, backend = tls_backend
    monkeypatch.setattr(socket, "getaddrinfo", resolver(["127.0.0.1"]))
    [result] = backend.generate([job()], never)
    assert result.error is None
    [request] = stub.requests
    assert request["headers"]["host"] == f"api.example.com:{stub.port}"


def test_certificate_for_another_name_is_refused(tls_backend, monkeypatch):
    stub, backend = tls_backend
    backend.base_url = f"https://other.example.com:{stub.port}/v1"
    monkeypatch.setattr(socket, "getaddrinfo", resolver(["127.0.0.1"]))
    [result] = backend.generate([job()], never)
    assert str(result.error) == "The server's certificate is not valid for its name."
    assert stub.requests == []


def test_name_that_changes_between_check_and_connection_gains_nothing(tls_backend, monkeypatch):
    stub, backend = tls_backend
    monkeypatch.setattr(socket, "getaddrinfo", resolver(["127.0.0.1"], ["10.0.0.1"]))
    [first] = backend.generate([job()], never)
    [second] = backend.generate([job()], never)
    assert first.error is None
    assert second.error.code == "endpoint_forbidden"
    assert len(stub.requests) == 1
