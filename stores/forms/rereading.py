"""Reading a file in another way than it was recognised."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.forms.imports import DECIMAL_MARKS, format_choices
from stores.importers.base import ImportOptions
from stores.importers.stored import unpack_options
from stores.models import CatalogueImport

ENCODINGS = [
    ("", _("Recognise it")),
    ("utf-8", "UTF-8"),
    ("utf-16-le", "UTF-16 LE"),
    ("utf-16-be", "UTF-16 BE"),
    ("gb18030", _("GB18030, GBK: Simplified Chinese")),
    ("big5", _("Big5: Traditional Chinese")),
    ("cp1252", _("Windows-1252: Western Europe")),
    ("cp1250", _("Windows-1250: Central Europe")),
    ("cp1251", _("Windows-1251: Cyrillic")),
    ("cp1253", _("Windows-1253: Greek")),
    ("cp1254", _("Windows-1254: Turkish")),
    ("cp1255", _("Windows-1255: Hebrew")),
    ("cp1256", _("Windows-1256: Arabic")),
    ("cp1257", _("Windows-1257: Baltic")),
    ("cp1258", _("Windows-1258: Vietnamese")),
    ("cp874", _("Windows-874: Thai")),
    ("koi8-r", _("KOI8-R: Russian")),
    ("iso8859-15", _("ISO 8859-15: Western Europe")),
    ("mac-roman", _("Mac Roman")),
    ("cp932", _("Shift JIS: Japanese")),
    ("cp949", _("EUC-KR: Korean")),
]
DELIMITERS = [
    ("", _("Recognise it")),
    (",", _("Comma ,")),
    (";", _("Semicolon ;")),
    ("\t", _("Tab")),
    ("|", _("Vertical bar |")),
]
QUOTES = [("", _("Recognise it")), ('"', _('Double " "')), ("'", _("Single ' '"))]


class RereadForm(forms.Form):
    """What a person may overrule; what is left empty is recognised."""

    format = forms.ChoiceField(label=_("Format"), choices=format_choices, required=False)
    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS, required=False)
    # A tab is white space to Django's own stripping.
    delimiter = forms.TypedChoiceField(label=_("Separator"), choices=DELIMITERS, required=False)
    quote = forms.ChoiceField(label=_("Quotation marks"), choices=QUOTES, required=False)
    decimal_mark = forms.ChoiceField(
        label=_("Numbers that could be read in two ways"), choices=DECIMAL_MARKS, required=False
    )
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_row = forms.IntegerField(
        label=_("Column names in row"), required=False, min_value=1, max_value=1_000
    )

    def __init__(self, *args: Any, found: CatalogueImport, **kwargs: Any) -> None:
        self.before = unpack_options(found.options)
        more = {"auto_id": "id_reread_%s", "initial": _initial(self.before)}
        super().__init__(*args, **{**more, **kwargs})
        for name in ("encoding", "delimiter", "quote"):
            self._offer(name, getattr(self.before, name))
        sheets = found.reading.get("sheets") or ()
        if sheets:
            named = [(name, name) for name in sheets]
            self.fields["sheet"].choices = [("", _("The first with products")), *named]  # type: ignore[attr-defined]
            for name in ("encoding", "delimiter", "quote"):
                del self.fields[name]
        else:
            del self.fields["sheet"]

    def _offer(self, name: str, value: str) -> None:
        """What the API or a profile has chosen stays possible, though we do not list it."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField) and not field.valid_value(value):
            field.choices = [*field.choices, (value, value)]  # type: ignore[misc]

    def options(self) -> ImportOptions:
        """The options of a valid form; assigned columns stay unless another format is chosen."""
        values = dict(self.cleaned_data)
        values["header_row"] = values["header_row"] or 0
        if values["format"] not in ("", "mapped"):
            values["mapping"] = None
        return replace(self.before, **values)


def _initial(options: ImportOptions) -> dict[str, Any]:
    names = ("format", "encoding", "delimiter", "quote", "decimal_mark", "sheet", "header_row")
    return {name: getattr(options, name) or None for name in names}
