"""An example for each body in the OpenAPI document, by the name of its component.

An app keeps its own in `api/examples.json` and registers them when it is ready.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

_FILES: list[Path] = []


def register_examples(folder: Path) -> None:
    """Add the examples of an app's folder `api`."""
    _FILES.append(folder / "examples.json")


@cache
def _examples() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in _FILES:
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


def examples_of(media_type: str, schema: dict[str, Any]) -> Any:
    """The example of a body, or None. The page of a list holds one row."""
    name = schema.get("$ref", "").rpartition("/")[2] or media_type
    row = name.removeprefix("Paginated").removesuffix("List")
    if name == f"Paginated{row}List":
        example = _examples().get(row)
        return example and {"next": None, "previous": None, "results": [example]}
    if name.startswith("Partial"):
        partial = _examples()["Partial"]
        is_list = name == "PartialList"
        return {"next": None, "previous": None, "results": [partial]} if is_list else partial
    return _examples().get(name)
