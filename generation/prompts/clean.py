"""From what a model wrote to what a person may review: the text alone."""

import re

from generation.engine.types import FinishReason

_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_TAGS = re.compile(r"</?[a-z_]+>|<\|[^|>]{0,40}\|>", re.IGNORECASE)
_FENCES = re.compile(r"^```.*$\n?", re.MULTILINE)
_HEADINGS = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_BULLETS = re.compile(r"^[ \t]*[*+][ \t]+", re.MULTILINE)
# Bounded, or a text of nothing but opening marks takes the square of its length.
_STRONG = re.compile(r"(\*\*\*|\*\*)(?=\S)(.{1,500}?)(?<=\S)\1")
# Inside a word these are characters of a size or of a name.
_EMPHASIS = re.compile(r"(?<!\w)(__|\*|`)(?=\S)(.{1,500}?)(?<=\S)\1(?!\w)")
_LINKS = re.compile(r"!?\[([^\]]{0,500})\]\([^)\s]{0,2000}\)")
_PREAMBLE = re.compile(
    r"\A(?:sure|certainly|of course|absolutely|here(?:'s|’s| is| are)|好的|当然|以下是)"
    r"[^\n]{0,160}[:：]\s*\n",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\A(?:product\s+)?(?:description|text|copy)\s*:\s*"
    r"|\A(?:商品|产品|產品)?(?:描述|说明|說明|文案|介绍)\s*[:：]\s*",
    re.IGNORECASE,
)
_QUOTES = (('"', '"'), ("“", "”"), ("„", "“"), ("«", "»"), ("「", "」"), ("'", "'"))
_SENTENCE_END = re.compile(r"[。！？]+[”」』\"]?|(?<!\d)[.!?…]+[\"”»’)]?(?=\s|\Z)|\d[.!?…]+(?=\s)")
_EMPTY_LINES = re.compile(r"\n{3,}")


def clean_completion(text: str, finish_reason: FinishReason = FinishReason.stop) -> str:
    """The text without thoughts, labels, preambles, markdown and quotes round the whole.

    A text that ran out of its budget also loses its unfinished last sentence; it is empty when
    no sentence was finished, and an empty text is a failed candidate.
    """
    text = _TAGS.sub("", _THOUGHTS.sub("", text))
    text = _without_markdown(text).strip()
    text = _unquoted(_LABEL.sub("", _PREAMBLE.sub("", text)).strip())
    if finish_reason is FinishReason.length:
        text = _finished_sentences(text)
    return _EMPTY_LINES.sub("\n\n", text).strip()


def _without_markdown(text: str) -> str:
    text = _HEADINGS.sub("", _FENCES.sub("", text))
    text = _LINKS.sub(r"\1", _BULLETS.sub("- ", text))
    return _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))


def _unquoted(text: str) -> str:
    for opening, closing in _QUOTES:
        inner = text[1:-1]
        if len(text) > 1 and text[0] == opening and text[-1] == closing and closing not in inner:
            return inner.strip()
    return text


def _finished_sentences(text: str) -> str:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends else ""
