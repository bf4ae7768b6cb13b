"""What comes of laying a product from outside over what is here: rows, and the list of changes."""

from dataclasses import dataclass, field
from typing import Any, Literal

from stores.catalogue.known import Known
from stores.importers.base import Layout, ParsedProduct
from stores.models import Product, ProductImage, Sku

TextAction = Literal["nothing", "publish", "clear", "keep_ours"]
SHOWN_CHARACTERS = 1_000
MAX_CHANGES = 100


@dataclass(slots=True)
class Merged:
    """The rows of a product as they are to be; nothing is written yet.

    skus: with the address of their image, which has no key before it is stored. text: sanitised
    description; text_action: what becomes of it. changes: [{"field", "old", "new"}] and maybe
    "sku", "name", "conflict"; empty where all is as it was.
    """

    known: Known
    parsed: ParsedProduct
    images: list[ProductImage] = field(default_factory=list)
    skus: list[tuple[Sku, str]] = field(default_factory=list)
    gone_images: list[ProductImage] = field(default_factory=list)
    gone_skus: list[Sku] = field(default_factory=list)
    text: str = ""
    text_action: TextAction = "nothing"
    has_conflict: bool = False
    changes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def product(self) -> Product:
        return self.known.product

    def note(self, what: str, old: Any, new: Any, **more: Any) -> None:
        """Remember a change of a product that was here, as texts that a page can show."""
        if not self.known.is_new and len(self.changes) < MAX_CHANGES:
            self.changes.append({"field": what, "old": _shown(old), "new": _shown(new), **more})

    def note_cells(self, old: dict[str, str], new: dict[str, str], **more: Any) -> None:
        """Remember every cell that differs."""
        if old == new:
            return
        for name in dict.fromkeys([*old, *new]):
            if old.get(name, "") != new.get(name, ""):
                self.note("cell", old.get(name, ""), new.get(name, ""), name=name, **more)


def merged_cells(old: dict[str, str], new: dict[str, str], layout: Layout) -> dict[str, str]:
    """Cells of columns that the file lacks stay; the file speaks for all others."""
    stay = {name: text for name, text in old.items() if name not in layout.cell_names}
    return stay | new


def filled(source: dict[str, Any]) -> dict[str, Any]:
    """The source without what is empty."""
    return {name: value for name, value in source.items() if value}


def _shown(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return text[:SHOWN_CHARACTERS]
