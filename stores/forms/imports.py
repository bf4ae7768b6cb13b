"""Bringing a file, and what to do where it and we have both changed a text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.importers.base import ImportOptions

ON_CONFLICT = [
    ("keep", _("Keep the text that is published here")),
    ("take", _("Take the text of the file")),
]


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv", "class": "input"}),
    )
    locale = forms.CharField(
        label=_("Language of the texts in the file"),
        max_length=16,
        help_text=_("A language tag such as en, de or zh-Hans."),
    )
    is_human_written = forms.BooleanField(
        label=_("People wrote the descriptions in this file"),
        required=False,
        help_text=_("Otherwise they are kept as imported, author unknown."),
    )
    on_conflict = forms.ChoiceField(
        label=_("Where a description was changed both here and in the file"),
        choices=ON_CONFLICT,
        initial="keep",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_locale(self) -> str:
        locale: str = self.cleaned_data["locale"].strip()
        if not all(p.isalnum() and p.isascii() and len(p) <= 8 for p in locale.split("-")):
            raise forms.ValidationError(_("This is not a language tag. Examples: en, de, zh-Hans."))
        return locale

    def options(self) -> ImportOptions:
        """The options of a valid form."""
        names = ("locale", "is_human_written", "on_conflict")
        values = {name: self.cleaned_data[name] for name in names}
        return ImportOptions(currency=self.currency, **values)
