"""Making a merchant's text harmless before it enters a prompt."""

import re
import unicodedata

_KEPT_FORMAT = {"\u200c", "\u200d"}
_TAG = re.compile(r"<(?:[/!|\uff5c]|[^\W\d])[^<>]{0,300}>")
_HALF_TOKEN = re.compile(r"<[|\uff5c]|[|\uff5c]>|<<+|>>+|<>")
_BRACKETS = re.compile(
    r"<</?SYS>>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|IMG)\]"
)
_SPACES = re.compile(r"\s+")


def as_data(text: str, max_chars: int) -> str:
    """One line of plain text: no control characters, no tags, no chat-template tokens.

    max_chars: longer text is cut at a word where there is one and ends with an ellipsis.
    """
    return _cap(_SPACES.sub(" ", _without_tokens(_visible(text))).strip(), max_chars)


def as_data_block(text: str, max_chars: int) -> str:
    """Like `as_data`, for text of several lines: line breaks stay, empty lines go."""
    lines = (as_data(line, max_chars) for line in _without_tokens(text).splitlines())
    return _cap("\n".join(line for line in lines if line), max_chars)


def _visible(text: str) -> str:
    return "".join(map(_visible_character, unicodedata.normalize("NFC", text)))


def _visible_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    if character in _KEPT_FORMAT:
        return character
    # Invisible marks and the supplementary variation selectors can carry hidden instructions.
    hidden = category in {"Cf", "Cs", "Co", "Cn"} or "\U000e0100" <= character <= "\U000e01ef"
    return "" if hidden else character


def _without_tokens(text: str) -> str:
    """Remove tags and tokens until none is left: removing one may join the halves of another."""
    previous = None
    while previous != text:
        previous = text
        for pattern in (_BRACKETS, _TAG, _HALF_TOKEN):
            text = pattern.sub(" ", text)
    return text


def _cap(text: str, max_chars: int) -> str:
    if len(text) <= max_chars:
        return text
    cut = text[: max_chars - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > max_chars // 2 else cut).rstrip() + "…"
