"""Prompts as versioned files; merchant text goes in as data, never as instructions."""

from generation.prompts.clean import clean_completion
from generation.prompts.facts import Brief, Length, ProductFacts, Tone, token_budget
from generation.prompts.product_description import (
    PROMPT_VERSION,
    PromptVariant,
    prompt_version,
    render_product_description,
    variant_for,
)

__all__ = [
    "PROMPT_VERSION",
    "Brief",
    "Length",
    "ProductFacts",
    "PromptVariant",
    "Tone",
    "clean_completion",
    "prompt_version",
    "render_product_description",
    "token_budget",
    "variant_for",
]
