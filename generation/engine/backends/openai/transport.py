"""HTTP that trusts neither the address it is given nor the answer it gets."""

import ssl
import time
from collections.abc import Iterator

import httpx2

from generation.engine.backends.openai.addresses import check_public_url, public_addresses
from generation.engine.errors import BackendError, ErrorCode

MAX_ANSWER_BYTES = 8 * 1024 * 1024
_MAX_ADDRESSES = 3
_SENT_HEADERS = frozenset({"host", "content-type", "content-length", "accept", "connection"})


class GuardedTransport(httpx2.BaseTransport):
    """Sends only the headers named here, limits answers in size and time, follows no redirect.

    api_key: sent as a bearer token, empty sends none; headers that the official client adds
    from OPENAI_* variables of this process must not reach a stranger's server.
    allow_private_hosts: if false, each request's host is resolved here, every address must be
    public, and the connection goes to the address that was checked, under the host's own name
    in TLS and in the Host header.
    """

    def __init__(
        self,
        api_key: str,
        *,
        allow_private_hosts: bool,
        answer_seconds: float,
        verify: ssl.SSLContext | bool = True,
        limits: httpx2.Limits = httpx2.Limits(),  # noqa: B008 (immutable in effect)
    ) -> None:
        self._api_key = api_key
        self._allow_private_hosts = allow_private_hosts
        self._answer_seconds = answer_seconds
        # A proxy from the environment would connect in our place, to whatever it resolves.
        self._inner = httpx2.HTTPTransport(verify=verify, limits=limits, trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers = self._headers(request)
        if self._allow_private_hosts:
            return self._limited(self._inner.handle_request(request))
        check_public_url(str(request.url))
        port = request.url.port or 443
        error: httpx2.TransportError | None = None
        host = request.url.raw_host.decode("ascii")
        for address in public_addresses(host, port)[:_MAX_ADDRESSES]:
            try:
                return self._limited(self._inner.handle_request(_pinned(request, str(address))))
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as failure:
                error = failure
        raise error or httpx2.ConnectError("the host has no address", request=request)

    def close(self) -> None:
        self._inner.close()

    def _headers(self, request: httpx2.Request) -> httpx2.Headers:
        kept = {k: v for k, v in request.headers.items() if k.lower() in _SENT_HEADERS}
        headers = httpx2.Headers(kept)
        headers["user-agent"] = "Copydesk"
        headers["accept-encoding"] = "identity"
        if self._api_key:
            headers["authorization"] = f"Bearer {self._api_key}"
        return headers

    def _limited(self, response: httpx2.Response) -> httpx2.Response:
        encoding = response.headers.get("content-encoding", "identity")
        if encoding.lower() != "identity":
            response.close()
            raise _bad("The server sent a compressed answer, which was not asked for.")
        stream = _LimitedStream(response.stream, time.monotonic() + self._answer_seconds)
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=stream,
            extensions=response.extensions,
        )


class _LimitedStream(httpx2.SyncByteStream):
    def __init__(
        self, stream: httpx2.SyncByteStream | httpx2.AsyncByteStream, ends_at: float
    ) -> None:
        if not isinstance(stream, httpx2.SyncByteStream):
            raise TypeError("a synchronous stream is needed")
        self._stream = stream
        self._ends_at = ends_at

    def __iter__(self) -> Iterator[bytes]:
        n_bytes = 0
        for chunk in self._stream:
            n_bytes += len(chunk)
            if n_bytes > MAX_ANSWER_BYTES:
                raise _bad("The server's answer is too large.")
            if time.monotonic() > self._ends_at:
                raise httpx2.ReadTimeout("the answer took too long")
            yield chunk

    def close(self) -> None:
        self._stream.close()


def _pinned(request: httpx2.Request, address: str) -> httpx2.Request:
    """The same request to a fixed address; Host header and TLS name stay the host's."""
    return httpx2.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.raw_host.decode("ascii")},
    )


def _bad(message: str) -> BackendError:
    return BackendError(message, retryable=False, code=ErrorCode.bad_response)
