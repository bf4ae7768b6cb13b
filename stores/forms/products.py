"""What a person may change about a product."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.importers.attribute_values import parse_value, write_value
from stores.models import Product

MAX_ATTRIBUTES = 100


class ProductForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=255)
    vendor = forms.CharField(label=_("Vendor"), max_length=255, required=False)
    product_type = forms.CharField(label=_("Type"), max_length=255, required=False)
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=5000, help_text=_("Separated by commas.")
    )
    status = forms.ChoiceField(label=_("Status"), choices=Product.Status.choices)

    def clean_tags(self) -> list[str]:
        written = self.cleaned_data["tags"].replace("，", ",").split(",")
        tags = list(dict.fromkeys(tag.strip() for tag in written if tag.strip()))
        if any(len(tag) > 255 for tag in tags):
            raise forms.ValidationError(_("A tag has at most 255 characters."))
        return tags


class AttributeForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=255, required=False)
    value = forms.CharField(label=_("Value"), max_length=5000, required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("value") and not values.get("name"):
            self.add_error("name", _("Give it a name."))
        return values


AttributeForms = forms.formset_factory(
    AttributeForm, extra=0, can_delete=True, max_num=MAX_ATTRIBUTES, validate_max=True
)


def product_initial(product: Product) -> dict[str, Any]:
    """What the form shows before anything was changed."""
    return {
        "title": product.title,
        "vendor": product.vendor,
        "product_type": product.product_type,
        "tags": ", ".join(product.tags),
        "status": product.status,
    }


def attributes_initial(product: Product) -> list[dict[str, str]]:
    """One row of the form for each attribute."""
    return [{"name": a["name"], "value": _written(a)} for a in product.attributes]


def read_attributes(formset: Any, before: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The attributes of a valid formset; what was not touched keeps its type and its origin."""
    known = {(a["name"], _written(a)): a for a in before}
    attributes = []
    for row in formset.cleaned_data:
        name, value = row.get("name", ""), row.get("value", "")
        if row.get("DELETE") or not name or not value:
            continue
        typed = parse_value(value)
        fresh = {"name": name, "value": typed.value, "type": typed.type, "unit": typed.unit}
        attributes.append(known.get((name, value), fresh))
    return attributes


def _written(attribute: dict[str, Any]) -> str:
    return write_value(attribute["value"], attribute.get("unit"))
