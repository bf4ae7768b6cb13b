"""Forms that are still being put together: nothing is said about what is not finished."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict


class DraftForm(forms.Form):
    """is_draft: the values are kept and shown, and not looked at yet."""

    def __init__(self, *args: Any, is_draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_draft = is_draft

    def full_clean(self) -> None:
        """As ever, unless it is a draft."""
        if not self.is_draft:
            super().full_clean()
            return
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}
