"""Fetching the beginning of what stands at an address that a stranger has given.

The host's name is looked up once and the connection goes to the address that was checked
(requests-hardened): private networks, loopback, link-local and addresses that carry one of those
inside are refused, at the first step and at every redirect.
"""

import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress

MAX_REDIRECTS = 3
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5.0, 5.0, 15.0
PIECE_BYTES = 8 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_WAIT_SECONDS = 24 * 3600


class Unreachable(Exception):
    """Nothing came from the address. code: forbidden, redirects, timeout, connection or address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of an answer. n_bytes: of the whole, None if unknown. wait_seconds: Retry-After."""

    status: int
    content_type: str
    data: bytes
    n_bytes: int | None = None
    wait_seconds: int | None = None


class PoliteClient:
    """Asks for the first bytes only. allow_loopback: for tests with a server of their own."""

    def __init__(self, user_agent: str, *, allow_loopback: bool = False) -> None:
        config = Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=allow_loopback,
            never_redirect=True,
            default_timeout=(CONNECT_SECONDS, READ_SECONDS),
            user_agent_override=user_agent,
        )
        self._session = HTTPSession(config)
        # A proxy from the environment would connect in our place, to whatever it resolves.
        self._session.trust_env = False

    def head_of(self, url: str, max_bytes: int, accept: str = "*/*") -> Head:
        """The first bytes at the address, redirects followed; raises Unreachable."""
        ends_at = time.monotonic() + WHOLE_SECONDS
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._ask(url, max_bytes, accept)
            with answer:
                if answer.status_code not in REDIRECTS:
                    return _read(answer, max_bytes, ends_at)
                url = urljoin(url, answer.headers.get("Location", ""))
        raise Unreachable("redirects")

    def close(self) -> None:
        """Close what connections are open."""
        self._session.close()

    def _ask(self, url: str, max_bytes: int, accept: str) -> requests.Response:
        if not _is_web_address(url):
            raise Unreachable("address")
        headers = {
            "Range": f"bytes=0-{max_bytes - 1}",
            "Accept": accept,
            "Accept-Encoding": "identity",
        }
        # A cookie of one shop's server is nobody else's business.
        self._session.cookies.clear()
        try:
            answer: requests.Response = self._session.get(url, headers=headers, stream=True)
            return answer
        except InvalidIPAddress as error:
            raise Unreachable("forbidden") from error
        except requests.Timeout as error:
            raise Unreachable("timeout") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            code = "address" if isinstance(error, ValueError) else "connection"
            raise Unreachable(code) from error


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    has_secrets = parts.username is not None or parts.password is not None
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not has_secrets


def _read(answer: requests.Response, max_bytes: int, ends_at: float) -> Head:
    pieces, n_read = [], 0
    try:
        # read1 gives what has arrived: read would wait for a server that sends a byte a second.
        while n_read < max_bytes and (piece := answer.raw.read1(PIECE_BYTES)):
            pieces.append(piece)
            n_read += len(piece)
            if time.monotonic() > ends_at:
                raise Unreachable("timeout")
    except urllib3.exceptions.TimeoutError as error:
        raise Unreachable("timeout") from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Unreachable("connection") from error
    return Head(
        status=answer.status_code,
        content_type=answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        data=b"".join(pieces)[:max_bytes],
        n_bytes=_size(answer),
        wait_seconds=_wait(answer),
    )


def _size(answer: requests.Response) -> int | None:
    total = answer.headers.get("Content-Range", "").rpartition("/")[2]
    return _number(total if answer.status_code == 206 else answer.headers.get("Content-Length", ""))


def _wait(answer: requests.Response) -> int | None:
    """The seconds of Retry-After, if it is given as such and makes sense."""
    seconds = _number(answer.headers.get("Retry-After", ""))
    return None if seconds is None else min(seconds, MAX_WAIT_SECONDS)


def _number(text: str) -> int | None:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 16 else None
