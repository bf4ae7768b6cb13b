"""One SKU or one image of a product, written through the product so that its rules hold."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stores.importers.base import ParsedImage, ParsedSku
from stores.models import Product, ProductImage, Sku
from stores.services.products import update_product
from tenants.actor import Actor
from tenants.errors import DomainError

MAX_SKUS = 2048
MAX_IMAGES = 250


def add_sku(*, product: Product, sku: ParsedSku, actor: Actor) -> Sku:
    """A further SKU, as the last one of its product.

    Raises DomainError too_many_skus, sku_options_missing, sku_options_repeated (422).
    """
    with transaction.atomic():
        here = _skus(_locked(product))
        if len(here) >= MAX_SKUS:
            message = _("A product has %(limit)s SKUs at most.") % {"limit": MAX_SKUS}
            raise DomainError("too_many_skus", message, status=422)
        update_product(product=product, actor=actor, skus=[*map(parsed_sku, here), sku])
        added: Sku = product.skus.get(options=list(sku.options))
        return added


def change_sku(*, sku: Sku, actor: Actor, **changes: Any) -> Sku:
    """The SKU with other values, named as in ParsedSku; with other options it stays who it is.

    Raises DomainError as add_sku does.
    """
    with transaction.atomic():
        product = _locked(sku.product)
        here = _skus(product)
        wanted = [
            replace(parsed_sku(one), **changes) if one.pk == sku.pk else parsed_sku(one)
            for one in here
        ]
        kept = {one.public_id: new.options for one, new in zip(here, wanted, strict=True)}
        update_product(product=product, actor=actor, kept_skus=kept, skus=wanted)
        changed: Sku = product.skus.get(pk=sku.pk)
        return changed


def remove_sku(*, sku: Sku, actor: Actor) -> None:
    """Take a SKU from its product. Raises DomainError last_sku: a product has one at least."""
    with transaction.atomic():
        product = _locked(sku.product)
        left = [parsed_sku(one) for one in _skus(product) if one.pk != sku.pk]
        if not left:
            message = _("A product keeps one SKU at least. Delete the product instead.")
            raise DomainError("last_sku", message)
        update_product(product=product, actor=actor, skus=left)


def add_image(*, product: Product, url: str, alt_text: str, actor: Actor) -> ProductImage:
    """A further image, as the last one. Raises DomainError image_repeated, too_many_images."""
    with transaction.atomic():
        here = _images(_locked(product))
        if any(image.url == url for image in here):
            raise DomainError("image_repeated", _("The product has this image already."))
        if len(here) >= MAX_IMAGES:
            message = _("A product has %(limit)s images at most.") % {"limit": MAX_IMAGES}
            raise DomainError("too_many_images", message, status=422)
        _write_images(product, [*here, ParsedImage(url, alt_text, 0)], actor)
        added: ProductImage = product.images.get(url=url)
        return added


def change_image(
    *, image: ProductImage, actor: Actor, alt_text: str | None = None, position: int | None = None
) -> ProductImage:
    """The image with another text, or at another place; the others make room."""
    with transaction.atomic():
        product = _locked(image.product)
        here = _images(product)
        at = next(n for n, one in enumerate(here) if one.url == image.url)
        moved = here.pop(at)
        if alt_text is not None:
            moved = replace(moved, alt_text=alt_text)
        here.insert(at if position is None else min(position, len(here) + 1) - 1, moved)
        _write_images(product, here, actor)
        changed: ProductImage = product.images.get(pk=image.pk)
        return changed


def remove_image(*, image: ProductImage, actor: Actor) -> None:
    """Take an image from its product, and from the SKUs that showed it."""
    with transaction.atomic():
        product = _locked(image.product)
        left = [one for one in _images(product) if one.url != image.url]
        _write_images(product, left, actor)


def parsed_sku(sku: Sku) -> ParsedSku:
    """A SKU as the merge takes it: nothing of it changes."""
    weight = sku.weight_grams
    return ParsedSku(
        options=tuple(sku.options),
        code=sku.code,
        barcode=sku.barcode,
        price_minor=sku.price_minor,
        compare_at_price_minor=sku.compare_at_price_minor,
        weight_grams=None if weight is None else str(weight),
        image_url=sku.image.url if sku.image else "",
    )


def _locked(product: Product) -> Product:
    locked: Product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    return locked


def _skus(product: Product) -> list[Sku]:
    return list(product.skus.select_related("image"))


def _images(product: Product) -> list[ParsedImage]:
    return [ParsedImage(one.url, one.alt_text, one.position) for one in product.images.all()]


def _write_images(product: Product, images: Sequence[ParsedImage], actor: Actor) -> None:
    placed = [replace(image, position=n) for n, image in enumerate(images, start=1)]
    update_product(product=product, actor=actor, images=placed)
