"""One product from outside laid over what is here: the rows as they will be, and what that changes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from stores.catalogue.known import Known
from stores.catalogue.merge_skus import SkuMerge
from stores.catalogue.merged import Merged, filled, merged_cells
from stores.html import sanitise, to_text
from stores.importers.attribute_values import write_value
from stores.importers.base import ImportOptions, Layout, ParsedProduct
from stores.models import Product, ProductImage, Sku

SIMPLE = ("title", "vendor", "product_type", "category", "status")
# Markup without a word in it is short; looking into every long text would take time for nothing.
MAX_EMPTY_CHARACTERS = 500


def merge(
    parsed: ParsedProduct, known: Known | None, layout: Layout, options: ImportOptions
) -> Merged:
    """Lay a parsed product over the known one, or over an empty one where there is none."""
    if known is None:
        known = Known(Product(handle=parsed.handle, locale=options.locale, title=parsed.title))
    layout = layout.narrowed(parsed)
    if parsed.lacks_skus and not known.is_new:
        parsed, layout = _without_skus(parsed, known, layout)
    merged = Merged(known, parsed)
    _merge_fields(merged, layout)
    _merge_attributes(merged, layout)
    _merge_cells(merged, layout)
    _merge_images(merged, layout)
    if "skus" in layout.fields:
        SkuMerge(merged, layout, options).run()
    elif known.is_new:
        merged.skus = [(Sku(options=[], currency=options.currency, position=1), "")]
    if "description" in layout.fields and known.product.locale == options.locale:
        _merge_text(merged, options)
    return merged


def _without_skus(
    parsed: ParsedProduct, known: Known, layout: Layout
) -> tuple[ParsedProduct, Layout]:
    """SKUs stay with their options and pictures; the row lists the options like other attributes."""
    names = known.product.option_names
    attributes = tuple(one for one in parsed.attributes if one["name"] not in names)
    left = {name for name in layout.fields if name.startswith("sku") or name == "images"}
    return replace(parsed, attributes=attributes), replace(layout, fields=layout.fields - left)


def _merge_fields(merged: Merged, layout: Layout) -> None:
    product, parsed = merged.product, merged.parsed
    wanted = {name: getattr(parsed, name) for name in SIMPLE if name in layout.fields}
    if "tags" in layout.fields:
        wanted["tags"] = list(parsed.tags)
    if "sku.options" in layout.fields:
        wanted["option_names"] = list(parsed.option_names)
    for name, new in wanted.items():
        old = getattr(product, name)
        if old != new:
            merged.note(name, old, new)
            setattr(product, name, new)


def _merge_attributes(merged: Merged, layout: Layout) -> None:
    if "attributes" not in layout.fields:
        return
    old = merged.product.attributes
    if merged.parsed.fields is not None:
        # A list of attributes is whole where it is given at all, as in the API.
        set_attributes(merged, [_as_known(one, old) for one in merged.parsed.attributes])
        return
    names = {attribute["name"] for attribute in merged.parsed.attributes}
    stay = [a for a in old if a["name"] not in names and not _is_from(a, layout)]
    set_attributes(merged, [*merged.parsed.attributes, *stay])


def _as_known(attribute: dict[str, Any], old: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The attribute that is here if it says the same: it knows where it was read first."""
    parts = ("name", "value", "unit")
    wanted = [attribute.get(part) for part in parts]
    return next((one for one in old if [one.get(part) for part in parts] == wanted), attribute)


def set_attributes(merged: Merged, new: list[dict[str, Any]]) -> None:
    """Give the product these attributes, and remember what that changes."""
    before, after = _by_name(merged.product.attributes), _by_name(new)
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            merged.note("attribute", before.get(name), after.get(name), name=name)
    merged.product.attributes = new


def _is_from(attribute: Mapping[str, Any], layout: Layout) -> bool:
    return (attribute.get("origin") or {}).get("column") in layout.columns


def _by_name(attributes: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What attributes say, by name, as a file would write it: `"380 ml"` is 380 of unit ml."""
    found: dict[str, str] = {}
    for one in attributes:
        text = write_value(one["value"], one.get("unit"))
        found[one["name"]] = f"{found[one['name']]}; {text}" if one["name"] in found else text
    return found


def _merge_cells(merged: Merged, layout: Layout) -> None:
    source, parsed = merged.product.source, merged.parsed
    cells = merged_cells(source.get("cells", {}), parsed.cells, layout)
    merged.note_cells(source.get("cells", {}), cells)
    changed = {"cells": cells, "spellings": source.get("spellings", {}) | parsed.spellings}
    if "images" in layout.fields:
        before, after = source.get("image_cells", {}), parsed.image_cells
        for url in dict.fromkeys([*before, *after]):
            merged.note_cells(before.get(url, {}), after.get(url, {}), image=url)
        changed["image_cells"] = after
    if layout.fields & {"images", "skus"}:
        changed["rows"] = [list(row) for row in parsed.rows]
    merged.product.source = filled(source | changed)


def _merge_images(merged: Merged, layout: Layout) -> None:
    known = {image.url: image for image in merged.known.images}
    is_complete = "images" in layout.fields
    last = max((image.position for image in known.values()), default=0)
    for parsed in merged.parsed.images:
        image = known.pop(parsed.url, None) if is_complete else known.get(parsed.url)
        if image is None:
            position = parsed.position if is_complete else (last := last + 1)
            image = ProductImage(url=parsed.url, alt_text=parsed.alt_text, position=position)
            merged.note("image", None, parsed.url)
            merged.images.append(image)
        elif is_complete:
            merged.images.append(image)
            _update_image(merged, image, parsed.alt_text, parsed.position)
    if is_complete:
        merged.gone_images = list(known.values())
        for image in merged.gone_images:
            merged.note("image", image.url, None)


def _update_image(merged: Merged, image: ProductImage, alt_text: str, position: int) -> None:
    if image.alt_text != alt_text:
        merged.note("alt_text", image.alt_text, alt_text, name=image.url)
        image.alt_text = alt_text
    if image.position != position:
        merged.note("image_position", image.position, position, name=image.url)
        image.position = position


def _merge_text(merged: Merged, options: ImportOptions) -> None:
    """Three ways: a text that only one side has changed since the last import wins by itself."""
    known, raw = merged.known, merged.parsed.description
    theirs = readable_html(raw)
    raw_kept = {"description": raw if raw != theirs else ""}
    merged.product.source = filled(merged.product.source | raw_kept)
    ours = known.published.text if known.published else ""
    base = _last_from_file(known)
    if theirs in (ours, base) or (merged.parsed.is_plain and to_text(ours) == to_text(theirs)):
        return
    merged.text = theirs
    merged.has_conflict = ours != base
    keeps = merged.has_conflict and options.on_conflict == "keep"
    merged.text_action = "keep_ours" if keeps else "publish" if theirs else "clear"
    more = {"conflict": True} if merged.has_conflict else {}
    merged.note("description", to_text(ours), to_text(theirs), **more)


def readable_html(html: str) -> str:
    """The HTML sanitised, or "" where nothing in it can be read: a shop shows no text there."""
    clean = sanitise(html)
    return clean if len(clean) > MAX_EMPTY_CHARACTERS or to_text(clean) else ""


def _last_from_file(known: Known) -> str:
    version = known.imported
    if version is None or version.provenance.get("is_cleared"):
        return ""
    return version.text
