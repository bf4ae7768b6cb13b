"""Where the shop shows a product: the template that a person gave, filled in."""

from urllib.parse import quote, urlsplit

from stores.models import Product, Sku


def link_of(template: str, product: Product, sku: Sku) -> str:
    """The address, "" without a template. What is put in is escaped: it cannot leave its place."""
    values = {"{handle}": product.handle, "{sku}": sku.code}
    for place, value in values.items():
        template = template.replace(place, quote(value, safe=""))
    return template


def shop_of(template: str) -> str:
    """The address of the shop itself, "" without a template."""
    parts = urlsplit(template)
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""
