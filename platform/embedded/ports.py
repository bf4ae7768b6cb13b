"""Free ports on the loopback address, remembered so that a second start uses the same ones."""

import json
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"


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
        if not port or not is_free(port):
            ports[name] = _any_free_port()
    remembered.write_text(json.dumps(ports, indent=1))


def known_ports(remembered: Path) -> dict[str, int]:
    """The ports in the file; empty without one."""
    ports: dict[str, int] = json.loads(remembered.read_text()) if remembered.exists() else {}
    return ports


def _any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
