"""Which formats there are: every module of this folder with an `IMPORTER`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from stores import importers
from stores.importers.base import Importer, Sample, UnreadableFile
from stores.importers.file_kind import refuse_other_kinds

LEAST_CONFIDENCE = 0.5
SHOWN_COLUMNS = 12


@cache
def all_importers() -> dict[str, Importer]:
    """The importers by name."""
    modules = [
        import_module(f"{importers.__name__}.{m.name}") for m in iter_modules(importers.__path__)
    ]
    found = [module.IMPORTER for module in modules if hasattr(module, "IMPORTER")]
    return {importer.name: importer for importer in found}


def importer_for(sample: Sample) -> Importer:
    """The importer that recognises a file best; raises UnreadableFile, saying why none does."""
    refuse_other_kinds(sample)
    candidates = [(i.recognises(sample), i.name, i) for i in all_importers().values()]
    confidence, _, importer = max(candidates, key=lambda c: c[:2])
    if confidence < LEAST_CONFIDENCE:
        raise _unknown(sample)
    return importer


def _unknown(sample: Sample) -> UnreadableFile:
    """Why nobody recognises the file, in words that help to mend it."""
    text = sample.head.decode("utf-8-sig", errors="replace").lstrip()
    line = text.splitlines()[0] if text else ""
    for delimiter, shown in ((";", "“;”"), ("\t", "TAB"), ("|", "“|”")):
        if line.count(delimiter) > line.count(","):
            return UnreadableFile("other_delimiter", row=1, delimiter=shown)
    names = [name.strip(" \"'")[:40] for name in line.replace("\0", "").split(",")]
    return UnreadableFile("format_unknown", row=1, columns=", ".join(names[:SHOWN_COLUMNS]))
