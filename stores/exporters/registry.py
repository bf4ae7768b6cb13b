"""Which formats there are: every module of this folder with an `EXPORTER`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from django.utils.translation import gettext as _

from stores import exporters
from stores.exporters.base import Exporter
from tenants.errors import DomainError

# Where somebody has to choose: what shops take back first, then what programs read.
ORDER = ("shopify_csv", "woocommerce_csv", "google_xml", "google_tsv", "csv", "jsonl")


@cache
def all_exporters() -> dict[str, Exporter]:
    """The exporters by name, in the order in which people see them."""
    modules = [
        import_module(f"{exporters.__name__}.{m.name}") for m in iter_modules(exporters.__path__)
    ]
    found = [module.EXPORTER for module in modules if hasattr(module, "EXPORTER")]
    places = {name: place for place, name in enumerate(ORDER)}
    found.sort(key=lambda one: (places.get(one.name, len(places)), one.name))
    return {exporter.name: exporter for exporter in found}


def exporter_named(name: str) -> Exporter:
    """The exporter of this name; raises DomainError format_unknown."""
    exporter = all_exporters().get(name)
    if exporter is None:
        message = _("There is no export format called “%(name)s”.") % {"name": name[:60]}
        raise DomainError("format_unknown", message, status=422)
    return exporter
