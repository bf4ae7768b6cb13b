"""What the elements of a Google Merchant feed, and the columns of its tables, mean to us."""

import re
from functools import lru_cache

from stores.importers.column_names import plain_name

NAMESPACE = "http://base.google.com/ns/1.0"
# Where the variants of an item group may differ, in the order in which a shop shows them.
OPTIONS = (
    *("color", "size", "material", "pattern", "gender", "age_group", "size_type", "size_system"),
)
ATTRIBUTES = {
    **{name: name.replace("_", " ").capitalize() for name in OPTIONS},
    "product_length": "Length",
    "product_width": "Width",
    "product_height": "Height",
    "product_weight": "Weight",
    "energy_efficiency_class": "Energy efficiency class",
    "unit_pricing_measure": "Contents",
    "multipack": "Multipack",
    "product_highlight": "Highlights",
}
# Texts of the product as a whole; a variant that says something else keeps its own in its cells.
TEXTS = {
    "title": "title",
    "description": "description",
    "brand": "vendor",
    "product_type": "product_type",
    "google_product_category": "category",
}
IMAGES = ("image_link", "additional_image_link")
STRUCTURED = {"structured_title": "title", "structured_description": "description"}
AI_SOURCE = "trained_algorithmic_media"
FIELDS = {
    **{name: {field} for name, field in TEXTS.items()},
    **{name: {field} for name, field in STRUCTURED.items()},
    **{name: {"attributes", "sku.options"} for name in OPTIONS},
    **{name: {"attributes"} for name in ATTRIBUTES if name not in OPTIONS},
    "product_detail": {"attributes"},
    "id": {"handle", "sku.code"},
    "item_group_id": {"handle", "sku.options"},
    "gtin": {"sku.barcode"},
    "price": {"sku.price_minor"},
    "sale_price": {"sku.price_minor", "sku.compare_at_price_minor"},
    "shipping_weight": {"sku.weight_grams"},
    "image_link": {"images", "sku.image_url"},
    "additional_image_link": {"images"},
}
OTHER_NAMES = {"upc": "gtin", "ean": "gtin", "summary": "description", "content": "description"}
# By these a table is known as a feed; a shop's own table may have some of them, not most.
TELLING = frozenset(
    ["image_link", "item_group_id", "google_product_category", "additional_image_link"]
    + ["availability", "sale_price", "gtin", "mpn", "condition", "structured_title", "age_group"]
    + ["structured_description", "product_detail", "shipping_weight", "identifier_exists"]
    + ["custom_label_0", "mobile_link", "brand", "shipping", "is_bundle", "adult", "size_system"]
)
_TYPED = re.compile(r"\((?:string|text|number|price|url|boolean|date)\)")


@lru_cache(maxsize=2_000)
def name_of(header: str) -> str:
    """The attribute that a column or an element names: `Image Link` and `g:image_link` are one."""
    text = _TYPED.sub("", header.strip()).removeprefix("g:")
    name = plain_name(text).replace(" ", "_")
    return OTHER_NAMES.get(name, name)


def fields_of(names: "frozenset[str] | set[str]") -> frozenset[str]:
    """The fields that a feed with these attributes can fill."""
    found = set().union(*(FIELDS.get(name, set()) for name in names))
    return frozenset(found | {"skus", "sku.options"})


def is_modelled(name: str) -> bool:
    """Whether we give it back from fields of ours, and not from cells alone."""
    return name in FIELDS and name not in STRUCTURED and name != "item_group_id"
