"""The columns of Shopify's product CSV, by the name that each had in the classic layout."""

import re
from dataclasses import dataclass
from typing import Literal

Level = Literal["product", "sku", "image"]


@dataclass(frozen=True, slots=True)
class Column:
    """name: the classic header. field: of ParsedProduct or ParsedSku, "" where we only keep the cell.

    level: whose cell it is. makes_sku: a row with something in it carries a SKU.
    """

    name: str
    level: Level
    field: str = ""
    makes_sku: bool = False


COLUMNS = (
    Column("Handle", "product", "handle"),
    Column("Title", "product", "title"),
    Column("Body (HTML)", "product", "description"),
    Column("Vendor", "product", "vendor"),
    Column("Product Category", "product", "category"),
    Column("Type", "product", "product_type"),
    Column("Tags", "product", "tags"),
    Column("Published", "product"),
    *(Column(f"Option{n} Name", "product", f"option_name_{n}") for n in (1, 2, 3)),
    *(Column(f"Option{n} Value", "sku", f"option_value_{n}", True) for n in (1, 2, 3)),
    *(Column(f"Option{n} Linked To", "product") for n in (1, 2, 3)),
    Column("Variant SKU", "sku", "code", True),
    Column("Variant Grams", "sku", "weight_grams", True),
    Column("Variant Inventory Tracker", "sku", makes_sku=True),
    Column("Variant Inventory Qty", "sku", makes_sku=True),
    Column("Variant Inventory Policy", "sku", makes_sku=True),
    Column("Variant Fulfillment Service", "sku", makes_sku=True),
    Column("Variant Price", "sku", "price_minor", True),
    Column("Variant Compare At Price", "sku", "compare_at_price_minor", True),
    Column("Variant Requires Shipping", "sku", makes_sku=True),
    Column("Variant Taxable", "sku", makes_sku=True),
    Column("Variant Barcode", "sku", "barcode", True),
    Column("Image Src", "image", "url"),
    Column("Image Position", "image", "position"),
    Column("Image Alt Text", "image", "alt_text"),
    Column("Gift Card", "product"),
    Column("SEO Title", "product"),
    Column("SEO Description", "product"),
    Column("Google Shopping / Google Product Category", "product"),
    Column("Google Shopping / Gender", "product", "attributes"),
    Column("Google Shopping / Age Group", "product", "attributes"),
    Column("Variant Image", "sku", "image_url", True),
    Column("Variant Weight Unit", "sku"),
    Column("Variant Tax Code", "sku"),
    Column("Cost per item", "sku"),
    Column("Status", "product", "status"),
)
OTHER_NAMES = {
    "URL handle": "Handle",
    "Description": "Body (HTML)",
    "Body HTML": "Body (HTML)",
    "Standardized Product Type": "Product Category",
    "Custom Product Type": "Type",
    "Product type": "Type",
    "Published on online store": "Published",
    "SKU": "Variant SKU",
    "Barcode": "Variant Barcode",
    "Price": "Variant Price",
    "Compare-at price": "Variant Compare At Price",
    "Charge tax": "Variant Taxable",
    "Tax code": "Variant Tax Code",
    "Inventory tracker": "Variant Inventory Tracker",
    "Inventory quantity": "Variant Inventory Qty",
    "Continue selling when out of stock": "Variant Inventory Policy",
    "Weight value (grams)": "Variant Grams",
    "Weight unit for display": "Variant Weight Unit",
    "Requires shipping": "Variant Requires Shipping",
    "Fulfillment service": "Variant Fulfillment Service",
    "Product image URL": "Image Src",
    "Variant image URL": "Variant Image",
}
# The name ends in \S, so that a long run of spaces is not split in every way there is.
ATTRIBUTE = re.compile(r"(?P<name>.*\S)\s*\((?:product\.metafields|metafield:product)\.[^()]+\)")

_BY_NAME = {column.name.casefold(): column for column in COLUMNS} | {
    other.casefold(): column
    for other, name in OTHER_NAMES.items()
    for column in COLUMNS
    if column.name == name
}


def column_of(header: str) -> Column:
    """The column that a header names; one that we do not know belongs to the SKU of its row."""
    known = _BY_NAME.get(" ".join(header.split()).casefold())
    if known:
        return known
    if ATTRIBUTE.fullmatch(header):
        return Column(header, "product", "attributes")
    return Column(header, "sku")


def attribute_name(header: str) -> str:
    """`Material` of `Material (product.metafields.custom.material)`."""
    found = ATTRIBUTE.fullmatch(header)
    return found["name"] if found else header.removeprefix("Google Shopping / ")
