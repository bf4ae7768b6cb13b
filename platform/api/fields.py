"""Values that several resources take."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from web.languages import MAX_TAG_CHARACTERS, TAG_PATTERN, is_language_tag

_UNSTORABLE = _("There is a character in it that cannot be kept.")


def refuse_unstorable(value: Any) -> None:
    """Raises a ValidationError if a text anywhere inside cannot be stored: NUL, half a character.

    For values whose texts no CharField looks at, such as the names in an object.
    """
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        raise serializers.ValidationError(_UNSTORABLE, code="invalid") from None
    if r"\u0000" in text:
        raise serializers.ValidationError(_UNSTORABLE, code="invalid")


@extend_schema_field(
    {"type": "string", "maxLength": MAX_TAG_CHARACTERS, "pattern": f"^{TAG_PATTERN}$"}
)
class LanguageField(serializers.CharField):
    """A language tag (BCP 47) such as en, de or zh-Hans."""

    default_error_messages = {
        "no_language": _("This is not a language tag. Examples: en, de, zh-Hans.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_TAG_CHARACTERS, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        tag = str(super().to_internal_value(data))
        if not is_language_tag(tag):
            self.fail("no_language")
        return tag
