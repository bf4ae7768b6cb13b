"""What a person wants written: checked once, kept with the run as JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from generation.prompts import Brief, Length, Tone
from generation.prompts.product_description import MAX_INSTRUCTIONS
from tenants.errors import DomainError
from web.languages import is_language_tag


@dataclass(frozen=True, slots=True)
class RunBrief:
    """tone and length: names of `Tone` and `Length`. language: BCP 47. instructions: free text."""

    tone: str = Tone.neutral.value
    length: str = Length.medium.value
    language: str = "en"
    instructions: str = ""

    def check(self) -> None:
        """Raises DomainError invalid_brief with the first thing that is wrong."""
        if self.tone not in set(Tone):
            raise _invalid(_("Choose one of the tones offered."))
        if self.length not in set(Length):
            raise _invalid(_("Choose one of the lengths offered."))
        if not is_language_tag(self.language):
            raise _invalid(_("The language must be a tag such as “en” or “zh-Hans”."))
        if len(self.instructions) > MAX_INSTRUCTIONS:
            message = _("The instructions may have at most %(limit)s characters.")
            raise _invalid(message % {"limit": MAX_INSTRUCTIONS})

    def as_json(self) -> dict[str, str]:
        """What is kept in `GenerationRun.brief`."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "RunBrief":
        """The brief of a run; names that we do not know are left out."""
        known = {name: stored[name] for name in cls.__slots__ if name in stored}
        return cls(**known)

    def as_prompt_brief(self, brand_facts: dict[str, Any]) -> Brief:
        """The same for the prompt, with what is true of the shop as a whole."""
        lines = (f"{name}: {value}" for name, value in brand_facts.items())
        return Brief(
            tone=Tone(self.tone),
            length=Length(self.length),
            language=self.language,
            instructions=self.instructions,
            brand_facts="\n".join(lines),
        )


def _invalid(message: Any) -> DomainError:
    return DomainError("invalid_brief", message, status=422)
