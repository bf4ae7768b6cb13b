"""Forms for collections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.models import Collection


class CollectionForm(forms.Form):
    """Name and description of a collection."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class CollectForm(forms.Form):
    """Into which collection: one that is here, or a new one."""

    collection = forms.ChoiceField(label=_("Collection"), required=False)
    name = forms.CharField(label=_("Name of the new collection"), max_length=120, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        here = Collection.objects.filter(rule="").order_by("name").values_list("public_id", "name")
        choices = [("", _("A new one")), *here[:200]]
        self.fields["collection"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("collection") and not values.get("name", "").strip():
            self.add_error("name", _("Give the new collection a name."))
        return values
