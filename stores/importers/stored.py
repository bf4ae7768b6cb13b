"""Parsed products as JSON and back: how a preview keeps what will be written."""

import re
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from operator import attrgetter
from typing import Any

from stores.importers.base import (
    ImportOptions,
    Layout,
    ParsedImage,
    ParsedProduct,
    ParsedSku,
    Reading,
)
from stores.importers.source import Table

SAMPLE_ROWS = 10
SAMPLE_CHARACTERS = 300
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
Kept = tuple[list[str], Callable[[Any], tuple[Any, ...]], list[Any]]
_APART = frozenset({"skus", "images", "problems", "warnings", "raw"})


def pack_product(product: ParsedProduct) -> dict[str, Any]:
    """The product without its problems; what is empty is left out."""
    packed = _filled(product, _OF_PRODUCT)
    packed["skus"] = [_filled(sku, _OF_SKU) for sku in product.skus]
    packed["images"] = [[i.url, i.alt_text, i.position] for i in product.images]
    if product.fields is not None:
        packed["fields"] = sorted(product.fields)
    return packed


def unpack_product(packed: dict[str, Any]) -> ParsedProduct:
    """The product that was packed."""
    values = {name: value for name, value in packed.items() if name not in _APART}
    for name in ("tags", "attributes", "option_names"):
        values[name] = tuple(values.get(name, ()))
    if "fields" in values:
        values["fields"] = frozenset(values["fields"])
    values["rows"] = tuple((sku, image) for sku, image in values.get("rows", ()))
    return ParsedProduct(
        **values,
        skus=tuple(_unpack_sku(sku) for sku in packed["skus"]),
        images=tuple(ParsedImage(*image) for image in packed["images"]),
    )


def pack_layout(layout: Layout) -> dict[str, Any]:
    """As CatalogueImport.columns keeps it."""
    return {
        "header": list(layout.columns),
        "fields": sorted(layout.fields),
        "cells": sorted(layout.cell_names),
        "description": layout.description_column,
    }


def pack_table(table: Table) -> dict[str, Any]:
    """As CatalogueImport.columns keeps a table whose columns a person has to assign.

    sample: the first rows as [number, cells], long cells cut.
    """
    rows = table.sample[:SAMPLE_ROWS]
    return {
        "header": [_storable(name) for name in table.header],
        "fields": [],
        "cells": [],
        "description": "",
        "sample": [[number, [_storable(cell) for cell in cells]] for number, cells in rows],
    }


def pack_reading(reading: Reading) -> dict[str, Any]:
    """As CatalogueImport.reading keeps it."""
    return {**asdict(reading), "sheets": list(reading.sheets)}


def unpack_layout(packed: dict[str, Any]) -> Layout:
    """The layout that was packed."""
    return Layout(tuple(packed["header"]), frozenset(packed["fields"]), frozenset(packed["cells"]))


def pack_options(options: ImportOptions) -> dict[str, Any]:
    """As CatalogueImport.options keeps them."""
    return {field.name: getattr(options, field.name) for field in fields(options)}


def unpack_options(packed: dict[str, Any]) -> ImportOptions:
    """The options that were packed."""
    return ImportOptions(**packed)


def as_read(options: ImportOptions, reading: dict[str, Any]) -> ImportOptions:
    """The options with what was recognised in the file, for reading a part of it once more."""
    return replace(options, decimal_mark=options.decimal_mark or reading.get("decimal_mark", ""))


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("", text[:SAMPLE_CHARACTERS])


def _unpack_sku(packed: dict[str, Any]) -> ParsedSku:
    listed = {name: tuple(packed.get(name, ())) for name in ("options", "left_out")}
    return ParsedSku(**{**packed, **listed})


def _filled(row: ParsedProduct | ParsedSku, kept: Kept) -> dict[str, Any]:
    names, values_of, defaults = kept
    return {
        name: value
        for name, value, default in zip(names, values_of(row), defaults, strict=True)
        if value is not default and value != default and (value or value not in ((), {}))
    }


def _kept(row: type[ParsedProduct | ParsedSku]) -> Kept:
    names = [field.name for field in fields(row) if field.name not in _APART]
    defaults = {field.name: field.default for field in fields(row)}
    return names, attrgetter(*names), [defaults[name] for name in names]


_OF_PRODUCT, _OF_SKU = _kept(ParsedProduct), _kept(ParsedSku)
