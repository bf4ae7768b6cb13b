"""Names of columns as they are compared, whoever wrote them and in whatever language."""

import re
import unicodedata

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_BRACKETS = re.compile(r"[(（\[][^()（）\[\]]{0,60}[)）\]]")
_UNIT = re.compile(r"[(（]\s*([^()（）]{1,20}?)\s*[)）]")
_UNITS = {"公斤": "kg", "千克": "kg", "克": "g", "厘米": "cm", "毫米": "mm", "米": "m"}
_UNITS |= {"livres": "lb", "lbs": "lb", "pouce": "in", "pouces": "in", "pulgadas": "in"}
_DOTTED = re.compile(r"[A-Za-z]\w*(?:\.\w+)+", re.ASCII)
_PROGRAMMED = re.compile(r"[a-z]+(?:_[a-z0-9]+|[A-Z][a-z0-9]+)+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBERED = re.compile(r"^(.*?[^\d\s])\s?(\d{1,2})(?=\s|$)(.*)$")
_PUNCTUATION = re.compile(r"[\W_]+")


def storable(text: str) -> str:
    """The text without NULs and halves of characters, which no database keeps."""
    return _UNSTORABLE.sub("", text)


def plain_name(header: str) -> str:
    """The header as names are compared: no case, accents, punctuation or remarks in brackets."""
    text = _BRACKETS.sub(" ", unicodedata.normalize("NFKC", header[:200]))
    text = _CAMEL.sub(" ", text).casefold().replace("ß", "ss")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(_PUNCTUATION.sub(" ", text).split())


def unnumbered(name: str) -> str:
    """A plain name without the number that tells it from its neighbours: `option 1 name`."""
    found = _NUMBERED.match(name)
    return " ".join((found[1] + found[3]).split()) if found else name


def unit_of(header: str) -> str:
    """The unit in the brackets of a header such as `Weight (kg)`, "" if there is none."""
    found = _UNIT.search(header[:200])
    unit = found[1].lower() if found else ""
    return _UNITS.get(unit, unit)


def label_of(header: str) -> str:
    """The header as people would say it: `custom_field.custom.room_coverage` is room coverage."""
    last = header.rsplit(".", 1)[-1] if _DOTTED.fullmatch(header) else header
    if not _PROGRAMMED.fullmatch(last):
        return last
    return _CAMEL.sub(" ", last).replace("_", " ").lower().strip() or header
