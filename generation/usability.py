"""Whether a text can be shown to a reviewer at all. Pure: text in, findings out.

The checks of facts, claims and style come later and give back findings of the same form.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_MIN_CHARACTERS, _MIN_WIDE_CHARACTERS = 40, 20
_REPEATED_WORDS, _REPEATED_WIDE = 6, 8
_MOST_REPEATS = 3
_ECHOED_LINES = 3
_MIN_COPIED = 15
_WORD = re.compile(r"\w+", re.UNICODE)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s*|\n+")
_REFUSAL = re.compile(
    r"\b(?:i(?:'|’)?m sorry|i am sorry|i apologi[sz]e|i (?:can(?:no|')t|can’t|am unable to|"
    r"am not able to) (?:help|assist|provide|write|create|generate|fulfil)|as an ai\b|"
    r"as a (?:large )?language model|i do not have (?:access|enough information)|"
    r"i don(?:'|’)t have (?:access|enough information))|"
    r"(?:很抱歉|对不起|抱歉)[,，]?\s*(?:我|作为)|作为(?:一个|一名)?(?:人工智能|AI|语言模型)|"
    r"我无法(?:提供|回答|协助|完成)",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"</?(?:product_facts|brand_facts|merchant_wishes)\b|<\|[^|>]{1,40}\|>|"
    r"\bproduct facts:|^(?:system|user|assistant)\s*:",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a text. code: stable. quote: the words it is about, cut short."""

    code: str
    severity: str = "error"
    quote: str = ""

    def as_json(self) -> dict[str, str]:
        """What is kept in `Candidate.findings`."""
        return {"code": self.code, "severity": self.severity, "quote": self.quote[:200]}


def usability_findings(
    text: str, facts: Sequence[str] = (), title: str = "", examples: Sequence[str] = ()
) -> list[Finding]:
    """Why the text cannot be shown, nothing if it can.

    text: cleaned. facts: the `name: value` lines of the prompt. title: of the product.
    examples: texts about other products that the prompt showed.
    Codes: empty, too_short, repetition, refusal, prompt_echo.
    """
    if not text.strip():
        return [Finding("empty")]
    found = [_too_short(text, title), _repetition(text), _refusal(text)]
    found += [_echo(text, facts), _copied(text, examples)]
    return [finding for finding in found if finding]


def _too_short(text: str, title: str) -> Finding | None:
    """Shorter than a sentence, or no more than the title again."""
    is_wide = _is_wide(text)
    limit = _MIN_WIDE_CHARACTERS if is_wide else _MIN_CHARACTERS
    beyond_title = text.replace(title, "") if title else text
    has_words = len(_WORD.findall(beyond_title)) >= (1 if is_wide else 3)
    return None if len(text.strip()) >= limit and has_words else Finding("too_short", quote=text)


def _repetition(text: str) -> Finding | None:
    """A sentence three times over, or a run of words that comes back more than three times."""
    sentences = Counter(s.strip().lower() for s in _SENTENCES.split(text) if len(s.strip()) > 15)
    for sentence, n in sentences.items():
        if n >= _MOST_REPEATS:
            return Finding("repetition", quote=sentence)
    size = _REPEATED_WIDE if _is_wide(text) else _REPEATED_WORDS
    parts = _WIDE.findall(text) if _is_wide(text) else _WORD.findall(text.lower())
    runs = Counter(tuple(parts[i : i + size]) for i in range(len(parts) - size + 1))
    for run, n in runs.most_common(1):
        if n > _MOST_REPEATS:
            return Finding("repetition", quote=" ".join(run))
    return _stutter(parts)


def _stutter(parts: Sequence[str]) -> Finding | None:
    """One word (or character) five times in a row."""
    for i in range(len(parts) - 4):
        if len(set(parts[i : i + 5])) == 1:
            return Finding("repetition", quote=" ".join(parts[i : i + 5]))
    return None


def _refusal(text: str) -> Finding | None:
    match = _REFUSAL.search(text)
    return Finding("refusal", quote=match.group()) if match else None


def _echo(text: str, facts: Sequence[str]) -> Finding | None:
    """The prompt's own tags, or its fact lines given back as they were."""
    match = _MARKUP.search(text)
    if match:
        return Finding("prompt_echo", quote=match.group())
    lines = {line.strip().lower() for line in text.splitlines()}
    echoed = [line for line in facts if line.strip().lower() in lines]
    return Finding("prompt_echo", quote=echoed[0]) if len(echoed) >= _ECHOED_LINES else None


def _copied(text: str, examples: Sequence[str]) -> Finding | None:
    """A sentence of an example: it speaks of another product."""
    for example in examples:
        for sentence in _SENTENCES.split(example):
            if len(sentence.strip()) >= _MIN_COPIED and sentence.strip().lower() in text.lower():
                return Finding("prompt_echo", quote=sentence.strip())
    return None


def _is_wide(text: str) -> bool:
    return len(_WIDE.findall(text)) * 3 > len(text)
