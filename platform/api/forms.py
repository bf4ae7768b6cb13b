"""The form for a new key."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.models import Scope

DAYS = [
    ("30", _("In 30 days")),
    ("90", _("In 90 days")),
    ("365", _("In one year")),
    ("", _("Never")),
]


HOURS = [
    ("0", _("At once")),
    ("1", _("In one hour")),
    ("24", _("In 24 hours")),
    ("168", _("In 7 days")),
]


class ApiKeyChangesForm(forms.Form):
    """What of a key can be changed."""

    name = forms.CharField(label=_("Name"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Counts from the next request on."),
    )


class RotationForm(forms.Form):
    hours = forms.TypedChoiceField(
        label=_("The old secret ends"),
        choices=HOURS,
        coerce=int,
        initial="24",
        help_text=_("Until then both work, so that no program stops."),
    )


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What the key is for, such as “Warehouse sync”."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=Scope.values,
    )
    expires = forms.ChoiceField(label=_("Expires"), choices=DAYS, required=False, initial="365")

    def clean_expires(self) -> dt.datetime | None:
        days = self.cleaned_data["expires"]
        return timezone.now() + dt.timedelta(days=int(days)) if days else None

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {"name": data["name"], "scopes": data["scopes"], "expires_at": data["expires"]}
