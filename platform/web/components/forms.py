"""Rendering of Django forms: one field, all fields, errors of the form."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BoundField

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.RadioSelect, "choices"),
    (forms.SelectMultiple, "multiple"),
    (forms.NullBooleanSelect, "select"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.ClearableFileInput, "file"),
    (forms.FileInput, "file"),
)
CLASSES = {"select": "select", "multiple": "select", "checkbox": "checkbox", "choices": ""}


def field(bound: BoundField, *, label: object = None, **extra: Any) -> dict[str, Any]:
    """Label, widget, help and errors of one field; extra attributes go on the widget.

    Options among them: hide_label, optional (writes the word beside the label), prefix,
    suffix (text within the frame), hint (replaces the field's help text).
    """
    names = ("hide_label", "optional", "prefix", "suffix", "hint")
    options = {name: extra.pop(name, "") for name in names}
    kind = field_kind(bound)
    return options | {
        "field": bound,
        "kind": kind,
        "label": bound.label if label is None else label,
        "help_text": options["hint"] or bound.help_text,
        "widget": bound.as_widget(attrs=_widget_attributes(bound, kind, extra)),
    }


def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """All fields of a form in order, its own errors first and its hidden fields last."""
    return {"form": form}


def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """What is wrong with the form as a whole; draws nothing when nothing is."""
    n_invalid = len([name for name in form.errors if name != NON_FIELD_ERRORS])
    return {"form": form, "n_invalid": n_invalid}


def field_kind(bound: BoundField) -> str:
    """Name the widget's way of being laid out."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    return next((kind for cls, kind in KINDS if isinstance(widget, cls)), "input")


def _widget_attributes(bound: BoundField, kind: str, extra: dict[str, Any]) -> dict[str, Any]:
    own = " ".join(c for c in (CLASSES.get(kind, "input"), extra.pop("class_", "")) if c)
    set_by_widget = bound.field.widget.attrs.get("class", "")
    classes = " ".join(c for c in (own, set_by_widget) if c)
    attributes = {key.rstrip("_").replace("_", "-"): value for key, value in extra.items()}
    return attributes | ({"class": classes} if classes else {})
