"""Products made, changed and deleted by a person or a partner."""

from collections.abc import Mapping, Sequence
from typing import Any

from stores.importers.base import ParsedImage, ParsedSku
from stores.models import Product
from tenants.actor import Actor


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
    Raises DomainError handle_taken, sku_options_repeated, sku_options_missing.
    """
    raise NotImplementedError


def update_product(*, product: Product, actor: Actor, **changes: Any) -> Product:
    """Change fields of a product; names and errors as in create_product, without description.

    skus and images replace all there are: a SKU is known again by its options, an image by its url.
    """
    raise NotImplementedError


def delete_product(*, product: Product, actor: Actor) -> None:
    """Delete a product with its SKUs, images and texts."""
    raise NotImplementedError
