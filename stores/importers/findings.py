"""Values of one product read from texts, with a list of what is wrong with them."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify

from stores.importers.attribute_values import Value
from stores.importers.base import ImportOptions, ParsedImage, Problem
from stores.importers.limits import MAX_CHARACTERS, MAX_TAGS
from stores.importers.shopify_cells import BadCell, read_url
from stores.importers.weights import read_grams
from stores.money import NotAnAmount, parse_amount

MAX_PROBLEMS = 50
VALUE_SHOWN = 60
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Findings:
    """Reads values and notes what is wrong instead of raising, so that a person sees it all at once.

    problems keep the product out, warnings do not. row and column: where a person finds the value.
    """

    def __init__(self, options: ImportOptions, file_name: str) -> None:
        self.options, self.file_name = options, file_name
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def problem(self, row: int, column: str, code: str, **params: Any) -> None:
        """Note a problem; a hopeless product does not get an endless list."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(row, column, code, params))

    def warn(self, row: int, column: str, code: str, **params: Any) -> None:
        """Note what a person should look at although the product is taken."""
        warning = Problem(row, column, code, params)
        if len(self.warnings) < MAX_PROBLEMS and warning not in self.warnings:
            self.warnings.append(warning)

    def text(self, row: int, column: str, text: str, limit: str = "") -> str:
        """The text as it can be stored, cut and reported where the field `limit` cannot hold it."""
        text = text.strip()
        if _UNSTORABLE.search(text):
            self.problem(row, column, "nul_character" if "\0" in text else "not_a_character")
            text = _UNSTORABLE.sub("", text)
        longest = MAX_CHARACTERS.get(limit)
        if longest is not None and len(text) > longest:
            self.problem(row, column, "too_long", length=len(text), limit=longest)
            return text[:longest]
        return text

    def price(self, row: int, column: str, text: str) -> int | None:
        """The amount in the smallest unit of the import's currency; None where there is none."""
        try:
            return parse_amount(text, self.options.currency, self.options.decimal_mark)
        except NotAnAmount as bad:
            self.problem(row, column, bad.code, **bad.params)
            return None

    def grams(self, row: int, column: str, text: str, unit: str = "g") -> str | None:
        """The weight in grams as a plain number. unit: of a text that names none."""
        try:
            return read_grams(text, unit, self.options.decimal_mark)
        except BadCell as bad:
            self.problem(row, column, bad.code, value=text[:VALUE_SHOWN])
            return None

    def url(self, row: int, column: str, text: str) -> str:
        """The web address, or "" with a problem."""
        # Shops write these two as they are; browsers send them like this.
        address = text.strip().replace("'", "%27").replace(" ", "%20")
        try:
            return read_url(self.text(row, column, address, "url")) if address else ""
        except BadCell as bad:
            self.problem(row, column, bad.code, value=text[:VALUE_SHOWN])
            return ""

    def images(
        self, row: int, column: str, urls: Iterable[str], alt_text: str = ""
    ) -> tuple[ParsedImage, ...]:
        """The images with these addresses in their order, each once."""
        found = dict.fromkeys(good for url in urls if (good := self.url(row, column, url.strip())))
        return tuple(
            ParsedImage(url, alt_text if n == 1 else "", n) for n, url in enumerate(found, start=1)
        )

    def tags(self, row: int, column: str, tags: Iterable[str]) -> tuple[str, ...]:
        """The tags, each once; a comma separates tags in every format, so none has one."""
        parts = (part.strip() for tag in tags for part in tag.split(","))
        found = tuple(dict.fromkeys(part for part in parts if part))
        if len(found) > MAX_TAGS:
            self.problem(row, column, "too_many_tags", found=len(found), limit=MAX_TAGS)
        return tuple(self.text(row, column, tag, "tag") for tag in found[:MAX_TAGS])

    def attribute(self, row: int, column: str, name: str, value: Value) -> dict[str, Any]:
        """An attribute as a product keeps it, with where it was read."""
        origin = {"file": self.file_name, "row": row, "column": column}
        return {"name": name, **value._asdict(), "origin": origin}

    def handle(self, row: int, column: str, *texts: str) -> str:
        """A handle of the first of these texts that makes one."""
        handle = next((found for text in texts if (found := handle_of(text))), "")
        if not handle:
            self.problem(row, column, "handle_missing")
        return handle[: MAX_CHARACTERS["handle"]]


def handle_of(text: str) -> str:
    """The text as a handle; in Latin letters if no others are lost by that."""
    latin, any_letters = slugify(text), slugify(text, allow_unicode=True)
    return latin if len(latin) == len(any_letters) else any_letters
