"""Reading the environment: the only place where a process learns its secrets and addresses."""

import ipaddress
import os
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured


def flag(name: str) -> bool:
    """True if the variable is set to 1, true, yes or on."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def secret(name: str) -> str:
    """The variable's value; raises ImproperlyConfigured if it is not set."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set {name} (make up keeps one in var/secrets.json).")
    return value


def database(name: str, *, pool: bool = False) -> dict[str, Any]:
    """Django's settings of the database that a URL names, on the scope-aware backend.

    pool: keep a pool of connections in the process; only where nothing forks after the first query.
    """
    parsed: dict[str, Any] = dict(dj_database_url.parse(secret(name)))
    parsed["ENGINE"] = "tenants.postgres"
    options = parsed.setdefault("OPTIONS", {})
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    else:
        parsed["CONN_MAX_AGE"] = 300
        parsed["CONN_HEALTH_CHECKS"] = True
    return parsed


def loopback(host: str) -> bool:
    """True if the host is this machine's own address and nobody else can reach it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
