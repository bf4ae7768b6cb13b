"""SKU codes that more than one product has: taken, but a person should know."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection

from stores.importers.base import ParsedProduct, Problem
from stores.models import CatalogueImport
from stores.services.seen import Seen
from tenants.scope import require_merchant_id

MAX_CODES = 1_000
MAX_PLACES = 10_000
MAX_ROWS_SHOWN = 10
_TAKEN = """
SELECT s.code, ARRAY[min(p.handle), max(p.handle)]
  FROM stores_sku s JOIN stores_product p ON p.id = s.product_id
 WHERE s.merchant_id = %(merchant)s AND s.code = ANY(%(codes)s)
 GROUP BY s.code
"""
_PLACES = """
SELECT s ->> 'code', i.id, i.first_row, i.warnings = '[]'
  FROM stores_importitem i CROSS JOIN jsonb_array_elements(i.data -> 'skus') s
 WHERE i.merchant_id = %(merchant)s AND i.catalogue_import_id = %(import)s
   AND i.action IN ('new', 'changed') AND s ->> 'code' = ANY(%(codes)s)
 ORDER BY i.position LIMIT %(limit)s
"""
_WARN = "UPDATE stores_importitem SET warnings = warnings || %s::jsonb WHERE id = %s"


@dataclass(frozen=True, slots=True)
class TakenCodes:
    """handles: of products of the catalogue, two at most, by the SKU code that they have."""

    handles: dict[str, list[str]]

    def of(self, product: ParsedProduct) -> Iterator[Problem]:
        """A warning for each code of the product that another one has already."""
        if not self.handles:
            return
        for code in dict.fromkeys(sku.code for sku in product.skus):
            others = [h for h in self.handles.get(code, ()) if h != product.handle]
            if others:
                params = {"code": code, "handle": others[0]}
                yield Problem(product.first_row, "", "sku_taken", params)


def taken_codes(products: Sequence[ParsedProduct]) -> TakenCodes:
    """Which products that are here have the SKU codes of these."""
    codes = {sku.code for product in products for sku in product.skus if sku.code}
    if not codes:
        return TakenCodes({})
    values: dict[str, Any] = {"merchant": require_merchant_id(), "codes": list(codes)}
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, values)
        return TakenCodes(dict(cursor.fetchall()))


class RepeatedCodes:
    """Finds the codes that occur more than once in a file, in memory of one size."""

    def __init__(self) -> None:
        self._seen = Seen()
        self._perhaps: set[str] = set()

    def look_at(self, products: Iterable[ParsedProduct]) -> None:
        """Remember the codes of these products, which come next in the file."""
        for product in products:
            for sku in product.skus:
                if sku.code and self._seen.add(sku.code) and len(self._perhaps) < MAX_CODES:
                    self._perhaps.add(sku.code)

    def warn(self, catalogue_import: CatalogueImport) -> int:
        """Note them with the items of the import; how many items had no warning before."""
        if not self._perhaps:
            return 0
        places = self._places(catalogue_import)
        warnings: dict[int, list[dict[str, Any]]] = defaultdict(list)
        unwarned = set()
        for code, found in places.items():
            rows = list(dict.fromkeys(row for _, row, _ in found))
            shown = ", ".join(str(row) for row in rows[:MAX_ROWS_SHOWN])
            for key, row, had_none in dict.fromkeys(found) if len(found) > 1 else ():
                problem = Problem(row, "", "sku_repeated", {"code": code, "rows": shown})
                warnings[key].append(problem.to_json())
                unwarned |= {key} if had_none else set()
        with connection.cursor() as cursor:
            cursor.executemany(
                _WARN, [(orjson.dumps(found).decode(), key) for key, found in warnings.items()]
            )
        return len(unwarned)

    def _places(self, catalogue_import: CatalogueImport) -> dict[str, list[tuple[int, int, bool]]]:
        places: dict[str, list[tuple[int, int, bool]]] = defaultdict(list)
        values: dict[str, Any] = {
            "merchant": require_merchant_id(),
            "import": catalogue_import.pk,
            "codes": list(self._perhaps),
            "limit": MAX_PLACES,
        }
        with connection.cursor() as cursor:
            cursor.execute(_PLACES, values)
            for code, key, row, had_none in cursor.fetchall():
                places[code].append((key, row, had_none))
        return places
