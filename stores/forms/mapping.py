"""What the columns of a table mean, and under which name that is kept."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.importers.mapped import FIELDS
from stores.importers.problems import message_of
from stores.services.import_columns import Column

# Without one of these nobody could tell which product a row speaks of.
NEEDED = frozenset({"title", "handle", "sku"})


class ProfileForm(forms.Form):
    """The name of a profile."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)


class MappingForm(forms.Form):
    """One choice a column; `profile` keeps them for the next file like it."""

    profile = forms.CharField(
        label=gettext_lazy("Keep this as"),
        max_length=120,
        required=False,
        help_text=gettext_lazy(
            "The next file with the same columns is read in the same way without asking."
        ),
    )

    def __init__(
        self,
        *args: Any,
        columns: Sequence[Column],
        mapping: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        choices = [(field.name, field.label) for field in FIELDS.values()]
        for index, column in enumerate(columns):
            said = (mapping or {}).get(column.name, column.guess.field)
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=column.name, choices=choices, initial=said
            )

    def rows(self) -> Iterator[dict[str, Any]]:
        """The columns with their fields, for the page."""
        for index, column in enumerate(self.columns):
            yield {"column": column, "field": self[f"column-{index}"]}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        counts = Counter(self._chosen(cleaned).values())
        for index in range(len(self.columns)):
            chosen = cleaned.get(f"column-{index}", "")
            if chosen and counts[chosen] > 1 and not FIELDS[chosen].is_repeatable:
                self.add_error(f"column-{index}", _("Only one column can be this."))
        if not self.errors and not NEEDED & counts.keys():
            self.add_error(None, message_of("mapping_without_title", {}))
        return cleaned

    def mapping(self) -> dict[str, str]:
        """{column: field} of a valid form."""
        return self._chosen(self.cleaned_data)

    def _chosen(self, cleaned: dict[str, Any]) -> dict[str, str]:
        numbered = ((c.name, cleaned.get(f"column-{i}")) for i, c in enumerate(self.columns))
        return {name: field for name, field in numbered if field}
