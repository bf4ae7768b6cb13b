"""The filters of the list of products, as a form that writes an address."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.models import CopyState, Product, Readiness
from stores.selectors.catalogue import Choices
from stores.selectors.filters import ProductFilter

ANY = ("", _("Any"))
SORTED_BY = (
    ("title", _("Title")),
    ("-updated_at", _("Changed last")),
    ("updated_at", _("Changed longest ago")),
    ("min_price_minor", _("Lowest price first")),
    ("-min_price_minor", _("Highest price first")),
    ("product_type", _("Type")),
    ("vendor", _("Vendor")),
    ("category", _("Category")),
)


class FilterForm(forms.Form):
    """Unbound always: it shows the filter that is set, and its answer is an address.

    suggestions: what its text fields offer; they take anything else too.
    """

    copy_state = forms.ChoiceField(label=_("Text"), choices=[ANY, *CopyState.choices])
    readiness = forms.ChoiceField(label=_("Readiness"), choices=[ANY, *Readiness.choices])
    status = forms.ChoiceField(label=_("Status"), choices=[ANY, *Product.Status.choices])
    category = forms.CharField(label=_("Category, with all below it"))
    product_type = forms.CharField(label=_("Type"))
    vendor = forms.CharField(label=_("Vendor"))
    tag = forms.CharField(label=_("Tag"))
    collection = forms.ChoiceField(label=_("Collection"))
    attribute_name = forms.CharField(label=_("Attribute"))
    attribute_value = forms.CharField(label=_("Value, if any"))
    price_min = forms.DecimalField(label=_("Price from"), min_value=0, decimal_places=2)
    price_max = forms.DecimalField(label=_("Price to"), min_value=0, decimal_places=2)
    sort = forms.ChoiceField(label=_("Sort by"), choices=SORTED_BY)

    def __init__(
        self,
        chosen: ProductFilter,
        sort: str,
        choices: Choices,
        collections: Iterable[tuple[str, str]],
    ) -> None:
        own = {name: getattr(chosen, name, "") for name in self.base_fields}
        super().__init__(initial={**own, "sort": sort}, use_required_attribute=False)
        for field in self.fields.values():
            field.required = False
        self.fields["collection"].choices = [ANY, *collections]  # type: ignore[attr-defined]
        self.suggestions = {
            "category": choices.categories,
            "product_type": choices.product_types,
            "vendor": choices.vendors,
            "tag": choices.tags,
            "attribute_name": choices.attributes,
        }
        for name in self.suggestions:
            self.fields[name].widget.attrs["list"] = f"{name}-values"
