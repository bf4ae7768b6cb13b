"""Free ports on the loopback address, remembered so that a second start uses the same ones."""

import json
import secrets
import socket
import time
from pathlib import Path

from embedded.errors import EmbeddedError

LOOPBACK = "127.0.0.1"
CANDIDATES = range(20_000, 32_000)
GRACE_SECONDS = 5.0


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether nothing listens on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def choose_ports(remembered: Path, names: tuple[str, ...]) -> None:
    """Keep a free port for each name in the file `remembered`: the old one if nobody took it."""
    known = known_ports(remembered)
    ports = {name: known.get(name, 0) for name in names}
    for name, port in ports.items():
        if not port or not _becomes_free(port):
            ports[name] = find_free_port()
    remembered.write_text(json.dumps(ports, indent=1))


def known_ports(remembered: Path) -> dict[str, int]:
    """The ports in the file; empty without one."""
    ports: dict[str, int] = json.loads(remembered.read_text()) if remembered.exists() else {}
    return ports


def _becomes_free(port: int) -> bool:
    """A server whose parent was killed a moment ago may still be shutting down."""
    deadline = time.monotonic() + GRACE_SECONDS
    while not is_free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def find_free_port() -> int:
    """A port that nobody uses at present, below those that outgoing connections take."""
    for _ in range(1000):
        port = secrets.choice(CANDIDATES)
        if is_free(port):
            return port
    raise EmbeddedError(f"No free port from {CANDIDATES[0]} to {CANDIDATES[-1]} was found.")
