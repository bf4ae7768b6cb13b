"""What a product can be found by: its words, codes, tags and attributes as lexemes.

Every lexeme starts with its merchant's key, so that a search never walks through the postings of
others, however common the word: `17:mug` is another lexeme than `18:mug`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from stores.catalogue.bulk import Row
from stores.importers.attribute_values import write_value
from stores.models import Product, Sku

MAX_WORD_CHARACTERS = 60
MAX_FACET_CHARACTERS = 120
MAX_WORDS = 600
MAX_CODES = 1_000
# Folding may make 18 letters of one; a lexeme holds 2,046 bytes, a document 1 MiB.
MAX_CODE_BYTES = 1_000
MAX_DOCUMENT_BYTES = 900_000
MANY_LEXEMES = 800
MERCHANT_BYTES = 20
# Words of these are written without spaces: a search looks for pairs of characters.
_UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_UNSPACED += "\U00020000-\U0003fffd"
_TOKEN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_SPACE = re.compile(r"\s+")
_BETWEEN = "\x00"  # in no lexeme: the database stores no such text


def fold(text: str) -> str:
    """The text without case, accents and widths: `Ｃafé` is `cafe`, like `CAFE`."""
    if text.isascii():
        return text.lower()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", plain)


def tokens_of(folded: str) -> list[str]:
    """Words, and runs of characters that are written without spaces."""
    return _TOKEN.findall(folded)


def is_unspaced(token: str) -> bool:
    """Whether it is a run of Chinese or Japanese characters."""
    return bool(_IS_UNSPACED.match(token))


def pairs_of(run: str) -> list[str]:
    """The neighbours in a run of characters: 陶瓷杯 has 陶瓷 and 瓷杯."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def code_of(text: str) -> str:
    """A SKU, barcode or handle as it is looked up: whole, unless it is endless, without spaces."""
    code = _SPACE.sub("", fold(text))
    return code.encode("utf-8", "ignore")[:MAX_CODE_BYTES].decode("utf-8", "ignore")


@lru_cache(maxsize=20_000)
def tag_lexeme(tag: str) -> str:
    """What a product with this tag has."""
    return f"tag={fold(tag)[:MAX_FACET_CHARACTERS]}"


def attribute_lexeme(name: str, value: str = "") -> str:
    """What a product with this value of the attribute has, or with any where none is given."""
    return f"a={fold(name.strip())}={fold(value.strip())}"[:MAX_FACET_CHARACTERS]


def document_of(product: Product | Row, skus: Iterable[Sku | Row]) -> tuple[set[str], set[str]]:
    """(lexemes without their merchant, those of them that are words to correct typing errors by)."""
    words = set(_words_of(product.title))
    for text in (product.vendor, product.product_type, product.category, *product.tags):
        words |= _known_words_of(text)
    facets = set(map(tag_lexeme, product.tags))
    for attribute in product.attributes:
        for text in _attribute_texts(attribute):
            facets |= _attribute_facets(attribute["name"], text)
            if len(text) <= MAX_FACET_CHARACTERS:
                words |= _known_words_of(text)
    codes = {code_of(product.handle)}
    for sku in list(skus)[:MAX_CODES]:
        codes.update(code_of(code) for code in (sku.code, sku.barcode) if code)
        for option in sku.options:
            words |= _known_words_of(option)
    words = set(sorted(words)[:MAX_WORDS]) if len(words) > MAX_WORDS else words
    lexemes = words | facets | codes
    if len(lexemes) > MANY_LEXEMES:
        lexemes = _fitting([*sorted(words), *sorted(codes), *sorted(facets)])
    return lexemes, {word for word in words if _can_be_misspelt(word)}


def _fitting(lexemes: Iterable[str]) -> set[str]:
    """Of these lexemes the first that a document has room for."""
    found: set[str] = set()
    room = MAX_DOCUMENT_BYTES
    for lexeme in lexemes:
        room -= len(lexeme.encode()) + MERCHANT_BYTES
        if room < 0:
            break
        found.add(lexeme)
    return found


def tsvector_of(merchant_id: int, lexemes: Iterable[str]) -> str:
    """The document as PostgreSQL reads it."""
    escaped = _escaped(_BETWEEN.join(lexemes))
    between = escaped.replace(_BETWEEN, f"' '{merchant_id}:")
    return f"'{merchant_id}:{between}'"


def quoted(merchant_id: int, lexeme: str) -> str:
    """A lexeme of the merchant as a tsquery reads it."""
    return f"'{merchant_id}:{_escaped(lexeme)}'"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "''")


def _words_of(text: str) -> Iterator[str]:
    for token in tokens_of(fold(text)):
        if is_unspaced(token):
            yield from pairs_of(token)
            yield token[-1]  # so that `杯*` finds the last character of a run too
        else:
            yield token[:MAX_WORD_CHARACTERS]


@lru_cache(maxsize=20_000)
def _known_words_of(text: str) -> frozenset[str]:
    """Vendors, types, tags and values repeat from product to product."""
    return frozenset(_words_of(text))


def _attribute_texts(attribute: dict[str, Any]) -> list[str]:
    value = attribute["value"]
    unit = attribute.get("unit")
    return [write_value(one, unit) for one in (value if isinstance(value, list) else [value])]


@lru_cache(maxsize=20_000)
def _attribute_facets(name: str, text: str) -> frozenset[str]:
    return frozenset([attribute_lexeme(name), attribute_lexeme(name, text)])


def _can_be_misspelt(word: str) -> bool:
    return len(word) > 3 and word.isalpha() and not is_unspaced(word)
