"""A Shopify product file as large as wanted: 25 columns, three rows a product, seeded."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

HEADER = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags"),
    *("Published", "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value"),
    *("Variant SKU", "Variant Grams", "Variant Inventory Qty", "Variant Price"),
    *("Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable"),
    *("Variant Barcode", "Image Src", "Image Position", "Image Alt Text"),
    *("Material (product.metafields.custom.material)", "Status"),
)
ROWS_PER_PRODUCT = 3
DESCRIPTION_CHARACTERS = 600
INVALID_SHARE = 0.03
SEED = 20_26
WORDS = (
    *("stoneware", "cork", "glazed", "hand", "thrown", "kiln", "fired", "matt", "warm", "quiet"),
    *("morning", "table", "shelf", "linen", "washed", "oak", "oiled", "brass", "steel", "wool"),
    *("woven", "dyed", "soft", "heavy", "light", "small", "wide", "tall", "round", "square"),
)
KINDS = ("Mug", "Bowl", "Jacket", "Lamp", "Blanket", "Board", "Satchel", "Candle", "Chair", "Pot")
VENDORS = tuple(f"Vendor {n}" for n in range(60))
MATERIALS = ("stoneware", "oak", "brass", "wool", "linen", "steel", "glass", "leather")
COLOURS = ("Forest", "Sand", "Slate")
# A cell of each of these columns is spoiled in an invalid row.
FAULTS = (
    ("Variant Price", "twelve"),
    ("Variant Grams", "heavy"),
    ("Image Src", "not an address"),
    ("Image Position", "first"),
)


def write_file(path: Path, n_rows: int) -> int:
    """Write the file; how many of its rows are invalid."""
    n_invalid = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for row, is_invalid in rows(n_rows):
            n_invalid += is_invalid
            writer.writerow(row)
    return n_invalid


def rows(n_rows: int) -> Iterator[tuple[list[str], bool]]:
    """Rows below the header, each with whether it is invalid."""
    chance = random.Random(SEED)
    for n in range(n_rows):
        product, place = divmod(n, ROWS_PER_PRODUCT)
        cells = _cells(chance, product, place)
        is_invalid = chance.random() < INVALID_SHARE
        if is_invalid:
            column, text = chance.choice(FAULTS)
            cells[column] = text
        yield [cells.get(name, "") for name in HEADER], is_invalid


def _cells(chance: random.Random, product: int, place: int) -> dict[str, str]:
    price = chance.randrange(500, 20_000)
    cells = {
        "Handle": f"product-{product}",
        "Option1 Value": COLOURS[place],
        "Option2 Value": "One size",
        "Variant SKU": f"SKU-{product}-{place}",
        "Variant Grams": str(chance.randrange(50, 5_000)),
        "Variant Inventory Qty": str(chance.randrange(200)),
        "Variant Price": f"{price / 100:.2f}",
        "Variant Compare At Price": f"{(price + 500) / 100:.2f}" if place else "",
        "Variant Requires Shipping": "TRUE",
        "Variant Taxable": "TRUE",
        "Variant Barcode": f"{4_000_000_000_000 + product * 3 + place}",
        "Image Src": f"https://cdn.example.com/files/{product}-{place}.jpg",
        "Image Position": str(place + 1),
        "Image Alt Text": f"Picture {place + 1}",
    }
    return (_leading(chance, product) | cells) if place == 0 else cells


def _leading(chance: random.Random, product: int) -> dict[str, str]:
    kind = chance.choice(KINDS)
    return {
        "Title": f"{chance.choice(WORDS).title()} {kind} {product}",
        "Body (HTML)": _description(chance),
        "Vendor": chance.choice(VENDORS),
        "Product Category": f"Home & Garden > {kind}s",
        "Type": kind,
        "Tags": ", ".join(sorted(chance.sample(WORDS, 3))),
        "Published": "TRUE",
        "Option1 Name": "Colour",
        "Option2 Name": "Size",
        "Material (product.metafields.custom.material)": chance.choice(MATERIALS),
        "Status": "active",
    }


def _description(chance: random.Random) -> str:
    """Paragraphs, a list and some bold words, DESCRIPTION_CHARACTERS long."""
    start, end = "<p>", "</li></ul>"
    middle = "</p><ul><li>Care: <strong>hand wash</strong></li><li>"
    text = ""
    while len(text) < DESCRIPTION_CHARACTERS:
        text += " ".join(chance.choices(WORDS, k=9)).capitalize() + ". "
    room = DESCRIPTION_CHARACTERS - len(start + middle + end)
    half = room * 2 // 3
    return f"{start}{text[:half].strip():.<{half}}{middle}{text[half:room].strip():.<{room - half}}{end}"
