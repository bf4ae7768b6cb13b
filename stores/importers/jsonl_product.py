"""A product as the API shows and takes it, read into a ParsedProduct; what it does not name stays."""

from dataclasses import replace
from decimal import Decimal
from math import isfinite
from typing import Any

from stores.importers.attribute_values import MAX_UNIT_CHARACTERS, Value
from stores.importers.base import (
    ImportOptions,
    ParsedImage,
    ParsedProduct,
    ParsedSku,
    with_sku_images,
)
from stores.importers.findings import VALUE_SHOWN, Findings
from stores.importers.limits import MAX_ROWS_PER_PRODUCT
from stores.importers.shopify_cells import MAX_GRAMS, write_weight
from stores.money import MAX_MINOR

TEXTS = ("title", "vendor", "product_type", "category", "description")
# What the API shows and does not take.
SHOWN_ONLY = frozenset(
    ["id", "copy_state", "readiness", "currency", "min_price_minor", "max_price_minor"]
    + ["created_at", "updated_at", "copy", "published_copy", "collections", "image_count"]
)
KEYS = frozenset(
    [*TEXTS, "handle", "tags", "status", "locale", "attributes", "option_names", "images", "skus"]
)
SKU_KEYS = frozenset(["options", "code", "barcode", "price_minor", "compare_at_price_minor"])
SKU_KEYS |= {"currency", "weight_grams", "image_url"}
SKU_SHOWN_ONLY = frozenset(["id", "product", "image", "position", "created_at", "updated_at"])
IMAGE_KEYS = frozenset(["url", "alt_text"])
IMAGE_SHOWN_ONLY = frozenset(
    ["id", "position", "state", "width", "height", "n_bytes", "checked_at"]
)
ATTRIBUTE_KEYS = frozenset(["name", "value", "type", "unit", "origin"])
STATUSES = frozenset(["active", "draft", "archived"])
BY_MODEL = frozenset(["ai", "ai_edited"])
MAX_LISTED = 250
MAX_INTEGER = 2**53


class JsonProduct(Findings):
    """Reads one object. Every key that it names is in the fields of the product."""

    def __init__(self, row: int, given: dict[str, Any], options: ImportOptions, name: str) -> None:
        super().__init__(options, name)
        self.row, self.given = row, given
        self.fields: set[str] = set()

    def product(self) -> ParsedProduct:
        """The product, with its problems."""
        self._unknown(self.given, KEYS, SHOWN_ONLY, "")
        found = {name: self._text(self.given, name, name, name) for name in TEXTS}
        texts: dict[str, Any] = {name: text for name, text in found.items() if text is not None}
        self.fields |= texts.keys()
        if texts.get("title") == "":
            self.problem(self.row, "title", "title_missing")
        skus = self._skus()
        images = self._images()
        if "image_url" in {key for sku in self._objects("skus") for key in sku}:
            images = with_sku_images(images, [sku.image_url for sku in skus])
        return ParsedProduct(
            handle=self._handle(texts.get("title", "")),
            first_row=self.row,
            **texts,
            tags=self._tags(),
            status=self._status(),
            attributes=self._attributes(),
            option_names=self._texts("option_names", "option"),
            skus=skus,
            images=images,
            problems=tuple(self.problems),
            warnings=tuple(self.warnings),
            fields=frozenset(self.fields),
            is_ai_written=self._is_by_model(),
        )

    def _is_by_model(self) -> bool:
        """Whether the export says that a model has written the description that it gives."""
        copy = self.given.get("copy")
        source = copy.get("source") if isinstance(copy, dict) else None
        return isinstance(source, str) and source in BY_MODEL

    def _handle(self, title: str) -> str:
        if "locale" in self.given and self.given["locale"] != self.options.locale:
            self.warn(self.row, "locale", "locale_stays", value=str(self.given["locale"])[:16])
        handle = self._text(self.given, "handle", "handle", "handle") or ""
        return handle or self.handle(self.row, "handle", title)

    def _unknown(
        self, given: dict[str, Any], known: frozenset[str], shown: frozenset[str], path: str
    ) -> None:
        for key in given.keys() - known - shown:
            column = f"{path}.{key}" if path else key
            self.problem(self.row, column[:VALUE_SHOWN], "key_unknown")

    def _text(self, given: dict[str, Any], key: str, limit: str, path: str) -> str | None:
        """The text under a key; None where the key is missing or holds something else."""
        value = given.get(key)
        if isinstance(value, str):
            return self.text(self.row, path, value, limit)
        if key in given:
            self.problem(self.row, path, "needs_text")
        return None

    def _list(self, key: str, limit: int = MAX_LISTED) -> list[Any]:
        listed = self.given.get(key, [])
        if not isinstance(listed, list):
            self.problem(self.row, key, "needs_list")
            return []
        if len(listed) > limit:
            self.problem(self.row, key, "list_too_long", found=len(listed), limit=limit)
        return listed[:limit]

    def _texts(self, key: str, limit: str) -> tuple[str, ...]:
        found = []
        for n, value in enumerate(self._list(key)):
            if isinstance(value, str) and value.strip():
                found.append(self.text(self.row, f"{key}[{n}]", value, limit))
            else:
                self.problem(self.row, f"{key}[{n}]", "needs_text")
        return tuple(found)

    def _objects(self, key: str, limit: int = MAX_LISTED) -> list[dict[str, Any]]:
        listed = self.given.get(key)
        return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []

    def _each(self, key: str, limit: int = MAX_LISTED) -> list[tuple[str, dict[str, Any]]]:
        """The objects of a list with their paths."""
        found = []
        for n, value in enumerate(self._list(key, limit)):
            if isinstance(value, dict):
                found.append((f"{key}[{n}]", value))
            else:
                self.problem(self.row, f"{key}[{n}]", "needs_object")
        return found

    def _tags(self) -> tuple[str, ...]:
        if "tags" not in self.given:
            return ()
        self.fields.add("tags")
        return self.tags(self.row, "tags", self._texts("tags", "tag"))

    def _status(self) -> str:
        if "status" not in self.given:
            return "active"
        self.fields.add("status")
        status = self.given["status"]
        if isinstance(status, str) and status in STATUSES:
            return status
        self.problem(self.row, "status", "status_unknown", value=str(status)[:VALUE_SHOWN])
        return "active"

    def _images(self) -> tuple[ParsedImage, ...]:
        if "images" not in self.given:
            return ()
        self.fields.add("images")
        found: dict[str, ParsedImage] = {}
        for path, image in self._each("images"):
            self._unknown(image, IMAGE_KEYS, IMAGE_SHOWN_ONLY, path)
            url = self._url(image, "url", f"{path}.url")
            alt_text = self._text(image, "alt_text", "alt_text", f"{path}.alt_text") or ""
            if url:
                found.setdefault(url, ParsedImage(url, alt_text, len(found) + 1))
            elif "url" not in image:
                self.problem(self.row, f"{path}.url", "key_missing")
        return tuple(found.values())

    def _url(self, given: dict[str, Any], key: str, path: str) -> str:
        text = self._text(given, key, "url", path)
        return self.url(self.row, path, text) if text else ""

    def _attributes(self) -> tuple[dict[str, Any], ...]:
        if "attributes" not in self.given:
            return ()
        self.fields.add("attributes")
        return tuple(self._attribute(*one) for one in self._each("attributes"))

    def _attribute(self, path: str, given: dict[str, Any]) -> dict[str, Any]:
        self._unknown(given, ATTRIBUTE_KEYS, frozenset(), path)
        name = self._text(given, "name", "option", f"{path}.name")
        if not name:
            self.problem(self.row, f"{path}.name", "key_missing")
        value = self._value(given.get("value"), f"{path}.value")
        unit = given.get("unit")
        if unit is not None and not (isinstance(unit, str) and value.type == "number"):
            self.problem(self.row, f"{path}.unit", "unit_needs_number")
            unit = None
        if isinstance(unit, str):
            unit = self.text(self.row, f"{path}.unit", unit)[:MAX_UNIT_CHARACTERS] or None
        if given.get("type", value.type) != value.type:
            self.problem(self.row, f"{path}.type", "type_differs", type=value.type)
        return self.attribute(self.row, "attributes", name or "", value._replace(unit=unit))

    def _value(self, value: Any, path: str) -> Value:
        if isinstance(value, bool):
            return Value(value, "boolean")
        if isinstance(value, int) and abs(value) < MAX_INTEGER:
            return Value(value, "number")
        if isinstance(value, float) and isfinite(value):
            return Value(value, "number")
        if isinstance(value, str):
            return Value(self.text(self.row, path, value, "attributes"), "text")
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            texts = [self.text(self.row, path, part, "attributes") for part in value]
            return Value(texts[:MAX_LISTED], "list")
        self.problem(self.row, path, "needs_value")
        return Value("", "text")

    def _skus(self) -> tuple[ParsedSku, ...]:
        if "skus" not in self.given:
            if "option_names" in self.given:
                self.problem(self.row, "option_names", "option_names_alone")
            return ()
        given = self._each("skus", MAX_ROWS_PER_PRODUCT)
        if not given:
            self.problem(self.row, "skus", "skus_missing")
        names = self.given.get("option_names", [])
        n_names = len(names) if isinstance(names, list) else 0
        keys = {key for _, sku in given for key in sku} & SKU_KEYS
        skus = tuple(
            replace(self._sku(path, sku, n_names), left_out=_left_out(keys, sku))
            for path, sku in given
        )
        self._note_fields(keys, skus)
        self._repeated(skus)
        return skus

    def _note_fields(self, keys: set[str], skus: tuple[ParsedSku, ...]) -> None:
        self.fields |= {"skus", *(f"sku.{key}" for key in keys)}
        if "option_names" not in self.given and not any(sku.options for sku in skus):
            # A SKU that names no options means the only one, whatever its options are called.
            self.fields.discard("sku.options")
        else:
            self.fields.add("sku.options")

    def _repeated(self, skus: tuple[ParsedSku, ...]) -> None:
        seen: dict[tuple[str, ...], int] = {}
        for n, sku in enumerate(skus):
            first = seen.setdefault(sku.options, n)
            if first != n:
                shown = " / ".join(sku.options)[:VALUE_SHOWN]
                path = f"skus[{n}].options"
                self.problem(self.row, path, "options_repeated_in", options=shown, first=first)

    def _sku(self, path: str, given: dict[str, Any], n_names: int) -> ParsedSku:
        self._unknown(given, SKU_KEYS, SKU_SHOWN_ONLY, path)
        currency = given.get("currency", self.options.currency)
        if currency != self.options.currency:
            self.problem(
                self.row,
                f"{path}.currency",
                "price_in_other_currency",
                value=str(currency)[:VALUE_SHOWN],
                currency=self.options.currency,
            )
        return ParsedSku(
            options=self._options(path, given, n_names),
            code=self._text(given, "code", "code", f"{path}.code") or "",
            barcode=self._text(given, "barcode", "barcode", f"{path}.barcode") or "",
            price_minor=self._minor(path, given, "price_minor"),
            compare_at_price_minor=self._minor(path, given, "compare_at_price_minor"),
            weight_grams=self._weight(path, given.get("weight_grams")),
            image_url=self._url(given, "image_url", f"{path}.image_url"),
        )

    def _options(self, path: str, given: dict[str, Any], n_names: int) -> tuple[str, ...]:
        options = given.get("options", [])
        path = f"{path}.options"
        if not isinstance(options, list) or not all(isinstance(one, str) for one in options):
            self.problem(self.row, path, "needs_list")
            return ()
        if len(options) != n_names:
            self.problem(self.row, path, "options_differ", found=len(options), expected=n_names)
        return tuple(self.text(self.row, path, one, "option") for one in options[:MAX_LISTED])

    def _minor(self, path: str, given: dict[str, Any], key: str) -> int | None:
        value = given.get(key)
        if value is None:
            return None
        path = f"{path}.{key}"
        if isinstance(value, bool) or not isinstance(value, int):
            self.problem(self.row, path, "needs_minor", currency=self.options.currency)
        elif value < 0:
            self.problem(self.row, path, "price_negative", value=value)
        elif value > MAX_MINOR:
            self.problem(self.row, path, "price_too_large", value=str(value)[:VALUE_SHOWN])
        else:
            return value
        return None

    def _weight(self, path: str, value: Any) -> str | None:
        if value is None:
            return None
        try:
            is_number = isinstance(value, int | float | str) and not isinstance(value, bool)
            grams = Decimal(str(value)) if is_number and len(str(value)) < 40 else None
        except ArithmeticError:
            grams = None
        if grams is None or not grams.is_finite() or not 0 <= grams <= MAX_GRAMS:
            shown = str(value)[:VALUE_SHOWN]
            self.problem(self.row, f"{path}.weight_grams", "not_a_weight", value=shown)
            return None
        return write_weight(grams.quantize(Decimal("0.001")))


def _left_out(keys: set[str], given: dict[str, Any]) -> tuple[str, ...]:
    """What other SKUs name and this one does not; a currency goes with its price."""
    left = keys - {"currency"} - given.keys()
    return tuple(sorted(left | {"currency"} if "price_minor" in left else left))
