"""What a person may change about a product itself, and its attributes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.catalogue.bulk_changes import MAX_TAG_CHARACTERS, split_tags
from stores.forms.drafts import DraftForm
from stores.importers.attribute_values import MAX_UNIT_CHARACTERS, parse_value, write_value
from stores.models import Product
from web.languages import is_language_tag

MAX_ATTRIBUTES = 100
MAX_OPTIONS = 10
OPTION_FIELDS = 3


class ProductForm(DraftForm):
    """options: names of the product's options; there is room for at least three."""

    title = forms.CharField(label=_("Title"), max_length=255)
    vendor = forms.CharField(label=_("Vendor"), max_length=255, required=False)
    product_type = forms.CharField(label=_("Type"), max_length=255, required=False)
    category = forms.CharField(
        label=_("Category"),
        max_length=500,
        required=False,
        help_text=_("From the general to the special, with > between: Kitchen > Mugs."),
    )
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=5000, help_text=_("Separated by commas.")
    )
    status = forms.ChoiceField(label=_("Status"), choices=Product.Status.choices)
    locale = forms.CharField(
        label=_("Language"),
        max_length=16,
        required=False,
        help_text=_("A language tag such as en, de or zh-Hans. Texts stay in their language."),
    )
    handle = forms.CharField(
        label=_("Handle"),
        max_length=255,
        required=False,
        help_text=_("The name in addresses and files. Imports know the product by it."),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Published at once as written by you. Leave it empty to have one written."),
    )

    def __init__(self, *args: Any, n_options: int = OPTION_FIELDS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(min(max(n_options, OPTION_FIELDS), MAX_OPTIONS)):
            self.fields[f"option_name_{n}"] = forms.CharField(
                label=_("Option %(n)s") % {"n": n + 1}, max_length=255, required=False
            )

    @property
    def option_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("option_name_")]

    def option_names(self) -> dict[int, str]:
        """The names that are filled in, by their place; read before validation too."""
        values = [str(bound.value() or "").strip() for bound in self.option_fields]
        return {place: name for place, name in enumerate(values) if name}

    def clean_tags(self) -> list[str]:
        tags = split_tags(self.cleaned_data["tags"])
        if any(len(tag) > MAX_TAG_CHARACTERS for tag in tags):
            raise forms.ValidationError(_("A tag has at most 255 characters."))
        return tags

    def clean_locale(self) -> str:
        locale: str = self.cleaned_data["locale"].strip()
        if locale and not is_language_tag(locale):
            raise forms.ValidationError(_("This is not a language tag. Examples: en, de, zh-Hans."))
        return locale

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for bound in self.option_fields:
            name = values.get(bound.name, "")
            if name and name in seen:
                self.add_error(bound.name, _("Two options have the same name."))
            seen.add(name)
        return values


class AttributeForm(DraftForm):
    name = forms.CharField(label=_("Name"), max_length=255, required=False)
    value = forms.CharField(label=_("Value"), max_length=5000, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=MAX_UNIT_CHARACTERS, required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("value") and not values.get("name"):
            self.add_error("name", _("Give it a name."))
        typed = parse_value(values.get("value", ""))
        if values.get("unit") and values.get("value"):
            if typed.type != "number" or typed.unit:
                self.add_error("unit", _("A unit belongs to a plain number."))
            else:
                typed = typed._replace(unit=values["unit"])
        values["typed"] = typed
        return values


AttributeForms = forms.formset_factory(
    AttributeForm, extra=0, can_delete=True, max_num=MAX_ATTRIBUTES, validate_max=True
)


def product_initial(product: Product) -> dict[str, Any]:
    """What the form shows before anything was changed."""
    names = ("title", "vendor", "product_type", "category", "status", "locale", "handle")
    options = {f"option_name_{n}": name for n, name in enumerate(product.option_names)}
    values = {name: getattr(product, name) for name in names}
    return {**values, "tags": ", ".join(product.tags), **options}


def attributes_initial(product: Product) -> list[dict[str, str]]:
    """One row of the form for each attribute."""
    return [_row(attribute) for attribute in product.attributes]


def read_attributes(formset: Any, before: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The attributes of a valid formset; what was not touched keeps its type and its origin."""
    known = {_key(_row(attribute)): attribute for attribute in before}
    attributes = []
    for row in formset.cleaned_data:
        if row.get("DELETE") or not row.get("name") or not row.get("value"):
            continue
        typed = row["typed"]
        fresh = {"name": row["name"], "value": typed.value, "type": typed.type, "unit": typed.unit}
        attributes.append(known.get(_key(row), fresh))
    return attributes


def _row(attribute: Mapping[str, Any]) -> dict[str, str]:
    return {
        "name": attribute["name"],
        "value": write_value(attribute["value"]),
        "unit": attribute.get("unit") or "",
    }


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["name"], row["value"], row.get("unit", "")
