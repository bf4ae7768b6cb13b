"""Connecting a model behind an OpenAI-compatible server."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.models import MerchantEndpoint


class MerchantEndpointForm(forms.ModelForm):  # type: ignore[type-arg]
    """cleaned_data["api_key"] is None where the stored key stays as it is."""

    base_url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Up to and including the version, such as https://api.example.com/v1."),
    )
    api_key = forms.CharField(
        label=_("API key"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Stored encrypted and never shown again."),
    )

    class Meta:
        model = MerchantEndpoint
        fields = ["name", "base_url", "model", "api_key", "max_concurrency", "is_active"]
        help_texts = {"model": _("As the server names it, such as qwen2.5:7b or gpt-4.1-mini.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.api_key_encrypted:
            self.fields["api_key"].help_text = _("Leave empty to keep the stored key.")

    def clean_max_concurrency(self) -> int:
        n: int = self.cleaned_data["max_concurrency"]
        if not 1 <= n <= 64:
            raise forms.ValidationError(_("Between 1 and 64."))
        return n

    def clean_api_key(self) -> str | None:
        key: str = self.cleaned_data["api_key"].strip()
        return None if not key and self.instance.pk else key

    def clean(self) -> dict[str, Any]:
        """Whoever moves a model to another server must know its key: the stored one would go there."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        before, address = self.instance, values.get("base_url", "")
        is_moved = address and urlsplit(address)[:2] != urlsplit(before.base_url)[:2]
        if is_moved and before.api_key_encrypted and values.get("api_key") is None:
            self.add_error("api_key", self.fields["api_key"].error_messages["required"])
        return values

    def _post_clean(self) -> None:
        """The service writes the fields and checks what lies across rows; the form only shapes."""
