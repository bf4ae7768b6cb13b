"""What `make up` will do, read from the environment: addresses, folders, who sees which secret."""

import ipaddress
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from embedded.errors import EmbeddedError

ROOT = Path(__file__).resolve().parents[2]
ROLE_URLS = ("DATABASE_WORKER_URL", "DATABASE_OWNER_URL", "DATABASE_STAFF_URL")
SECRETS = (
    "DATABASE_URL",
    *ROLE_URLS,
    "DATABASE_BACKUP_URL",
    "DATABASE_SUPERUSER_URL",
)
WEB = "DATABASE_URL"
# A process gets the database credentials of its own role and no others.
MAY_SEE = {
    "config.settings.web": {WEB},
    "config.settings.worker": {WEB, "DATABASE_WORKER_URL"},
    "config.settings.admin": {WEB, "DATABASE_STAFF_URL"},
}


@dataclass(frozen=True)
class Plan:
    """One start of Copydesk. `given` is the user's environment, which always wins."""

    given: Mapping[str, str]
    data: Path
    host: str
    port: int
    admin_port: int
    demo: bool

    @property
    def web_url(self) -> str:
        """Where a browser on this machine finds the dashboard."""
        return f"http://{_for_browser(self.host)}:{self.port}"

    @property
    def admin_url(self) -> str:
        """Where a browser on this machine finds the platform's admin."""
        return f"http://{_for_browser(self.host)}:{self.admin_port}"

    @property
    def uses_own_database(self) -> bool:
        """Whether the user brings a PostgreSQL."""
        return WEB in self.given

    @property
    def uses_own_broker(self) -> bool:
        """Whether the user brings a broker."""
        return "CELERY_BROKER_URL" in self.given

    @property
    def needs_builtin_model(self) -> bool:
        """Whether the model that comes with Copydesk will be loaded."""
        backend = self.given.get("GENERATION_BACKEND", "transformers")
        return backend == "transformers" and self.given.get("GENERATION_MODEL") in (None, "builtin")

    def full_environment(self, served: Mapping[str, str]) -> dict[str, str]:
        """Everything, for the steps that prepare the database. served: what the servers say."""
        own = {
            "COPYDESK_DATA_DIR": str(self.data),
            "COPYDESK_HOST": self.host,
            "COPYDESK_PORT": str(self.port),
            "COPYDESK_ADMIN_PORT": str(self.admin_port),
            "COPYDESK_DEMO": "1" if self.demo else "0",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
            "PYTHONUNBUFFERED": "1",
            # Spinning threads on busy cores made inference eight times slower.
            "OMP_WAIT_POLICY": "passive",
        }
        return {**served, **self.given, **own}

    def environment_of(self, settings: str, full: Mapping[str, str]) -> dict[str, str]:
        """What a process with these settings gets to see of `full_environment`."""
        hidden = set(SECRETS) - MAY_SEE[settings]
        seen = {name: value for name, value in full.items() if name not in hidden}
        return {**seen, "DJANGO_SETTINGS_MODULE": settings}


def make_plan(given: Mapping[str, str]) -> Plan:
    """The plan that an environment asks for; raises EmbeddedError where it contradicts itself."""
    host = given.get("COPYDESK_HOST", "127.0.0.1")
    plan = Plan(
        given=given,
        data=Path(given.get("COPYDESK_DATA_DIR", ROOT / "var")).resolve(),
        host=host,
        port=_port(given, "COPYDESK_PORT", 8000),
        admin_port=_port(given, "COPYDESK_ADMIN_PORT", 8001),
        demo=_wants_demo(given, host),
    )
    if plan.port == plan.admin_port:
        raise EmbeddedError("COPYDESK_PORT and COPYDESK_ADMIN_PORT are the same.")
    lacking = [name for name in ROLE_URLS if plan.uses_own_database and name not in given]
    if lacking:
        raise EmbeddedError(f"DATABASE_URL is set, so these must be, too: {', '.join(lacking)}.")
    return plan


def manage(*arguments: str) -> list[str]:
    """The command line of a management command."""
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _wants_demo(given: Mapping[str, str], host: str) -> bool:
    asked = given.get("COPYDESK_DEMO")
    if is_loopback(host):
        return asked not in ("0", "no", "false")
    if asked in ("1", "yes", "true"):
        raise EmbeddedError(
            f"The demo is refused on {host}: others could reach it, and it logs in with a link. "
            "Unset COPYDESK_HOST for the demo, or COPYDESK_DEMO for a real installation."
        )
    return False


def _port(given: Mapping[str, str], name: str, usual: int) -> int:
    text = given.get(name, str(usual))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise EmbeddedError(f"{name} is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def _for_browser(host: str) -> str:
    if host in ("0.0.0.0", "::", "[::]"):  # noqa: S104 (compared with, not bound)
        return "127.0.0.1"
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
