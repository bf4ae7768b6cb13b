"""How long the texts of a catalogue may be: what the columns of the models hold."""

from stores.models import Product, ProductImage, Sku

MAX_DESCRIPTION_CHARACTERS = 50_000
MAX_ATTRIBUTE_CHARACTERS = 5_000
MAX_TAGS = 250
MAX_ROWS_PER_PRODUCT = 3_000
MAX_POSITION = 2**31 - 1

_MODELLED = {
    Product: ("handle", "title", "vendor", "product_type", "category"),
    Sku: ("code", "barcode"),
    ProductImage: ("url", "alt_text"),
}
MAX_CHARACTERS: dict[str, int] = {
    name: model._meta.get_field(name).max_length or 0
    for model, names in _MODELLED.items()
    for name in names
} | {
    "description": MAX_DESCRIPTION_CHARACTERS,
    "attributes": MAX_ATTRIBUTE_CHARACTERS,
    "tag": 255,
    "option": 255,
    "image_url": ProductImage._meta.get_field("url").max_length or 0,
}
