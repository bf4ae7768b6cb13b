"""How long the texts of a catalogue may be: what the columns of the models hold."""

MAX_DESCRIPTION_CHARACTERS = 50_000
MAX_ATTRIBUTE_CHARACTERS = 5_000
MAX_TAGS = 250
MAX_ROWS_PER_PRODUCT = 3_000
MAX_POSITION = 2**31 - 1


MAX_CHARACTERS = {
    "handle": 255,
    "title": 255,
    "vendor": 255,
    "product_type": 255,
    "category": 500,
    "tag": 255,
    "option": 255,
    "code": 255,
    "barcode": 64,
    "url": 2_000,
    "alt_text": 512,
    "description": MAX_DESCRIPTION_CHARACTERS,
    "attributes": MAX_ATTRIBUTE_CHARACTERS,
}
