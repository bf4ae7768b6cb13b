"""Writing a text: plain where nothing is lost by it, else the HTML itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.html import is_plain, paragraphs, sanitise, to_text
from stores.services.copy import MAX_TEXT_CHARACTERS

PLAIN, HTML = "plain", "html"


class CopyForm(forms.Form):
    """cleaned_data["html"] is what the services take."""

    text = forms.CharField(
        label=_("Text"),
        max_length=MAX_TEXT_CHARACTERS,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 12, "data-count": _("{count} characters")}),
    )
    markup = forms.ChoiceField(
        choices=[(PLAIN, PLAIN), (HTML, HTML)], widget=forms.HiddenInput, initial=PLAIN
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        text = values.get("text", "")
        html = sanitise(text) if values.get("markup") == HTML else paragraphs(text)
        if text and not to_text(html):
            self.add_error("text", _("The text is empty."))
        return values | {"html": html}


def copy_initial(html: str) -> dict[str, str]:
    """The text as it is edited best, and how."""
    if is_plain(html):
        return {"text": to_text(html), "markup": PLAIN}
    return {"text": html, "markup": HTML}
