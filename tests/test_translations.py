"""The Chinese interface is whole: every string is translated, with the same placeholders."""

import re
from pathlib import Path

import polib

CATALOGUE = Path(__file__).parents[1] / "locale/zh_Hans/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[.0-9]*[a-z]|\{[a-z_]+\}")
ENTRIES = [e for e in polib.pofile(str(CATALOGUE)) if not e.obsolete]


def test_no_string_is_left_in_english():
    assert [e.msgid for e in ENTRIES if not e.translated() or e.fuzzy] == []


def test_placeholders_survive():
    assert [e.msgid for e in ENTRIES if not _keeps_placeholders(e)] == []


def _keeps_placeholders(entry):
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    allowed = wanted | set(PLACEHOLDER.findall(entry.msgid))
    texts = entry.msgstr_plural.values() or [entry.msgstr]
    found = [set(PLACEHOLDER.findall(text)) for text in texts]
    return all(wanted <= placeholders <= allowed for placeholders in found)
