"""The SKUs and the images of a product, a row each."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.forms.drafts import DraftForm
from stores.importers.base import ParsedImage, ParsedSku
from stores.importers.problems import message_of
from stores.importers.shopify_cells import BadCell, read_url
from stores.models import ProductImage, Sku
from stores.money import NotAnAmount, minor_digits, parse_amount
from stores.numbers import NotANumber, parse_decimal

MAX_SKUS = 100
MAX_IMAGES = 50
MAX_GRAMS = Decimal(10) ** 9
NO_IMAGE = ("", gettext_lazy("None"))


class AmountField(forms.CharField):
    """An amount of money as people write it; gives the currency's smallest unit or None."""

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, **kwargs)
        self.currency = currency
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        digits = minor_digits(self.currency)
        return number_format(Decimal(value).scaleb(-digits), digits, force_grouping=False)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            return parse_amount(text, self.currency)
        except NotAnAmount as problem:
            raise forms.ValidationError(message_of(problem.code, problem.params)) from problem


class GramsField(forms.CharField):
    """A weight in grams; gives a plain decimal number or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, required=False, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> str | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            grams = parse_decimal(text, decimals=3)
        except NotANumber as problem:
            raise forms.ValidationError(
                _("“%(value)s” is no weight.") % {"value": text}
            ) from problem
        if grams >= MAX_GRAMS:
            raise forms.ValidationError(_("This is too heavy."))
        return plain_grams(grams)


class SkuForm(DraftForm):
    """option_names: by place, as ProductForm.option_names. urls: of the images to choose from."""

    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    code = forms.CharField(label=gettext_lazy("SKU"), max_length=255, required=False)
    barcode = forms.CharField(label=gettext_lazy("Barcode"), max_length=64, required=False)

    def __init__(
        self,
        *args: Any,
        option_names: Mapping[int, str],
        currency: str,
        urls: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.option_places = list(option_names)
        own = {
            f"option_{place}": forms.CharField(label=name, max_length=255)
            for place, name in option_names.items()
        }
        self.fields = {**own, **self.fields}
        more: dict[str, forms.Field] = {
            "price": AmountField(label=gettext_lazy("Price"), currency=currency),
            "compare_at_price": AmountField(label=gettext_lazy("Price before"), currency=currency),
            "weight_grams": GramsField(label=gettext_lazy("Weight in grams")),
        }
        if urls:
            choices = [NO_IMAGE, *((url, _name_of(n, url)) for n, url in enumerate(urls, start=1))]
            image = forms.ChoiceField(label=gettext_lazy("Image"), choices=choices, required=False)
            more["image_url"] = image
        self.fields |= more

    def visible_rows(self) -> list[forms.BoundField]:
        """The fields that a row shows, options first."""
        return [self[name] for name in self.fields if name not in ("key", "DELETE")]


def _name_of(number: int, url: str) -> str:
    return f"{number} · {url.rsplit('/', 1)[-1][-60:] or url[-60:]}"


SkuForms = forms.formset_factory(
    SkuForm, extra=0, can_delete=True, max_num=MAX_SKUS, validate_max=True
)


def skus_initial(skus: Sequence[Sku]) -> list[dict[str, Any]]:
    """One row of the form for each SKU."""
    return [
        {
            "key": sku.public_id,
            "code": sku.code,
            "barcode": sku.barcode,
            "price": sku.price_minor,
            "compare_at_price": sku.compare_at_price_minor,
            "weight_grams": plain_grams(sku.weight_grams) or "",
            "image_url": sku.image.url if sku.image else "",
            **{f"option_{place}": value for place, value in enumerate(sku.options)},
        }
        for sku in skus
    ]


def read_skus(formset: Any) -> tuple[list[ParsedSku], dict[str, tuple[str, ...]]]:
    """The SKUs of a valid formset in their order, and the options of those that are known, by key."""
    skus, known = [], {}
    for form in formset:
        row = form.cleaned_data
        if row.get("DELETE") or not any(value for value in row.values()):
            continue
        options = tuple(row[f"option_{place}"] for place in form.option_places)
        skus.append(
            ParsedSku(
                options=options,
                code=row["code"],
                barcode=row["barcode"],
                price_minor=row["price"],
                compare_at_price_minor=row["compare_at_price"],
                weight_grams=row["weight_grams"],
                image_url=row.get("image_url", ""),
            )
        )
        if row["key"]:
            known[row["key"]] = options
    return skus, known


def parsed_skus(skus: Sequence[Sku]) -> list[ParsedSku]:
    """SKUs as they are, to be compared with what a form brings."""
    return [
        ParsedSku(
            options=tuple(sku.options),
            code=sku.code,
            barcode=sku.barcode,
            price_minor=sku.price_minor,
            compare_at_price_minor=sku.compare_at_price_minor,
            weight_grams=plain_grams(sku.weight_grams),
            image_url=sku.image.url if sku.image else "",
        )
        for sku in skus
    ]


def plain_grams(grams: Decimal | None) -> str | None:
    """The number without the zeros that the column adds."""
    if grams is None:
        return None
    return f"{grams:f}".rstrip("0").rstrip(".") if "." in f"{grams:f}" else f"{grams:f}"


class ImageForm(DraftForm):
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2000,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    alt_text = forms.CharField(
        label=gettext_lazy("Alternative text"), max_length=512, required=False
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            return read_url(url) if url else ""
        except BadCell as problem:
            message = _("This is no web address, such as https://example.org/mug.jpg.")
            raise forms.ValidationError(message) from problem

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("alt_text") and "url" in values and not values["url"]:
            self.add_error("url", _("Where is the image?"))
        return values


class _ImageForms(forms.BaseFormSet):  # type: ignore[type-arg]  # not generic at run time
    def clean(self) -> None:
        urls = [form.cleaned_data.get("url") for form in self.forms if form.is_valid()]
        kept = [url for url in urls if url]
        if len(set(kept)) < len(kept):
            raise forms.ValidationError(_("Two images have the same address."))


ImageForms = forms.formset_factory(
    ImageForm,
    formset=_ImageForms,
    extra=0,
    can_delete=True,
    can_order=True,
    max_num=MAX_IMAGES,
    validate_max=True,
)


def images_initial(images: Sequence[ProductImage]) -> list[dict[str, Any]]:
    """One row of the form for each image."""
    return [
        {"url": image.url, "alt_text": image.alt_text, "ORDER": n}
        for n, image in enumerate(images, start=1)
    ]


def read_images(formset: Any) -> list[ParsedImage]:
    """The images of a valid formset in the order that their numbers give."""
    rows = [form.cleaned_data for form in formset.ordered_forms]
    urls = [(row["url"], row.get("alt_text", "")) for row in rows if row.get("url")]
    return [ParsedImage(url, alt, n) for n, (url, alt) in enumerate(urls, start=1)]


def parsed_images(images: Sequence[ProductImage]) -> list[ParsedImage]:
    """Images as they are, to be compared with what a form brings."""
    return [ParsedImage(image.url, image.alt_text, n) for n, image in enumerate(images, start=1)]
