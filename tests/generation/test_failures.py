import re
from pathlib import Path

from generation.failures import failure_words

ROOT = Path(__file__).parents[2] / "generation"
CODE = re.compile(
    r'code="([a-z_]+)"|"failed", "([a-z_]+)"\)|_end_in_its_own\(request_id, "([a-z_]+)"'
)
HAS_ITS_OWN_WORDS = {"unusable_facts"}


def test_a_reader_never_sees_a_code_for_a_reason():
    texts = (path.read_text() for path in ROOT.glob("*.py"))
    codes = {"".join(found) for text in texts for found in CODE.findall(text)}
    assert {"product_deleted", "no_usable_text", "check_failed", "internal_error"} <= codes
    assert {code for code in codes - HAS_ITS_OWN_WORDS if failure_words(code) == code} == set()
