"""What the columns of an unknown table probably are: by their names, then by their values."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stores.importers.column_names import plain_name, unit_of, unnumbered
from stores.importers.mapped_fields import (
    FIELD_OF_NAME,
    FIELD_OF_WEAK_NAME,
    FIELDS,
    OPTION_NAMES,
    STATUSES,
)

MOST = 0.8
MANY = 3
LEAST_GRAMS = 50
MAX_ATTRIBUTE_CHARACTERS = 200
SAMPLE_CHARACTERS = 1_000
Test = Callable[[str], object]

_URL = re.compile(r"https?://[^\s/]+/\S*", re.IGNORECASE)
_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|tiff?|svg)\b|/images?/", re.IGNORECASE)
_HTML = re.compile(r"<(?:p|br|div|ul|ol|li|b|strong|h[1-6]|span|table|img)\b[^<>]{0,500}>", re.I)
_DIGITS = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_MONEY = re.compile(r"[^\d\s]{0,4}\s?\d{1,7}(?:[.,]\d{3})*[.,]\d{2}\s?\D{0,4}")
_FLAG = re.compile(r"[01]|y|n|yes|no|true|false|on|off|ja|nein|oui|non|si|sí|是|否", re.I)
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ][\d:.+Z-]+)?")
_BARE = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?", re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


@dataclass(frozen=True, slots=True)
class Guess:
    """field: one of FIELDS. confidence: 0 to 1. reason: what tells so, for a person."""

    field: str
    confidence: float
    reason: str | Promise


BY_NAME = _("its name")
BY_LIKELY_NAME = _("a name like it")
BY_URLS = _("web addresses of pictures")
BY_BARCODES = _("numbers with a right check digit")
BY_HTML = _("texts with markup")
BY_MONEY = _("amounts of money")
BY_SLUGS = _("values like those in web addresses")
BY_OPTIONS = _("several rows of a product differ in it")
BY_FEW_VALUES = _("few different values")
BY_SHORT_VALUES = _("short values")
BY_FLAGS = _("dates, or yes and no")
BY_LONG_VALUES = _("long or always different values")
BY_STRUCTURE = _("values with parts of their own")
BY_SMALL_NUMBERS = _("small numbers with fractions")
BY_NOTHING = _("no values in the first rows")
BY_ANOTHER = _("another column fits better")


def guess_mapping(header: Sequence[str], sample_rows: Iterable[Sequence[str]]) -> dict[str, Guess]:
    """What each column probably is. sample_rows: cells of some rows below the header.

    A meaning that a product has once goes to the column that fits best. Columns without a name are
    left out; a name that occurs twice counts once.
    """
    rows = [list(row) for row in sample_rows]
    columns = {
        name: [row[i].strip()[:SAMPLE_CHARACTERS] for row in rows if i < len(row)]
        for i, name in reversed(list(enumerate(header)))
        if name.strip()
    }
    columns = {name: columns[name] for name in dict.fromkeys(header) if name in columns}
    guesses = {name: _guess(name, values) for name, values in columns.items()}
    return _options(_weights(_once(guesses, columns), columns), columns)


def _guess(name: str, values: Sequence[str]) -> Guess:
    filled = [value for value in values if value]
    named = _by_name(name)
    if named and named.confidence > 0.5 and _can_be(named.field, filled):
        return named
    return (
        _by_values(filled)
        or (named if named and _can_be(named.field, filled) else None)
        or (_rest(filled))
    )


def _by_name(name: str) -> Guess | None:
    plain = plain_name(name)
    bare = unnumbered(plain)
    for spelling, confidence in ((plain, 0.95), (bare, 0.85), (plain.replace(" ", ""), 0.8)):
        if spelling in FIELD_OF_NAME and spelling not in FIELD_OF_WEAK_NAME:
            return Guess(FIELD_OF_NAME[spelling], confidence, BY_NAME)
    if plain in FIELD_OF_WEAK_NAME:
        return Guess(FIELD_OF_WEAK_NAME[plain], 0.5, BY_LIKELY_NAME)
    endings = (" ".join(plain.split()[n:]) for n in range(1, 4))
    found = next((FIELD_OF_NAME[end] for end in endings if end in FIELD_OF_NAME), None)
    return Guess(found, 0.4, BY_LIKELY_NAME) if found and found != "title" else None


def _can_be(field: str, values: Sequence[str]) -> bool:
    """Whether the values do not speak against it."""
    if not values or field not in _CHECKS:
        return True
    return _share(values, _CHECKS[field]) >= 0.5


def _by_values(values: Sequence[str]) -> Guess | None:
    if not values:
        return Guess("cell", 0.3, BY_NOTHING)
    if len(values) > MANY and len(set(values)) == 1:
        return None
    for field, test, confidence, reason in _BY_VALUES:
        if _share(values, test) >= MOST:
            return Guess(field, confidence, reason)
    return None


def _rest(values: Sequence[str]) -> Guess:
    """An attribute if it says something about products, else a cell to keep."""
    counts = Counter(values)
    is_short = max(map(len, values)) <= MAX_ATTRIBUTE_CHARACTERS
    if _share(values, lambda value: value[:2] in ("[{", "[[", '{"')) >= 0.5:
        return Guess("cell", 0.3, BY_STRUCTURE)
    has_words = _share(values, lambda value: any(c.isalpha() for c in value)) >= 0.5
    if _share(values, _says_little) >= MOST or _share(values, _URL.match) >= MOST:
        return Guess("cell", 0.3, BY_FLAGS)
    if is_short and len(counts) <= max(2, 0.7 * len(values)) and len(values) > 2:
        return Guess("attribute", 0.4, BY_FEW_VALUES)
    if is_short and has_words:
        return Guess("attribute", 0.3, BY_SHORT_VALUES)
    return Guess("cell", 0.3, BY_LONG_VALUES)


def _once(guesses: Mapping[str, Guess], columns: Mapping[str, Sequence[str]]) -> dict[str, Guess]:
    """Every meaning that is not repeatable goes to the surest column, the first among equals."""
    best: dict[str, str] = {}
    for name, guess in guesses.items():
        rival = best.get(guess.field)
        if rival is None or guess.confidence > guesses[rival].confidence:
            best[guess.field] = name
    kept: dict[str, Guess] = {}
    for name, guess in guesses.items():
        is_kept = FIELDS[guess.field].is_repeatable or best[guess.field] == name
        filled = [value for value in columns[name] if value]
        is_text = guess.field == "description" or not filled
        rest = Guess("cell", 0.3, BY_NOTHING) if is_text else _rest(filled)
        kept[name] = guess if is_kept else Guess(rest.field, rest.confidence, BY_ANOTHER)
    return kept


def _weights(guesses: dict[str, Guess], columns: Mapping[str, Sequence[str]]) -> dict[str, Guess]:
    """Small numbers with fractions are kilograms where nothing says what they are."""
    if any(guess.field == "weight_unit" for guess in guesses.values()):
        return guesses
    for name, guess in guesses.items():
        numbers = [n for value in columns[name] if (n := _bare_number(value)) is not None]
        are_small = bool(numbers) and max(numbers) < LEAST_GRAMS
        has_fractions = any(number != int(number) for number in numbers)
        if guess.field == "weight" and not unit_of(name) and are_small and has_fractions:
            guesses[name] = Guess("weight_kg", 0.6, BY_SMALL_NUMBERS)
    return guesses


def _bare_number(text: str) -> float | None:
    return float(text.replace(",", ".")) if _BARE.fullmatch(text) else None


def _options(guesses: dict[str, Guess], columns: Mapping[str, Sequence[str]]) -> dict[str, Guess]:
    """Colour, size and the like are options where the rows of one product differ in them."""
    key = next((n for f in ("group", "handle") for n, g in guesses.items() if g.field == f), None)
    if key is None or len(set(columns[key])) == len(columns[key]):
        return guesses
    for name, guess in guesses.items():
        is_likely = guess.field == "attribute" and plain_name(name) in OPTION_NAMES
        if is_likely and _differs_within(columns[key], columns[name]):
            guesses[name] = Guess("option", 0.7, BY_OPTIONS)
    return guesses


def _differs_within(keys: Sequence[str], values: Sequence[str]) -> bool:
    pairs = set(zip(keys, values, strict=False))
    return len(pairs) > len({key for key, _value in pairs})


def _share(values: Sequence[str], test: Test) -> float:
    return sum(map(bool, map(test, values))) / len(values)


def has_check_digit(text: str) -> bool:
    """Whether it is a barcode of GS1 (EAN-8, UPC-A, EAN-13, GTIN-14) with a right check digit."""
    if not _DIGITS.fullmatch(text) or not text.strip("0"):
        return False
    weighted = (int(c) * (3 if n % 2 else 1) for n, c in enumerate(reversed(text)))
    return sum(weighted) % 10 == 0


def _is_image(text: str) -> bool:
    return bool(_URL.match(text) and _IMAGE.search(text))


def _says_little(text: str) -> bool:
    return bool(_FLAG.fullmatch(text) or _DATE.fullmatch(text))


def _is_number(text: str) -> bool:
    return any(c.isdigit() for c in text) and len(text) <= 40


def _is_slug(text: str) -> bool:
    return bool(_SLUG.fullmatch(text)) and any(c.isalpha() for c in text)


_CHECKS: dict[str, Test] = {
    "image": lambda text: text.lower().startswith(("http://", "https://")),
    "price": _is_number,
    "sale_price": _is_number,
    "compare_at_price": _is_number,
    "weight": _is_number,
    "barcode": _is_number,
    "status": lambda text: text.lower() in STATUSES,
    "currency": lambda text: len(text) <= 4,
    "weight_unit": lambda text: len(text) <= 12,
}
_BY_VALUES: tuple[tuple[str, Test, float, str | Promise], ...] = (
    ("image", _is_image, 0.8, BY_URLS),
    ("barcode", has_check_digit, 0.75, BY_BARCODES),
    ("description", _HTML.search, 0.6, BY_HTML),
    ("price", _MONEY.fullmatch, 0.45, BY_MONEY),
    ("handle", _is_slug, 0.4, BY_SLUGS),
)
