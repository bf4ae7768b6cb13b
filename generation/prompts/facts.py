"""What a prompt about a product may know, and what the merchant wants written."""

from dataclasses import dataclass
from enum import StrEnum

from generation.prompts.languages import language_named
from generation.prompts.normalise import as_data

Pairs = tuple[tuple[str, str], ...]

MAX_ATTRIBUTES = 40
MAX_TAGS = 20
_MAX_NAME, _MAX_TITLE, _MAX_VALUE, _MAX_TAGS_TEXT = 60, 255, 300, 300


class Tone(StrEnum):
    """How the text sounds."""

    neutral = "neutral"
    warm = "warm"
    premium = "premium"
    playful = "playful"
    concise = "concise"


class Length(StrEnum):
    """How long the text is; the numbers stand in `WORDS` and `CHARACTERS`."""

    short = "short"
    medium = "medium"
    long = "long"


WORDS = {Length.short: (30, 50), Length.medium: (60, 90), Length.long: (120, 160)}
CHARACTERS = {Length.short: (50, 80), Length.medium: (100, 150), Length.long: (200, 280)}


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """One product as the shop knows it; every text is raw and is made harmless by `lines`.

    options: name and values, such as ("Size", "S, M, L"). attributes: in the order that matters.
    price: as shown to a shopper, with its currency. locale: BCP 47, the language of the facts.
    """

    title: str
    vendor: str = ""
    product_type: str = ""
    options: Pairs = ()
    attributes: Pairs = ()
    tags: tuple[str, ...] = ()
    price: str = ""
    locale: str = ""

    def lines(self) -> list[str]:
        """`name: value` lines in a fixed order, without empty ones, each fit for a prompt."""
        tags = as_data(", ".join(self.tags[:MAX_TAGS]), _MAX_TAGS_TEXT)
        pairs = [
            ("title", as_data(self.title, _MAX_TITLE)),
            ("vendor", self.vendor),
            ("type", self.product_type),
            *self.attributes[:MAX_ATTRIBUTES],
            *self.options[:MAX_ATTRIBUTES],
            ("price", self.price),
            ("tags", tags),
        ]
        return [line for name, value in pairs if (line := _line(name, value))]


@dataclass(frozen=True, slots=True)
class Brief:
    """What the merchant asks for.

    language: BCP 47, of the text to write; language_name: in English, looked up when empty.
    instructions: the merchant's wishes on style. brand_facts: what is true of the shop as a whole.
    """

    tone: Tone = Tone.neutral
    length: Length = Length.medium
    language: str = "en"
    language_name: str = ""
    instructions: str = ""
    brand_facts: str = ""

    @property
    def named_language(self) -> str:
        """The language in words, `Simplified Chinese`."""
        return as_data(self.language_name, _MAX_NAME) or language_named(self.language).name

    @property
    def size_text(self) -> str:
        """The wanted size in the unit of the language, `60 to 90 words`."""
        counts_characters = language_named(self.language).counts_characters
        low, high = (CHARACTERS if counts_characters else WORDS)[self.length]
        return f"{low} to {high} {'characters' if counts_characters else 'words'}"


def token_budget(brief: Brief) -> int:
    """New tokens that a text of the wanted length may use, with room for a long-winded model.

    About 1.4 tokens an English word; small tokenizers need three for a Chinese character.
    """
    _, words = WORDS[brief.length]
    _, characters = CHARACTERS[brief.length]
    if language_named(brief.language).counts_characters:
        return characters * 3
    return words * (2 if brief.language.split("-")[0] == "en" else 3) + 20


def _line(name: str, value: str) -> str:
    """One fact; a colon in its name would read as another fact."""
    clean_name = as_data(name, _MAX_NAME).replace(":", " ").strip()
    clean_value = as_data(value, _MAX_VALUE)
    return f"{clean_name}: {clean_value}" if clean_name and clean_value else ""
