"""The changes of a bulk edit, put together one after the other; works without JavaScript."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from stores.catalogue.bulk_changes import MAX_VALUE_CHARACTERS, read_change
from stores.forms.drafts import DraftForm
from stores.models import Product
from tenants.errors import DomainError

MAX_SHOWN = 5


@dataclass(frozen=True)
class Kind:
    """What a person can choose to do. asks: the inputs it needs. fixed: what it says by itself."""

    label: Any
    field: str
    do: str
    asks: tuple[str, ...] = ()
    fixed: Mapping[str, str] = default(default_factory=dict)


def _words(name: str) -> dict[str, Kind]:
    """What can be done to a field of text."""
    kinds = {
        "set": Kind(_("Set"), name, "set", ("value",)),
        "replace": Kind(_("Find and replace"), name, "replace", ("find", "value")),
        "add": Kind(_("Add at the start or end"), name, "add", ("value", "place")),
        "clear": Kind(_("Empty"), name, "clear"),
    }
    return {
        f"{name}-{key}": kind for key, kind in kinds.items() if (name, key) != ("title", "clear")
    }


def _prices(name: str) -> dict[str, Kind]:
    kinds = {
        "percent": Kind(
            _("Raise or lower by percent"),
            name, "adjust", ("value", "rounding"), {"unit": "percent"},
        ),
        "amount": Kind(
            _("Raise or lower by an amount"),
            name, "adjust", ("value", "rounding"), {"unit": "amount"},
        ),
        "set": Kind(_("Set"), name, "set", ("value",)),
        "clear": Kind(_("Empty"), name, "clear"),
    }  # fmt: skip
    return {f"{name}-{key}": kind for key, kind in kinds.items()}


GROUPS: list[tuple[Any, dict[str, Kind]]] = [
    (_("Status"), {"status-set": Kind(_("Set"), "status", "set", ("value",))}),
    (_("Price"), _prices("price")),
    (
        _("Price before"),
        {
            "compare-copy": Kind(
                _("Keep today's price as the price before"),
                "compare_at_price",
                "set",
                fixed={"value": "price"},
            ),
            **_prices("compare_at_price"),
        },
    ),
    (
        _("Tags"),
        {
            "tags-add": Kind(_("Add"), "tags", "add", ("value",)),
            "tags-remove": Kind(_("Remove"), "tags", "remove", ("value",)),
            "tags-replace": Kind(_("Replace one by another"), "tags", "replace", ("find", "value")),
            "tags-set": Kind(_("Set"), "tags", "set", ("value",)),
            "tags-clear": Kind(_("Empty"), "tags", "clear"),
        },
    ),
    (
        _("Attribute"),
        {
            "attribute-set": Kind(_("Set"), "attribute", "set", ("name", "value")),
            "attribute-replace": Kind(
                _("Find and replace"), "attribute", "replace", ("name", "find", "value")
            ),
            "attribute-clear": Kind(_("Remove"), "attribute", "clear", ("name",)),
        },
    ),
    (_("Title"), _words("title")),
    (_("Vendor"), _words("vendor")),
    (_("Type"), _words("product_type")),
    (_("Category"), _words("category")),
    (_("Language"), {"locale-set": Kind(_("Set"), "locale", "set", ("value",))}),
]
KINDS = {key: kind for _label, kinds in GROUPS for key, kind in kinds.items()}
GROUP_OF = {key: label for label, kinds in GROUPS for key in kinds}
VALUE_LABELS = {"replace": _("Replace by"), "adjust": _("By how much"), "remove": _("Which tags")}
ROUNDINGS = [
    ("", _("No rounding")),
    ("whole", _("To whole amounts")),
    ("99", _("To end in .99")),
]
PLACES = [("end", _("At the end")), ("start", _("At the start"))]


class ChangeForm(DraftForm):
    """One change of the kind that was chosen; asks for what that kind needs."""

    def __init__(
        self, data: Any, *, key: str, place: int, currency: str, is_draft: bool = False
    ) -> None:
        super().__init__(data, prefix=f"change-{place}", is_draft=is_draft)
        self.key, self.place, self.currency = key, place, currency
        self.kind = KINDS[key]
        self.fields = {name: getattr(self, f"_{name}")() for name in self.kind.asks}
        self.change: dict[str, str] = {}

    @property
    def label(self) -> str:
        return f"{GROUP_OF[self.key]}: {self.kind.label}"

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        given = {"do": self.kind.do, "field": self.kind.field, **self.kind.fixed, **values}
        if self.errors:
            return values
        try:
            self.change = read_change(given, self.currency).to_json()
        except DomainError as error:
            self.add_error("value" if "value" in self.fields else None, str(error.message))
        return values

    def _value(self) -> forms.Field:
        is_needed = self.kind.do != "replace"
        label = VALUE_LABELS.get(self.kind.do, _("Value"))
        if self.kind.field == "status":
            return forms.ChoiceField(label=label, choices=Product.Status.choices)
        return forms.CharField(
            label=label,
            required=is_needed,
            max_length=MAX_VALUE_CHARACTERS,
            # The spaces at the edges are part of what is added or put in place of something.
            strip=self.kind.do not in ("replace", "add") or self.kind.field == "tags",
            help_text=self._hint(),
        )

    def _hint(self) -> Any:
        if self.kind.do == "adjust":
            is_percent = self.kind.fixed["unit"] == "percent"
            sign = _("-10 lowers, 10 raises, in percent.")
            return sign if is_percent else _("-2.50 lowers, 2.50 raises.")
        hints = {
            "tags": _("Separated by commas."),
            "locale": _("A language tag such as en, de or zh-Hans."),
            "attribute": _("A number may have a unit: 380 ml."),
        }
        return hints.get(self.kind.field, "")

    def _find(self) -> forms.Field:
        hint = "" if self.kind.field == "tags" else _("Capitals count.")
        return forms.CharField(
            label=_("Find"), max_length=MAX_VALUE_CHARACTERS, strip=False, help_text=hint
        )

    def _name(self) -> forms.Field:
        return forms.CharField(label=_("Name of the attribute"), max_length=255)

    def _place(self) -> forms.Field:
        return forms.ChoiceField(label=_("Where"), choices=PLACES)

    def _rounding(self) -> forms.Field:
        return forms.ChoiceField(label=_("Rounding"), choices=ROUNDINGS, required=False)


class ChangeForms:
    """The changes that are on the page. data: what was posted, or None. is_draft: as DraftForm."""

    def __init__(self, data: QueryDict | None, currency: str, *, is_draft: bool = False) -> None:
        chosen = [] if data is None else data.getlist("kind")
        self.forms = [
            ChangeForm(data, key=key, place=place, currency=currency, is_draft=is_draft)
            for place, key in enumerate(chosen[:MAX_SHOWN])
            if key in KINDS
        ]

    @property
    def has_room(self) -> bool:
        return len(self.forms) < MAX_SHOWN

    def is_valid(self) -> bool:
        """Whether there are changes and each can be read."""
        answers = [form.is_valid() for form in self.forms]
        return bool(answers) and all(answers)

    def changes(self) -> list[dict[str, str]]:
        """Of a valid form, as start_bulk_edit takes them."""
        return [form.change for form in self.forms]


def with_change(data: QueryDict) -> QueryDict:
    """The posted form with one more change, of the kind in `more`."""
    copy, more = data.copy(), str(data.get("more", ""))
    if more in KINDS:
        copy.appendlist("kind", more)
    return copy


def without_change(data: QueryDict) -> QueryDict:
    """The posted form without the change whose place is in `without`; those behind it move up."""
    gone = data.get("without", "")
    kinds = data.getlist("kind")[:MAX_SHOWN]
    kept = [place for place in range(len(kinds)) if str(place) != gone]
    copy = QueryDict(mutable=True)
    copy.setlist("kind", [kinds[place] for place in kept])
    for new, old in enumerate(kept):
        for name in ("value", "find", "name", "place", "rounding"):
            if f"change-{old}-{name}" in data:
                copy[f"change-{new}-{name}"] = str(data[f"change-{old}-{name}"])
    return copy
