"""What a reviewer writes beside the text itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.prompts.product_description import MAX_INSTRUCTIONS

REASONS = [
    ("untrue", _("Says things that are not true of the product")),
    ("generic", _("Could be about any product")),
    ("tone", _("Wrong tone")),
    ("length", _("Too long or too short")),
    ("language", _("Mistakes in the language")),
    ("claims", _("Promises that we must not make")),
]


class RejectForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=REASONS, required=False, widget=forms.RadioSelect
    )
    details = forms.CharField(
        label=_("In your own words"), required=False, max_length=400, strip=True
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not (values.get("reason") or values.get("details")):
            raise forms.ValidationError(_("Choose a reason, or write one."))
        return values

    def words(self) -> str:
        """The reason of a valid form as it is kept with the text."""
        chosen = str(dict(REASONS).get(self.cleaned_data["reason"], ""))
        return ": ".join(part for part in (chosen, self.cleaned_data["details"]) if part)


class RegenerateForm(forms.Form):
    instructions = forms.CharField(
        label=_("What should be different?"),
        required=False,
        max_length=MAX_INSTRUCTIONS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as: shorter, less solemn, mention the oak lid."),
    )
