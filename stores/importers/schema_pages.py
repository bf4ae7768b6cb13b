"""What a web page says about its products in schema.org's words: JSON-LD and microdata, as objects."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from stores.importers.base import UnreadableFile
from stores.importers.column_names import storable

MAX_PAGE_CHARACTERS = 5_000_000
MAX_PROPERTIES = 20_000
MAX_REFERENCES = 200
MAX_LISTED = 5_000
MAX_OBJECTS = 20_000
PRODUCTS = frozenset(
    ["Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts", "Vehicle"]
)
# A product that stands there belongs to the product around it; elsewhere in it is another's.
VARIANTS = frozenset(["hasVariant", "model"])
SAYING = frozenset(["name", "offers", "description", "sku", "hasVariant", "isVariantOf"])
JSON_LD = "application/ld+json"


def products_of_page(html: str) -> list[dict[str, Any]]:
    """The products of a page, each as an object whose references are resolved.

    A product that the page describes twice comes once. Raises UnreadableFile.
    """
    if len(html) > MAX_PAGE_CHARACTERS:
        raise UnreadableFile("html_too_large", limit=MAX_PAGE_CHARACTERS)
    try:
        return _once(products_of(_objects(html)))
    except (ValueError, RecursionError) as problem:
        raise UnreadableFile("html_broken") from problem


def products_of(objects: list[Any]) -> list[dict[str, Any]]:
    """The products among these objects of JSON-LD or microdata, wherever they stand in them."""
    plain = [_plain(one) for one in objects]
    known = {str(one["@id"]): one for one in _walk(plain) if "@id" in one and len(one) > 1}
    found = [one for one in _outermost(plain) if not SAYING.isdisjoint(one)]
    resolved = [_resolved(one, known, 0) for one in found]
    return _grouped(resolved)


def types_of(one: Mapping[str, Any]) -> set[str]:
    """The names of its types without the addresses before them."""
    types = one.get("@type", "")
    listed = types if isinstance(types, list) else [types]
    return {str(name).rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in listed}


def _objects(html: str) -> list[Any]:
    # What extruct brings along would slow down the start of every process.
    from extruct.utils import parse_html
    from lxml.etree import LxmlError

    try:
        tree = parse_html(html.encode("utf-8", "replace"), encoding="utf-8")
    except LxmlError as problem:
        raise UnreadableFile("html_broken") from problem
    _refuse_laborious(tree)
    return [*_scripts(tree), *_microdata(tree)]


def _microdata(tree: Any) -> list[Any]:
    """The items of a page; none where it is so broken that they cannot be told apart."""
    from extruct.w3cmicrodata import MicrodataExtractor

    try:
        found: list[Any] = MicrodataExtractor().extract_items(tree, _address(tree))
    except (LookupError, ValueError, TypeError, RecursionError):
        return []
    return found


def _refuse_laborious(tree: Any) -> None:
    """Microdata costs time for every property in every scope around it, so that depth multiplies."""
    properties = tree.xpath("//*[@itemprop]")
    references = sum(len(str(listed).split()) for listed in tree.xpath("//@itemref"))
    too_many = len(properties) > MAX_PROPERTIES or references > MAX_REFERENCES
    if not too_many:
        work = sum(int(one.xpath("count(ancestor::*[@itemscope])")) for one in properties)
        too_many = work > MAX_PROPERTIES
    if too_many:
        raise UnreadableFile("html_too_many_facts", limit=MAX_PROPERTIES)


def _scripts(tree: Any) -> Iterator[Any]:
    """The JSON-LD of a page; a block that is broken does not spoil the others."""
    from extruct.jsonld import JsonLdExtractor

    extractor = JsonLdExtractor()
    for script in tree.xpath("//script[@type]"):
        if script.get("type").split(";")[0].strip().lower() == JSON_LD:
            script.set("type", JSON_LD)
            try:
                yield from extractor.extract_items(script)
            except (ValueError, RecursionError):
                continue


def _address(tree: Any) -> str:
    """Where the page stands, for addresses that are not complete; "" if it does not say so."""
    for path in (
        "//base/@href",
        "//link[@rel='canonical']/@href",
        "//meta[@property='og:url']/@content",
    ):
        found = tree.xpath(path)
        if found and str(found[0]).startswith(("http://", "https://")):
            return str(found[0])
    return ""


def _plain(one: Any, depth: int = 0) -> Any:
    """Microdata in the shape of JSON-LD: its properties lie one level deeper, under other names."""
    if depth > 40:
        raise ValueError("too deep")
    if isinstance(one, list):
        return [_plain(part, depth + 1) for part in one]
    if not isinstance(one, dict):
        return one
    if isinstance(one.get("properties"), dict) and "type" in one:
        inner = _plain(one["properties"], depth + 1)
        named = {"@id": one["id"]} if "id" in one else {}
        return {"@type": one["type"], **named, **inner}
    return {storable(str(name)): _plain(value, depth + 1) for name, value in one.items()}


def _walk(values: Any) -> Iterator[dict[str, Any]]:
    """Every object, the outer ones first."""
    waiting, n = [values], 0
    while waiting:
        value = waiting.pop()
        n += 1
        if n > MAX_OBJECTS * 10:
            raise ValueError("too many objects")
        if isinstance(value, dict):
            yield value
            waiting.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _outermost(values: Any) -> Iterator[dict[str, Any]]:
    """The products that stand in no other product."""
    if isinstance(values, list):
        for value in values:
            yield from _outermost(value)
    elif isinstance(values, dict):
        if types_of(values) & PRODUCTS:
            yield values
        else:
            for value in values.values():
                yield from _outermost(value)


def _resolved(value: Any, known: Mapping[str, dict[str, Any]], depth: int) -> Any:
    """With the objects themselves where only their ids stood, three levels deep."""
    if isinstance(value, list):
        return [_resolved(part, known, depth) for part in value[:MAX_LISTED]]
    if not isinstance(value, dict):
        return value
    if set(value) == {"@id"} and depth < 4:
        value = known.get(str(value["@id"]), value)
    if depth >= 4:
        return {name: part for name, part in value.items() if not isinstance(part, dict | list)}
    return {name: _resolved(part, known, depth + 1) for name, part in value.items()}


def _grouped(products: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Variants that name their group go into it, if it is here."""
    groups = {key: one for one in products if "ProductGroup" in types_of(one) for key in _keys(one)}
    found = []
    for one in products:
        parents = as_list(one.get("isVariantOf"))
        parent = next(
            (groups[k] for p in parents if isinstance(p, dict) for k in _keys(p) if k in groups),
            None,
        )
        if parent is None or parent is one:
            found.append(one)
            continue
        variants = as_list(parent.get("hasVariant"))
        if not any(_is_same(one, known) for known in variants if isinstance(known, dict)):
            parent["hasVariant"] = [*variants, one]
    return found


def _keys(one: Mapping[str, Any]) -> list[str]:
    return [str(one[name]) for name in ("@id", "productGroupID") if one.get(name)]


def _once(products: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without those that say again what one before has said, as pages do in two notations."""
    found: list[dict[str, Any]] = []
    for one in products:
        if not any(_is_same(one, known) for known in found):
            found.append(one)
    return found


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    for name in ("@id", "sku", "url", "name"):
        if one.get(name) and other.get(name):
            return _comparable(one[name]) == _comparable(other[name])
    return False


def _comparable(value: Any) -> str:
    return " ".join(json.dumps(value, sort_keys=True, default=str).lower().split())


def as_list(value: Any) -> list[Any]:
    """A list of what may be one or several or nothing."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def text_of(value: Any) -> str:
    """The text of a value; of an object that has a name or a value, that one."""
    for one in as_list(value):
        if isinstance(one, bool):
            return str(one).lower()
        if isinstance(one, str | int | float):
            return str(one).strip()
        if isinstance(one, dict):
            for name in ("name", "value", "@value", "url", "contentUrl"):
                if found := text_of(one.get(name)):
                    return found
    return ""
