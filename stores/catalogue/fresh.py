"""Products that are not here yet, straight from what a preview has kept of them.

It gives the rows that `merge` and `write_products` would give, without a model instance for each.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stores.catalogue.bulk import Row
from stores.catalogue.derived import copy_state_of, derive
from stores.catalogue.merge import SIMPLE, readable_html
from stores.catalogue.merge_skus import PRICES, TEXTS, OptionsNeeded
from stores.catalogue.merged import filled
from stores.catalogue.search_index import write_documents
from stores.catalogue.search_words import document_of
from stores.catalogue.write import (
    IMAGE_KEY,
    IMAGES,
    PRODUCTS,
    SKUS,
    SLOTS,
    VERSIONS,
    Origin,
    provenance_of,
    signed,
)
from stores.importers.base import ImportOptions, Layout
from stores.models import CopySlot, CopyVersion

Packed = Mapping[str, Any]
EMPTY: dict[str, Any] = {}


class FreshProduct:
    """One product: its row, those of its SKUs with the address of their image, its images, its text.

    packed: as importers.stored.pack_product. Raises OptionsNeeded.
    """

    def __init__(self, packed: Packed, writer: "FreshProducts") -> None:
        self.packed, self.writer = packed, writer
        fields = writer.fields_of(packed)
        self.text = readable_html(packed.get("description", "")) if "description" in fields else ""
        self.skus = list(self._skus(fields))
        self.images = list(self._images("images" in fields))
        self.row = self._product(fields)
        skus = [sku for sku, _url in self.skus]
        derive(self.row, skus)
        self.lexemes, self.words = document_of(self.row, skus)

    def _product(self, fields: frozenset[str]) -> Row:
        packed, writer = self.packed, self.writer
        values = {
            **writer.blank_product,
            "handle": packed["handle"],
            "title": packed.get("title", ""),
            "source": signed(self._source(fields), writer.origin),
        }
        for name in SIMPLE:
            if name in fields and name in packed:
                values[name] = packed[name]
        if "tags" in fields:
            values["tags"] = packed.get("tags", ())
        if "sku.options" in fields:
            values["option_names"] = packed.get("option_names", ())
        if "attributes" in fields:
            values["attributes"] = packed.get("attributes", ())
        if self.text:
            values["copy_state"] = copy_state_of(writer.text_source(packed))
        return Row(values)

    def _source(self, fields: frozenset[str]) -> dict[str, Any]:
        packed = self.packed
        source = {name: packed[name] for name in ("cells", "spellings") if name in packed}
        if "images" in fields and "image_cells" in packed:
            source["image_cells"] = packed["image_cells"]
        if "rows" in packed and not fields.isdisjoint(("images", "skus")):
            source["rows"] = packed["rows"]
        raw = packed.get("description", "")
        if "description" in fields and raw != self.text:
            source["description"] = raw
        return source

    def _images(self, is_complete: bool) -> Iterator[Row]:
        blank = self.writer.blank_image
        for n, (url, alt_text, position) in enumerate(self.packed["images"], start=1):
            place = position if is_complete else n
            yield Row({**blank, "url": url, "alt_text": alt_text, "position": place})

    def _skus(self, fields: frozenset[str]) -> Iterator[tuple[Row, str]]:
        blank = self.writer.blank_sku
        if "skus" not in fields:
            yield Row({**blank, "position": 1}), ""
            return
        packed = self.packed["skus"]
        if "sku.options" not in fields and len(packed) > 1:
            raise OptionsNeeded
        names = [n for n in (*TEXTS, *PRICES, "weight_grams") if f"sku.{n}" in fields]
        has_images = "sku.image_url" in fields
        for position, sku in enumerate(packed, start=1):
            values = {**blank, "position": position, "options": sku.get("options", ())}
            for name in names:
                if name in sku:
                    values[name] = sku[name]
            if "cells" in sku or "spellings" in sku:
                kept = {"cells": sku.get("cells"), "spellings": sku.get("spellings")}
                values["source"] = filled(kept)
            yield Row(values), sku.get("image_url", "") if has_images else ""


class FreshProducts:
    """New products of one import on their way into the tables."""

    def __init__(self, layout: Layout, options: ImportOptions, origin: Origin) -> None:
        self.layout, self.options, self.origin = layout, options, origin
        self.blank_product = PRODUCTS.blank() | {"locale": options.locale}
        self.blank_image = IMAGES.blank()
        self.blank_sku = SKUS.blank() | {"currency": options.currency}

    def fields_of(self, packed: Packed) -> frozenset[str]:
        """What the file is able to say of this product."""
        own = packed.get("fields")
        return self.layout.fields if own is None else self.layout.fields.intersection(own)

    def text_source(self, packed: Packed) -> str:
        """Who wrote the product's description."""
        return CopyVersion.Source.AI if packed.get("is_ai_written") else self.origin.text_source

    def write(self, products: Sequence[FreshProduct]) -> None:
        """Store them whole. One that somebody has made meanwhile, under the same handle, is changed."""
        rows = [one.row for one in products]
        PRODUCTS.date(rows)  # an export of changes must not have looked for them before
        keys = dict(PRODUCTS.write(rows, ("handle", "id")))
        for one in products:
            key = keys[one.row.handle]
            for row in (*one.images, *(sku for sku, _url in one.skus)):
                row.product_id = key
        images = IMAGES.write([row for one in products for row in one.images], IMAGE_KEY)
        image_keys = {(product, url): key for product, url, key in images}
        for one in products:
            for sku, url in one.skus:
                sku.image_id = image_keys.get((sku.product_id, url)) if url else None
        SKUS.write([sku for one in products for sku, _url in one.skus])
        write_documents((keys[one.row.handle], one.lexemes, one.words) for one in products)
        self._write_texts([(keys[one.row.handle], one) for one in products if one.text])

    def _write_texts(self, texts: Sequence[tuple[int, FreshProduct]]) -> None:
        place = {"field": CopySlot.Field.DESCRIPTION, "locale": self.options.locale}
        blank = SLOTS.blank() | place
        rows = [Row({**blank, "product_id": key}) for key, _one in texts]
        slots = dict(SLOTS.write(rows, ("product_id", "id")))
        version = VERSIONS.blank()
        version |= {"number": 1, "state": CopyVersion.State.PUBLISHED}
        version |= {"created_by_id": self.origin.user_id, "published_at": version["created_at"]}
        VERSIONS.write([self._version(version, slots[key], one) for key, one in texts])

    def _version(self, blank: dict[str, Any], slot_id: int, one: FreshProduct) -> Row:
        return Row(
            {
                **blank,
                "slot_id": slot_id,
                "text": one.text,
                "source": self.text_source(one.packed),
                "provenance": provenance_of(self.origin, one.packed["first_row"]),
            }
        )
