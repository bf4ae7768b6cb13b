"""Items of a WordPress export (WXR) as rows of WooCommerce's product CSV."""

from collections.abc import Mapping, Sequence
from typing import Any

from stores.importers.csv_rows import Row
from stores.importers.woocommerce_cells import write_html, write_list
from stores.importers.woocommerce_columns import attribute_column
from stores.importers.wordpress_php import unserialized
from stores.importers.xml_nodes import Node

MAX_ATTRIBUTES = 20
# Of a product the export has these as they stand in the CSV; the shop's units it does not tell:
# kilograms and centimetres are what WooCommerce begins with.
METAS = {
    "SKU": "_sku",
    "GTIN, UPC, EAN, or ISBN": "_global_unique_id",
    "Regular price": "_regular_price",
    "Sale price": "_sale_price",
    "Weight (kg)": "_weight",
    "Length (cm)": "_length",
    "Width (cm)": "_width",
    "Height (cm)": "_height",
    "Tax status": "_tax_status",
    "Stock": "_stock",
    "Purchase note": "_purchase_note",
    "External URL": "_product_url",
    "Button text": "_button_text",
}
HEADER = (
    *("ID", "Type", "Name", "Published", "Short description", "Description"),
    *("Categories", "Tags", "Brands", "Images", "Parent", "Position", "In stock?"),
    *METAS,
    *(
        attribute_column(n, part)
        for n in range(1, MAX_ATTRIBUTES + 1)
        for part in ("name", "value")
    ),
)
Item = dict[str, Any]


def item_of(node: Node) -> Item:
    """The parts of an item that matter: texts by name, metas by key, and terms by taxonomy."""
    texts: dict[str, str] = {"line": str(node.line)}
    metas: dict[str, str] = {}
    terms: dict[str, list[list[str]]] = {}
    for child in node.children:
        if child.name == "postmeta":
            parts = {part.name: part.text for part in child.children}
            metas[parts.get("meta_key", "")] = parts.get("meta_value", "")
        elif child.name == "category":
            named = child.attributes
            pair = [named.get("nicename", ""), child.text]
            terms.setdefault(named.get("domain", ""), []).append(pair)
        elif child.name == "encoded":
            texts["excerpt" if "excerpt" in child.space else "content"] = child.text
        else:
            texts.setdefault(child.name, child.text)
    return {"texts": texts, "metas": metas, "terms": terms}


def type_of(item: Item) -> str:
    """product, product_variation, attachment, or what else WordPress has."""
    return str(item["texts"].get("post_type", ""))


def rows_of(product: Item, variations: Sequence[Item], images: Mapping[str, str]) -> list[Row]:
    """The product's row and those of its variations. images: addresses by the ids of attachments."""
    attributes = _attributes(product)
    kinds = [text for _, text in product["terms"].get("product_type", ())]
    kind = "variable" if variations else (kinds or ["simple"])[0]
    own = {name: write_list(values) for name, values in attributes.items()}
    rows = [_row(product, kind, own, images)]
    for variation in variations:
        values = {name: write_list(found) for name, found in _chosen(variation, product).items()}
        rows.append(_row(variation, "variation", values, images))
    return rows


def image_ids(item: Item) -> list[str]:
    """The attachments that are pictures of the item, the main one first."""
    metas = item["metas"]
    listed = f"{metas.get('_thumbnail_id', '')},{metas.get('_product_image_gallery', '')}"
    return [number.strip() for number in listed.split(",") if number.strip()]


def _row(item: Item, kind: str, attributes: Mapping[str, str], images: Mapping[str, str]) -> Row:
    texts, metas = item["texts"], item["metas"]
    cells = {name: metas.get(key, "") for name, key in METAS.items()}
    parent = texts.get("post_parent", "0")
    cells |= {
        "ID": texts.get("post_id", ""),
        "Type": kind,
        "Name": texts.get("title", ""),
        "Published": "1" if texts.get("status") == "publish" else "-1",
        "Short description": write_html(texts.get("excerpt", "")),
        "Description": write_html(texts.get("content", "")),
        "Categories": _terms(item, "product_cat"),
        "Tags": _terms(item, "product_tag"),
        "Brands": _terms(item, "product_brand"),
        "Images": write_list(images[n] for n in image_ids(item) if n in images),
        "Parent": f"id:{parent}" if kind == "variation" else "",
        "Position": texts.get("menu_order", ""),
        "In stock?": "1" if metas.get("_stock_status", "instock") == "instock" else "0",
    }
    for n, (name, value) in enumerate(attributes.items(), start=1):
        cells[attribute_column(n, "name")] = name
        cells[attribute_column(n, "value")] = value
    return int(texts["line"]), [cells.get(name, "") for name in HEADER]


def _terms(item: Item, domain: str) -> str:
    return write_list(text for _, text in item["terms"].get(domain, ()))


def _attributes(product: Item) -> dict[str, list[str]]:
    """Values by name: of a taxonomy its terms, else what the product itself lists."""
    listed = unserialized(product["metas"].get("_product_attributes", ""))
    found: dict[str, list[str]] = {}
    for key, one in (listed if isinstance(listed, dict) else {}).items():
        if not isinstance(one, dict) or len(found) >= MAX_ATTRIBUTES:
            continue
        terms = [text for _, text in product["terms"].get(str(key), ())]
        own = [part.strip() for part in str(one.get("value") or "").split("|")]
        found[_label(str(one.get("name") or key))] = terms or [part for part in own if part]
    return found


def _chosen(variation: Item, product: Item) -> dict[str, list[str]]:
    """What a variation chooses of the product's attributes; the terms come as their short names."""
    labels = {}
    listed = unserialized(product["metas"].get("_product_attributes", ""))
    for key, one in (listed if isinstance(listed, dict) else {}).items():
        if isinstance(one, dict):
            labels[str(key)] = _label(str(one.get("name") or key))
    found: dict[str, list[str]] = {}
    for meta, value in variation["metas"].items():
        key = meta.removeprefix("attribute_")
        if key != meta and key in labels:
            terms = dict(product["terms"].get(key, ()))
            found[labels[key]] = [terms.get(value, value)] if value else []
    return found


def _label(name: str) -> str:
    """`pa_color` is the taxonomy of the attribute Color; its own name is not in the file."""
    if not name.startswith("pa_"):
        return name
    return name.removeprefix("pa_").replace("-", " ").replace("_", " ").capitalize()
