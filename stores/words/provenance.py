"""Where a text comes from, in words."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from stores.models import CopyVersion, Product
from stores.templatetags.shop import attribute_value, origin_words

SHOWN_CHARACTERS = 12


def provenance_facts(version: CopyVersion) -> list[tuple[str, Any]]:
    """Pairs of name and value for a page; only those that the version knows."""
    known = version.provenance
    sampling, brief = known.get("sampling") or {}, known.get("brief") or {}
    model = known.get("model") or {}
    pairs = [
        (_("Model"), model.get("id")),
        (_("Revision"), str(model.get("revision") or "")[:SHOWN_CHARACTERS]),
        (_("Device"), model.get("device")),
        (_("Prompt"), known.get("prompt_version")),
        (_("Seed"), sampling.get("seed")),
        (_("Temperature"), sampling.get("temperature")),
        (_("Tone"), brief.get("tone")),
        (_("Length"), brief.get("length")),
        (_("Instructions"), brief.get("instructions")),
        (_("File"), known.get("file")),
        (_("Row"), known.get("row")),
        (_("Column"), known.get("column")),
        (_("Edited by a person"), _share(version.edited_share)),
    ]
    return [(name, value) for name, value in pairs if value not in (None, "")]


def source_facts(product: Product) -> list[tuple[str, str, str]]:
    """What a text may say beside the product's title: name, value, where the value comes from."""
    tags = ", ".join(product.tags)
    own = [(_("Vendor"), product.vendor), (_("Type"), product.product_type), (_("Tags"), tags)]
    facts = [(name, value, "") for name, value in own if value]
    return facts + [(a["name"], attribute_value(a), origin_words(a)) for a in product.attributes]


def _share(share: float | None) -> str:
    if share is None:
        return ""
    return _("%(percent)s%% of the characters") % {"percent": number_format(100 * share, 0)}
