"""Language tags as people and programs write them: the one place that says which are well formed."""

import re

MAX_TAG_CHARACTERS = 16
TAG_PATTERN = r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
_TAG = re.compile(TAG_PATTERN)


def is_language_tag(text: str) -> bool:
    """Whether the text is well formed as in BCP 47 and fits where we keep languages: en, de-AT, zh-Hans."""
    return len(text) <= MAX_TAG_CHARACTERS and bool(_TAG.fullmatch(text))
