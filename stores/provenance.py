"""Where a text comes from, in words."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from stores.models import CopyVersion

SHOWN_CHARACTERS = 12


def provenance_facts(version: CopyVersion) -> list[tuple[str, Any]]:
    """Pairs of name and value for a page; only those that the version knows."""
    known = version.provenance
    sampling = known.get("sampling") or {}
    pairs = [
        (_("Model"), known.get("model")),
        (_("Revision"), str(known.get("revision") or "")[:SHOWN_CHARACTERS]),
        (_("Prompt"), known.get("prompt_version")),
        (_("Seed"), known.get("seed", sampling.get("seed"))),
        (_("Temperature"), known.get("temperature", sampling.get("temperature"))),
        (_("Tone"), known.get("tone") or (known.get("brief") or {}).get("tone")),
        (_("File"), known.get("file")),
        (_("Row"), known.get("row")),
        (_("Column"), known.get("column")),
        (_("Edited by a person"), _share(version.edited_share)),
    ]
    return [(name, value) for name, value in pairs if value not in (None, "")]


def _share(share: float | None) -> str:
    if share is None:
        return ""
    return _("%(percent)s%% of the characters") % {"percent": number_format(100 * share, 0)}
