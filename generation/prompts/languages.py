"""Languages by BCP 47 tag: their names and how to ask for them."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_TRADITIONAL = {"tw", "hk", "mo", "hant"}
_WELL_FORMED = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Language:
    """A language that text can be asked in."""

    tag: str
    name: str
    request: str
    counts_characters: bool = False


def language_named(tag: str) -> Language:
    """The language of a BCP 47 tag; one that we have no sentence for is asked for by its tag.

    Raises ValueError if the tag is not well formed.
    """
    if not _WELL_FORMED.fullmatch(tag):
        raise ValueError(f"{tag!r} is not a BCP 47 language tag")
    known = _languages().get(_key(tag))
    if known:
        return known
    return Language(tag, tag, f"Write the description in the language {tag}.")


def _key(tag: str) -> str:
    primary, *rest = tag.lower().split("-")
    if primary != "zh":
        return primary
    return "zh-Hant" if _TRADITIONAL.intersection(rest) else "zh-Hans"


@cache
def _languages() -> dict[str, Language]:
    text = files("generation.prompts").joinpath("languages.toml").read_text(encoding="utf-8")
    return {tag: Language(tag, **entry) for tag, entry in tomllib.loads(text).items()}


def known_tags() -> tuple[str, ...]:
    """The tags of the languages that have a sentence of their own, in the file's order."""
    return tuple(_languages())
