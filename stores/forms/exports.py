"""What goes out: in which format, and how often."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.exporters.registry import all_exporters
from stores.models import Feed
from stores.services.exports import MAX_LINK_CHARACTERS, checked_link_template
from tenants.errors import DomainError


class FormatForm(forms.Form):
    """The cards of the formats are the page's; the field checks what they send."""

    format = forms.ChoiceField(label=_("Format"), widget=forms.RadioSelect)
    link_template = forms.CharField(
        label=_("Address of a product in your shop"),
        required=False,
        max_length=MAX_LINK_CHARACTERS,
        help_text=_(
            "Google needs one for each product. Such as https://shop.example/products/{handle};"
            " {sku} stands for the code of a variant."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exporters = all_exporters()
        field = self.fields["format"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (it says so above)
        field.choices = [(name, one.label) for name, one in self.exporters.items()]
        field.initial = next(iter(self.exporters))

    def clean_link_template(self) -> str:
        try:
            return checked_link_template(self.cleaned_data["link_template"])
        except DomainError as error:
            raise forms.ValidationError(str(error.message)) from error


class ExportForm(FormatForm):
    only_changed = forms.BooleanField(
        label=_("Only what changed since the last export of this format and selection"),
        required=False,
        help_text=_(
            "Products that were deleted in between are in no file: after deleting some, export"
            " everything."
        ),
    )


class FeedForm(FormatForm):
    """A feed is always whole: who fetches it would take what is missing for deleted."""

    field_order = ("name", "format", "every_minutes", "link_template")
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Who fetches it, such as “Google Merchant”.")
    )
    every_minutes = forms.TypedChoiceField(
        label=_("Written"), choices=Feed.Every.choices, coerce=int, initial=Feed.Every.DAY
    )
