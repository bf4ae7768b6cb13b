"""Values that several resources take."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from web.languages import MAX_TAG_CHARACTERS, TAG_PATTERN, is_language_tag


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
