"""Products made, changed and deleted by a person or a partner."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from secrets import token_hex
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from stores.catalogue.derived import refresh_copy_state
from stores.catalogue.known import Known, known_product
from stores.catalogue.merge import merge, set_attributes
from stores.catalogue.merge_skus import label
from stores.catalogue.merged import Merged
from stores.catalogue.write import Origin, write_products
from stores.importers.base import (
    ImportOptions,
    Layout,
    ParsedImage,
    ParsedProduct,
    ParsedSku,
    with_sku_images,
)
from stores.models import CopyVersion, Product, ProductRevision, Sku
from stores.services.imports import merchant_options
from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError
from tenants.scope import require_merchant_id

SKU_FIELDS = frozenset(
    ["skus", "sku.options", "sku.code", "sku.barcode", "sku.price_minor", "sku.image_url"]
    + ["sku.compare_at_price_minor", "sku.weight_grams"]
)
TEXT_FIELDS = frozenset(["title", "vendor", "product_type", "category", "status"])
FIELDS = TEXT_FIELDS | {"tags", "images", "description"} | SKU_FIELDS
CHANGEABLE = TEXT_FIELDS | {"handle", "locale", "tags", "attributes", "option_names"}
CHANGEABLE |= {"skus", "images"}
MAX_HANDLE_TRIES = 100
HANDLES_AT_ONCE = 20


def create_product(
    *,
    title: str,
    actor: Actor,
    handle: str = "",
    vendor: str = "",
    product_type: str = "",
    category: str = "",
    tags: Sequence[str] = (),
    status: str = "active",
    locale: str = "",
    description: str = "",
    attributes: Sequence[Mapping[str, Any]] = (),
    option_names: Sequence[str] = (),
    skus: Sequence[ParsedSku] = (),
    images: Sequence[ParsedImage] = (),
) -> Product:
    """A new product; no SKUs gives it a single one without options.

    handle: "" makes one of the title. locale: "" is the merchant's. description: HTML by a person,
    published at once. attributes: {"name", "value"} and maybe "type", "unit"; see Product.
    Raises DomainError title_missing, handle_taken, sku_options_repeated, sku_options_missing.
    """
    parsed = ParsedProduct(
        handle=_held_handle(handle.strip(), title),
        first_row=0,
        title=_checked_title(title),
        vendor=vendor,
        product_type=product_type,
        category=category,
        tags=_clean_tags(tags),
        status=status,
        description=description,
        option_names=tuple(option_names),
        skus=_checked_skus(option_names, skus or [ParsedSku(options=())]),
        images=_with_all_images(images, skus),
    )
    options = merchant_options()
    options = replace(options, locale=locale or options.locale)
    merged = merge(parsed, None, Layout((), FIELDS), options)
    merged.product.attributes = _attributes(attributes, [], actor)
    write_products([merged], origin_of(actor))
    record("product.created", actor=actor, target=merged.product.public_id)
    return merged.product


def update_product(
    *,
    product: Product,
    actor: Actor,
    kept_skus: Mapping[str, Sequence[str]] | None = None,
    **changes: Any,
) -> Product:
    """Change fields of a product; names and errors as in create_product, without description.

    skus and images replace all there are: a SKU is known again by its options, an image by its url.
    No SKUs give a product without options a blank one; one with options raises last_sku.
    kept_skus: the options, by public id, of those SKUs that stay who they are even if they are
    renamed; all others are gone.
    """
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"a product has no {', '.join(sorted(unknown))} to change")
    with transaction.atomic():
        moved = _move(product, changes)
        known = known_product(product)
        before = (known.product.attributes, known.product.source)
        renamed = _rename_skus(known, kept_skus) if kept_skus else []
        merged = merge(
            _changed(known, changes), known, Layout((), _fields(changes)), _options(known)
        )
        for name, (old, new) in (*moved.items(), *renamed):
            merged.note(name, old, new)
        if "option_names" in changes and "skus" not in changes:
            _rename_options(merged, changes["option_names"])
        if "attributes" in changes:
            here = merged.product.attributes
            set_attributes(merged, _attributes(changes["attributes"], here, actor))
        if merged.changes or (merged.product.attributes, merged.product.source) != before:
            write_products([merged], origin_of(actor))
        if "locale" in moved:
            refresh_copy_state([product.pk])
    record("product.updated", actor=actor, target=product.public_id, fields=sorted(changes))
    return merged.product


def delete_product(*, product: Product, actor: Actor) -> None:
    """Delete a product with its SKUs, images and texts."""
    record("product.deleted", actor=actor, target=product.public_id, handle=product.handle)
    product.delete()


def origin_of(actor: Actor) -> Origin:
    """How what somebody does here is signed."""
    kind = ProductRevision.Kind.API if actor.kind == "api_key" else ProductRevision.Kind.PERSON
    return Origin(CopyVersion.Source.HUMAN, actor.user_id, kind=kind, actor=actor.label)


def _fields(changes: Mapping[str, Any]) -> frozenset[str]:
    named = (TEXT_FIELDS | {"tags", "images"}) & changes.keys()
    return frozenset(named | SKU_FIELDS if "skus" in changes else named)


def _changed(known: Known, changes: Mapping[str, Any]) -> ParsedProduct:
    """The changes as a parsed product; what they do not name is not looked at."""
    here = known.product
    values = {name: changes[name] for name in TEXT_FIELDS & changes.keys()}
    if "title" in values:
        _checked_title(values["title"])
    if "tags" in changes:
        values["tags"] = _clean_tags(changes["tags"])
    names = tuple(changes.get("option_names", here.option_names))
    if names and "skus" in changes and not changes["skus"]:
        raise DomainError("last_sku", _("A product keeps one SKU at least."), status=422)
    skus = _checked_skus(names, changes.get("skus") or ([] if names else [ParsedSku(())]))
    images = [ParsedImage(i.url, i.alt_text, i.position) for i in known.images]
    images = changes.get("images", images)
    image_cells = here.source.get("image_cells", {})
    urls = {image.url for image in images}
    return ParsedProduct(
        handle=here.handle,
        first_row=0,
        option_names=names,
        skus=skus,
        images=_with_all_images(images, skus),
        image_cells={url: cells for url, cells in image_cells.items() if url in urls},
        **values,
    )


def _options(known: Known) -> ImportOptions:
    """A product stays in the currency that its prices are in."""
    options = merchant_options()
    currency = known.product.currency or options.currency
    return replace(options, locale=known.product.locale, currency=currency)


def _move(product: Product, changes: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The fields by which a product is found are changed before anything is looked up by them.

    Returns those that changed, each with the old value and the new one.
    """
    wanted = {name: changes[name] for name in ("handle", "locale") if changes.get(name)}
    moved = {n: (getattr(product, n), v) for n, v in wanted.items() if v != getattr(product, n)}
    if not moved:
        return {}
    if "handle" in moved:
        _hold(wanted["handle"])
    try:
        with transaction.atomic():
            Product.objects.filter(pk=product.pk).update(**wanted)
    except IntegrityError as problem:
        raise _handle_taken() from problem
    for name, value in wanted.items():
        setattr(product, name, value)
    return moved


def _rename_skus(
    known: Known, options: Mapping[str, Sequence[str]]
) -> list[tuple[str, tuple[str, str]]]:
    """Give SKUs other options in place: stored in two steps, since two may change places."""
    gone = [sku for sku in known.skus if sku.public_id not in options]
    known.skus = [sku for sku in known.skus if sku.public_id in options]
    if len({tuple(one) for one in options.values()}) < len(options):
        message = _("Two SKUs have the same options.")
        raise DomainError("sku_options_repeated", message, status=422)
    wanted = {sku.public_id: list(options[sku.public_id]) for sku in known.skus}
    renamed = [sku for sku in known.skus if wanted[sku.public_id] != sku.options]
    names = {sku: (label(sku.options), label(wanted[sku.public_id])) for sku in renamed}
    if gone:
        Sku.objects.filter(pk__in=[sku.pk for sku in gone]).delete()
    _store_options(renamed, {sku.public_id: [sku.public_id] for sku in renamed})
    _store_options(renamed, wanted)
    notes = [("sku", (label(sku.options), "")) for sku in gone]
    return [*notes, *(("sku_options", pair) for pair in names.values())]


def _store_options(skus: Sequence[Sku], options: Mapping[str, list[str]]) -> None:
    for sku in skus:
        sku.options = options[sku.public_id]
    if skus:
        Sku.objects.bulk_update(skus, ["options"])


def _rename_options(merged: Merged, names: Sequence[str]) -> None:
    if any(len(sku.options) != len(names) for sku in merged.known.skus):
        raise DomainError("sku_options_missing", _options_missing(), status=422)
    if merged.product.option_names != list(names):
        merged.note("option_names", merged.product.option_names, list(names))
        merged.product.option_names = list(names)


def _attributes(
    given: Sequence[Mapping[str, Any]], here: Sequence[Mapping[str, Any]], actor: Actor
) -> list[dict[str, Any]]:
    """The attributes with their origin: one that is as it was keeps it, others name who wrote them."""
    before = {one["name"]: one for one in here}
    return [_attribute(one, before.get(one["name"], {}), actor) for one in given]


def _attribute(given: Mapping[str, Any], before: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    attribute = {
        "name": given["name"],
        "value": given["value"],
        "type": given.get("type", "text"),
        "unit": given.get("unit"),
    }
    origin = dict(before.get("origin") or {})
    if any(attribute[name] != before.get(name) for name in attribute):
        # The column stays: an export writes the new value where the old one came from.
        column = {"column": origin["column"]} if "column" in origin else {}
        origin = {"by": actor.label, **column}
    return {**attribute, "origin": origin}


def _checked_title(title: str) -> str:
    if not title.strip():
        raise DomainError("title_missing", _("The product has no title."), status=422)
    return title.strip()


def _clean_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Each tag once; a comma separates tags in every file format."""
    parts = (part.strip() for tag in tags for part in tag.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _checked_skus(names: Sequence[str], skus: Sequence[ParsedSku]) -> tuple[ParsedSku, ...]:
    if any(len(sku.options) != len(names) for sku in skus):
        raise DomainError("sku_options_missing", _options_missing(), status=422)
    if len({sku.options for sku in skus}) < len(skus):
        message = _("Two SKUs have the same options.")
        raise DomainError("sku_options_repeated", message, status=422)
    return tuple(skus)


def _options_missing() -> str:
    return _("Each SKU needs a value for each option.")


def _with_all_images(
    images: Sequence[ParsedImage], skus: Sequence[ParsedSku]
) -> tuple[ParsedImage, ...]:
    once = tuple({image.url: image for image in images}.values())
    return with_sku_images(once, [sku.image_url for sku in skus])


def _held_handle(wanted: str, title: str) -> str:
    """The handle wanted, or one made of the title, that nobody else takes before we have written."""
    handle = wanted or _free_handle(title)
    _hold(handle)
    if not Product.objects.filter(handle=handle).exists():
        return handle
    if wanted:
        raise _handle_taken()
    return _held_handle("", title)


def _hold(handle: str) -> None:
    """Let others who want the handle wait until the transaction ends: an upsert would overwrite."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))",
            [f"stores.handle {require_merchant_id()}", handle],
        )


def _handle_taken() -> DomainError:
    return DomainError("handle_taken", _("Another product has this handle."))


def _free_handle(title: str) -> str:
    stem = slugify(title, allow_unicode=True)[:240] or "product"
    for first in range(1, MAX_HANDLE_TRIES, HANDLES_AT_ONCE):
        tries = [f"{stem}-{n}" if n > 1 else stem for n in range(first, first + HANDLES_AT_ONCE)]
        taken = set(Product.objects.filter(handle__in=tries).values_list("handle", flat=True))
        if len(taken) < len(tries):
            return next(handle for handle in tries if handle not in taken)
    return f"{stem}-{token_hex(4)}"
