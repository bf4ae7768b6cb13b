"""The whole form of a product: its fields, attributes, SKUs and images, read and checked together."""

from typing import Any

from django.http import QueryDict

from stores.forms.product_rows import (
    MAX_IMAGES,
    MAX_SKUS,
    ImageForms,
    SkuForms,
    images_initial,
    parsed_images,
    parsed_skus,
    read_images,
    read_skus,
    skus_initial,
)
from stores.forms.products import (
    MAX_ATTRIBUTES,
    MAX_OPTIONS,
    AttributeForms,
    ProductForm,
    attributes_initial,
    product_initial,
    read_attributes,
)
from stores.models import Product
from tenants.errors import DomainError

LIMITS = {"attributes": MAX_ATTRIBUTES, "skus": MAX_SKUS, "images": MAX_IMAGES}
FIELDS = ("title", "vendor", "product_type", "category", "tags", "status", "locale", "handle")


class ProductForms:
    """Of a product, or of one to be made (None). data: what was posted, None for a fresh form.

    currency: of prices. is_draft: as DraftForm. too_many_...: the product has more than a page can
    hold, so that these are left as they are; SKUs also where their options are.
    """

    def __init__(
        self,
        product: Product | None,
        data: QueryDict | None,
        currency: str,
        *,
        is_draft: bool = False,
    ) -> None:
        self.is_draft = is_draft
        self.product = product
        self.skus_here = list(product.skus.select_related("image")) if product else []
        self.images_here = list(product.images.all()) if product else []
        self.too_many_attributes = product is not None and len(product.attributes) > MAX_ATTRIBUTES
        self.too_many_options = product is not None and len(product.option_names) > MAX_OPTIONS
        self.too_many_skus = self.too_many_options or len(self.skus_here) > MAX_SKUS
        self.too_many_images = len(self.images_here) > MAX_IMAGES
        self.currency = (product and product.currency) or currency
        self.main = self._main(data)
        draft = {"is_draft": is_draft}
        attributes = attributes_initial(product) if product else None
        images = images_initial(self.images_here)
        self.attributes = AttributeForms(
            data, prefix="attributes", initial=attributes, form_kwargs=draft
        )
        self.images = ImageForms(data, prefix="images", initial=images, form_kwargs=draft)
        self.skus = self._skus(data)
        self.sku_errors: list[str] = []

    def _main(self, data: QueryDict | None) -> ProductForm:
        n_options = len(self.product.option_names) if self.product else 0
        if data is not None:
            n_options = max(n for n in range(MAX_OPTIONS + 1) if not n or _named(data, n - 1))
        initial = product_initial(self.product) if self.product else {"status": "active"}
        return ProductForm(data, n_options=n_options, initial=initial, is_draft=self.is_draft)

    def _skus(self, data: QueryDict | None) -> Any:
        urls = [image.url for image in self.images_here]
        if not self.too_many_images:
            urls = [str(form["url"].value() or "").strip() for form in self.images]
        keywords = {
            "option_names": self.main.option_names(),
            "currency": self.currency,
            "is_draft": self.is_draft,
            "urls": list(dict.fromkeys(url for url in urls if url)),
        }
        rows = skus_initial(self.skus_here) or [{}]
        return SkuForms(data, prefix="skus", initial=rows, form_kwargs=keywords)

    def is_valid(self) -> bool:
        """Whether all of it can be read; where not, each field says why."""
        parts = [
            (self.main, False),
            (self.attributes, self.too_many_attributes),
            (self.images, self.too_many_images),
            (self.skus, self.too_many_skus),
        ]
        answers = [part.is_valid() for part, is_left in parts if not is_left]
        return all(answers)

    def explain(self, error: DomainError) -> None:
        """Show a rule's refusal where it belongs."""
        if error.code.startswith("sku_"):
            self.sku_errors = [str(error.message)]
        else:
            self.main.add_error(
                "handle" if error.code == "handle_taken" else None, str(error.message)
            )

    def values(self) -> dict[str, Any]:
        """What create_product takes."""
        read = {name: self.main.cleaned_data[name] for name in (*FIELDS, "description")}
        skus, _known = read_skus(self.skus)
        return read | {
            "attributes": read_attributes(self.attributes, []),
            "option_names": list(self.main.option_names().values()),
            "skus": skus,
            "images": read_images(self.images),
        }

    def changes(self) -> dict[str, Any]:
        """What update_product takes: only what is other than it is."""
        product = self.product
        if product is None:
            raise ValueError("a product that is not there yet has no changes")
        read = {name: self.main.cleaned_data[name] for name in FIELDS}
        if not self.too_many_options:
            read["option_names"] = list(self.main.option_names().values())
        if not self.too_many_attributes:
            read["attributes"] = read_attributes(self.attributes, product.attributes)
        for name in ("locale", "handle"):
            read[name] = read[name] or getattr(product, name)
        changed = {n: value for n, value in read.items() if value != getattr(product, n)}
        return changed | self._changed_images() | self._changed_skus()

    def _changed_images(self) -> dict[str, Any]:
        if self.too_many_images:
            return {}
        images = read_images(self.images)
        return {} if images == parsed_images(self.images_here) else {"images": images}

    def _changed_skus(self) -> dict[str, Any]:
        if self.too_many_skus:
            return {}
        skus, known = read_skus(self.skus)
        if skus == parsed_skus(self.skus_here) and len(known) == len(self.skus_here):
            return {}
        return {"skus": skus, "kept_skus": known}


def with_row(data: QueryDict) -> QueryDict:
    """The posted form with one more row of the kind that its button names."""
    more = data.copy()
    prefix = data.get("add_row", "")
    if prefix in LIMITS:
        total = data.get(f"{prefix}-TOTAL_FORMS", "0")
        is_count = total.isascii() and total.isdigit() and len(total) <= 4
        n = min(int(total) + 1 if is_count else 1, LIMITS[prefix])
        more[f"{prefix}-TOTAL_FORMS"] = str(n)
    return more


def _named(data: QueryDict, place: int) -> bool:
    return bool(data.get(f"option_name_{place}", "").strip())
