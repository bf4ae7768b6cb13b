"""Which addresses a merchant's own URL may lead to: public ones, over https.

The form calls `check_public_url` when the URL is typed; the transport calls
`public_addresses` at every connection, since a name may lead elsewhere a second later.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from generation.engine.errors import BackendError, ErrorCode

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_HOST_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
_NUMERIC_LABEL = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".onion")
# Each of these carries an IPv4 address inside, which a gateway would connect to.
_TUNNELS = tuple(
    map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)


def check_public_url(url: str) -> None:
    """Raise BackendError unless the URL is https, without credentials, to a public looking host.

    Looks at the text only and resolves nothing.
    """
    parts = _split(url)
    if parts.scheme != "https":
        raise _forbidden("The address must begin with https://.")
    if parts.username is not None or parts.password is not None:
        raise _forbidden("The address must not contain a user name or a password.")
    check_host(parts.hostname or "")


def check_host(host: str) -> None:
    """Raise BackendError for a host that is no public name and no public address in full form."""
    literal = _literal(host)
    if literal is not None:
        if not is_public(literal):
            raise _forbidden(f"{host} is not a public address.")
        return
    name = host.lower().removesuffix(".")
    # Resolvers read 2130706433 and 0x7f.1 as 127.0.0.1: what ends in a number is no name.
    if not _HOST_NAME.fullmatch(name) or _NUMERIC_LABEL.fullmatch(name.rsplit(".", 1)[-1]):
        raise _forbidden(f"{host!r} is not the full name of a public host.")
    if name.endswith(_LOCAL_SUFFIXES):
        raise _forbidden(f"{host} is a name of a private network.")


def public_addresses(host: str, port: int) -> Sequence[IPAddress]:
    """The addresses that the host has right now, all of them public.

    One private address among them refuses the host: which one is used would be chance.
    Raises BackendError, retryable only when the name does not resolve.
    """
    check_host(host)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        message = f"The host {host} has no address: the name does not resolve."
        raise BackendError(message, True, ErrorCode.endpoint_unreachable) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for text in addresses:
        address = _literal(text)
        if address is None or not is_public(address):
            raise _forbidden(f"{host} leads into a private network ({text}).")
    return [ipaddress.ip_address(text) for text in addresses]


def is_public(address: IPAddress) -> bool:
    """Whether the address belongs to the public internet, and leads nowhere else from there."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None or address.scope_id is not None:
            return False
        if any(address in network for network in _TUNNELS) or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _literal(host: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _split(url: str) -> SplitResult:
    if any(character.isspace() or ord(character) < 0x20 or character == "\\" for character in url):
        raise _forbidden("The address contains characters that no address has.")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _forbidden("This is not a web address.") from None
    return parts


def _forbidden(message: str) -> BackendError:
    return BackendError(message, retryable=False, code=ErrorCode.endpoint_forbidden)
