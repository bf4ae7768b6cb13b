"""Differences between two texts: words for spaced scripts, characters for CJK."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Above this many tokens between their common ends SequenceMatcher's worst case would hold up a
# page: 75 s for 6,000 of few words in another order.
MAX_TOKENS = 2_000

_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+|\s+|.", re.DOTALL)

Change = Literal["same", "removed", "added"]


@dataclass(frozen=True)
class Segment:
    """A stretch of text and what happened to it."""

    change: Change
    text: str


def diff_segments(old: str, new: str) -> list[Segment]:
    """Return the segments that lead from old to new, in reading order.

    The 'same' and 'removed' ones joined give old, the 'same' and 'added' ones new. Very long
    differences (over MAX_TOKENS) come back as one removal and one addition.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    start = _n_common(before, after)
    end = _n_common(before[start:][::-1], after[start:][::-1])
    head, tail = before[:start], before[len(before) - end :]
    before, after = before[start : len(before) - end], after[start : len(after) - end]
    middle = _changes(before, after)
    return _merge([*_same(head), *middle, *_same(tail)])


def _n_common(before: list[str], after: list[str]) -> int:
    pairs = zip(before, after, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(before), len(after)))


def _same(tokens: list[str]) -> list[Segment]:
    return [Segment("same", "".join(tokens))] if tokens else []


def _changes(before: list[str], after: list[str]) -> list[Segment]:
    if max(len(before), len(after)) > MAX_TOKENS:
        return list(_pieces("replace", "".join(before), "".join(after)))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    pieces: list[Segment] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        pieces.extend(_pieces(tag, "".join(before[i1:i2]), "".join(after[j1:j2])))
    return pieces


def inline_diff(old: str, new: str) -> SafeString:
    """Return one escaped text in which removals are <del> and additions are <ins>."""
    return format_html_join("", "{}", ((_markup(s),) for s in diff_segments(old, new)))


def diff_sides(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Return both texts, escaped: the old with <del> marks, the new with <ins> marks."""
    segments = diff_segments(old, new)
    left = ((_markup(s),) for s in segments if s.change != "added")
    right = ((_markup(s),) for s in segments if s.change != "removed")
    return format_html_join("", "{}", left), format_html_join("", "{}", right)


def _pieces(tag: str, removed: str, added: str) -> Iterator[Segment]:
    if tag == "equal":
        yield Segment("same", removed)
        return
    if removed:
        yield Segment("removed", removed)
    if added:
        yield Segment("added", added)


def _merge(pieces: list[Segment]) -> list[Segment]:
    """Join changes that only white space separates: ten marks in a row read as noise."""
    merged: list[Segment] = []
    removed = added = ""
    for index, piece in enumerate(pieces):
        is_gap = piece.change == "same" and not piece.text.strip()
        if is_gap and 0 < index < len(pieces) - 1:
            removed, added = removed + piece.text, added + piece.text
        elif piece.change == "removed":
            removed += piece.text
        elif piece.change == "added":
            added += piece.text
        else:
            merged += [s for s in (Segment("removed", removed), Segment("added", added)) if s.text]
            merged.append(piece)
            removed = added = ""
    return merged + [s for s in (Segment("removed", removed), Segment("added", added)) if s.text]


def _markup(segment: Segment) -> SafeString:
    if segment.change == "added":
        return format_html("<ins>{}</ins>", segment.text)
    if segment.change == "removed":
        return format_html("<del>{}</del>", segment.text)
    return format_html("{}", segment.text)
