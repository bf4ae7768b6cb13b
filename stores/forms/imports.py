"""Bringing a file, what is assumed of it, and what to do where it and we have both changed a text."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stores.importers.base import ImportOptions
from stores.importers.registry import all_importers
from web.languages import is_language_tag

ON_CONFLICT = [
    ("keep", _("Keep the text that is published here")),
    ("take", _("Take the text of the file")),
]
DECIMAL_MARKS = [
    ("", _("As the file shows")),
    (".", _("1,234.50: a point before the decimals")),
    (",", _("1.234,50: a comma before the decimals")),
]


def format_choices() -> list[tuple[str, str | Promise]]:
    """Every format that can be read, for a person who knows better than we can tell."""
    known = [(importer.name, importer.label) for importer in all_importers().values()]
    return [("", _("Recognise it")), *known]


def extensions() -> list[str]:
    """What file names of all formats end in, with the dot."""
    return sorted({end for importer in all_importers().values() for end in importer.extensions})


class ImportForm(forms.Form):
    """A file, or the upload in which it has arrived already."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "input"}),
    )
    upload = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
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
    apply_at_once = forms.BooleanField(
        label=_("Import without waiting for me"),
        required=False,
        help_text=_("The preview is made all the same; products that are invalid are left out."),
    )
    on_conflict = forms.ChoiceField(
        label=_("Where a description was changed both here and in the file"),
        choices=ON_CONFLICT,
        initial="keep",
        widget=forms.RadioSelect,
    )
    format = forms.ChoiceField(label=_("Format"), choices=format_choices, required=False)
    decimal_mark = forms.ChoiceField(
        label=_("Numbers that could be read in two ways"), choices=DECIMAL_MARKS, required=False
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["file"].widget.attrs["accept"] = ",".join(extensions())

    def clean_locale(self) -> str:
        locale: str = self.cleaned_data["locale"].strip()
        if not is_language_tag(locale):
            raise forms.ValidationError(_("This is not a language tag. Examples: en, de, zh-Hans."))
        return locale

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("file") and not cleaned.get("upload"):
            self.add_error("file", _("Choose a file first."))
        return cleaned

    def options(self) -> ImportOptions:
        """The options of a valid form."""
        apart = ("file", "upload")
        values = {name: v for name, v in self.cleaned_data.items() if name not in apart}
        return ImportOptions(currency=self.currency, **values)
