"""The prompt for a product's description."""

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from generation.engine.types import Message, Prompt
from generation.prompts.facts import Brief, ProductFacts
from generation.prompts.languages import language_named
from generation.prompts.normalise import as_data, as_data_block

PROMPT_VERSION = "product_description/v1"

MAX_INSTRUCTIONS = 1_000
MAX_BRAND_FACTS = 1_500
_MAX_SMALL_INSTRUCTIONS = 200
_SMALL_MODEL_PARAMETERS = 1_000_000_000


class PromptVariant(StrEnum):
    """standard: rules. small: one example instead, for models that cannot follow rules."""

    standard = "standard"
    small = "small"


def variant_for(n_parameters: int | None) -> PromptVariant:
    """The variant that suits a model of this size; an unknown size is taken for large."""
    if n_parameters is not None and n_parameters < _SMALL_MODEL_PARAMETERS:
        return PromptVariant.small
    return PromptVariant.standard


def prompt_version(variant: PromptVariant = PromptVariant.standard) -> str:
    """What provenance records: the version of the file, and the variant unless it is the usual."""
    suffix = "" if variant is PromptVariant.standard else f"-{variant}"
    return PROMPT_VERSION + suffix


def render_product_description(
    facts: ProductFacts, brief: Brief, variant: PromptVariant = PromptVariant.standard
) -> Prompt:
    """The prompt for one product, as a chat and as a text to be continued.

    Everything of the merchant's is normalised, capped and fenced as data. What differs from
    product to product comes last, so that a run's prompts share their beginning.
    Raises ValueError if the title has nothing visible or the language tag is malformed.
    """
    lines = facts.lines()
    if not lines or not lines[0].startswith("title: "):
        raise ValueError("a product needs a title to be described")
    slots = _slots("\n".join(lines), brief)
    chat = _small_chat if variant is PromptVariant.small else _standard_chat
    return Prompt(chat(brief, slots), _completion(slots), completion_stop=("\n\n", "\nFacts:"))


def _slots(facts: str, brief: Brief) -> dict[str, str]:
    return {
        "facts": facts,
        "language": brief.language,
        "language_name": brief.named_language,
        "request": language_named(brief.language).request,
        "tone": _template()["tones"][brief.tone],
        "tone_word": brief.tone,
        "size": brief.size_text,
        "length_word": brief.length,
    }


def _standard_chat(brief: Brief, slots: dict[str, str]) -> tuple[Message, ...]:
    parts = _template()["standard"]
    wishes = as_data_block(brief.instructions, MAX_INSTRUCTIONS)
    brand = as_data_block(brief.brand_facts, MAX_BRAND_FACTS)
    user = parts["user"].format(
        **slots,
        wishes=parts["wishes"].format(text=wishes) if wishes else "",
        brand=parts["brand"].format(text=brand) if brand else "",
    )
    return Message("system", parts["system"]), Message("user", user)


def _small_chat(brief: Brief, slots: dict[str, str]) -> tuple[Message, ...]:
    parts = _template()["small"]
    wishes = as_data(brief.instructions, _MAX_SMALL_INSTRUCTIONS)
    user = parts["user"].format(
        **slots, wishes=parts["wishes"].format(text=wishes) if wishes else ""
    )
    example = parts["user"].format(**_example_slots(), wishes="")
    return (
        Message("system", parts["system"]),
        Message("user", example),
        Message("assistant", parts["example_text"]),
        Message("user", user),
    )


def _example_slots() -> dict[str, str]:
    parts = _template()["small"]
    return {
        "facts": parts["example_facts"],
        "language_name": "English",
        "tone_word": parts["example_tone"],
        "length_word": parts["example_length"],
    }


def _completion(slots: dict[str, str]) -> str:
    parts = _template()["completion"]
    example = parts["turn"].format(**_example_slots())
    answer = _template()["small"]["example_text"]
    return f"{parts['opening']}{example} {answer}\n\n{parts['turn'].format(**slots)}"


@cache
def _template() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("v1.toml").read_text(encoding="utf-8"))
