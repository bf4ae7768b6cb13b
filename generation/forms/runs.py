"""What shall be written, and how."""

from typing import Any

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from generation.brief import RunBrief
from generation.endpoints import available_models
from generation.prompts.languages import known_tags
from generation.prompts.product_description import MAX_INSTRUCTIONS
from generation.services import MAX_CANDIDATES

TONES = [
    ("neutral", _("Neutral")),
    ("warm", _("Warm")),
    ("premium", _("Premium")),
    ("playful", _("Playful")),
    ("concise", _("Concise")),
]
LENGTHS = [
    ("short", _("Short, 30 to 50 words")),
    ("medium", _("Medium, 60 to 90 words")),
    ("long", _("Long, 120 to 160 words")),
]


class RunForm(forms.Form):
    tone = forms.ChoiceField(label=_("Tone"), choices=TONES, initial="neutral")
    length = forms.ChoiceField(label=_("Length"), choices=LENGTHS, initial="short")
    language = forms.ChoiceField(label=_("Language of the texts"))
    instructions = forms.CharField(
        label=_("Extra instructions"),
        required=False,
        max_length=MAX_INSTRUCTIONS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as: mention the free delivery, avoid exclamation marks."),
    )
    n_candidates = forms.IntegerField(
        label=_("Texts for each product"),
        min_value=1,
        max_value=MAX_CANDIDATES,
        initial=1,
        help_text=_("The best usable one becomes the draft; the others can be chosen in review."),
    )
    model = forms.ChoiceField(label=_("Model"))

    def __init__(self, *args: Any, locale: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tags = dict.fromkeys([*known_tags(), _canonical(locale)])
        self.fields["language"].choices = [(tag, _name(tag)) for tag in tags]  # type: ignore[attr-defined]
        self.fields["language"].initial = _canonical(locale)
        self.fields["model"].choices = [  # type: ignore[attr-defined]
            (m.key, f"{m.label} – {m.note}" if m.note else m.label) for m in available_models()
        ]

    def brief(self) -> RunBrief:
        """The brief of a valid form."""
        names = ("tone", "length", "language", "instructions")
        return RunBrief(**{name: self.cleaned_data[name] for name in names})


def _canonical(locale: str) -> str:
    """The tag as the list of languages spells it: a shop's zh-hans is its zh-Hans."""
    return next((tag for tag in known_tags() if tag.lower() == locale.lower()), locale)


def _name(tag: str) -> str:
    try:
        info = get_language_info(tag.lower())
    except KeyError:
        return tag
    return f"{info['name_translated']} ({info['name_local']})"
