"""The Chinese interface is whole: every string is translated, with the same placeholders."""

import re
from pathlib import Path

import polib
import pytest

CATALOGUE = Path(__file__).parents[1] / "locale/zh_Hans/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[.0-9]*[a-z]|\{[a-z_]+\}")
ENTRIES = [e for e in polib.pofile(str(CATALOGUE)) if not e.obsolete]


def test_no_string_is_left_in_english():
    assert [e.msgid for e in ENTRIES if not e.translated() or e.fuzzy] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.msgid[:40])
def test_placeholders_survive(entry):
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    for text in entry.msgstr_plural.values() or [entry.msgstr]:
        assert set(PLACEHOLDER.findall(text)) <= wanted | set(PLACEHOLDER.findall(entry.msgid))
        assert wanted <= set(PLACEHOLDER.findall(text))
