"""Which formats there are: every module of this folder with an `IMPORTER`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from stores import importers
from stores.importers.base import Importer, UnreadableFile
from stores.importers.other_files import refuse_others
from stores.importers.source import Source

LEAST_CONFIDENCE = 0.5
MAPPED = "mapped"


@cache
def all_importers() -> dict[str, Importer]:
    """The importers by name."""
    modules = [
        import_module(f"{importers.__name__}.{m.name}") for m in iter_modules(importers.__path__)
    ]
    found = [module.IMPORTER for module in modules if hasattr(module, "IMPORTER")]
    return {importer.name: importer for importer in found}


def importer_for(source: Source) -> Importer | None:
    """The importer that a person has chosen, or else the one that recognises the file best.

    None for a table or list that none recognises: a person has to say what its columns are.
    Raises UnreadableFile, saying why, for every other file.
    """
    kind = source.kind
    chosen = MAPPED if source.options.mapping is not None else source.options.format
    if chosen in all_importers():
        return all_importers()[chosen]
    candidates = [(i.recognises(source), i.name, i) for i in all_importers().values()]
    confidence, _, importer = max(candidates, key=lambda c: c[:2])
    if confidence >= LEAST_CONFIDENCE:
        return importer
    if kind == "html":
        raise UnreadableFile("html_unknown")
    refuse_others(source)
    if not source.table().sample:
        raise UnreadableFile("no_products")
    return None
