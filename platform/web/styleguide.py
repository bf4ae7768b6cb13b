"""What the style guide shows: made-up rows, no database."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.components.charts import DayValue
from web.components.states import STATES, TONES

ENGLISH = ("en", "English")
CHINESE = ("zh-hans", "简体中文")


class GuideForm(forms.Form):
    """One field of every kind."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("What shoppers read first."),
        max_length=70,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[ENGLISH, CHINESE], initial="en"
    )
    instructions = forms.CharField(
        label=gettext_lazy("Extra instructions"), widget=forms.Textarea, required=False
    )
    tone = forms.ChoiceField(
        label=gettext_lazy("Tone"),
        widget=forms.RadioSelect,
        choices=[
            ("warm", gettext_lazy("Warm")),
            ("plain", gettext_lazy("Plain")),
            ("premium", gettext_lazy("Premium")),
        ],
        initial="warm",
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("shop", gettext_lazy("Shop")), ("mail", gettext_lazy("Mail"))],
        required=False,
    )
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    notify = forms.BooleanField(
        label=gettext_lazy("Tell me by mail when it is done"),
        help_text=gettext_lazy("One mail per run, never more."),
        required=False,
    )


def guide_context() -> dict[str, Any]:
    """Everything but forms and pages."""
    return {
        "tones": sorted(TONES),
        "states": list(STATES),
        "icons": icon_names(),
        "variants": ("primary", "secondary", "ghost", "danger", "link"),
        "navigation": _navigation(),
        "tabs": [
            {"label": _("All"), "url": "#tabs", "is_current": True, "count": 312},
            {"label": _("No description"), "url": "#tabs", "count": 104},
            {"label": _("To review"), "url": "#tabs", "count": 12},
        ],
        "products": _products(),
        "checklist": _checklist(),
        "shares": _shares(),
        "days": _days(),
        "steps": [_("Upload"), _("Preview"), _("Import")],
        "facts": [
            (_("Material"), _("Stoneware"), "mugs.csv, B12"),
            (_("Capacity"), "380 ml", "mugs.csv, C12"),
            (_("Care"), _("Dishwasher safe"), "mugs.csv, D12"),
        ],
        "old_text": OLD_TEXT,
        "new_text": NEW_TEXT,
        "old_chinese": "这款马克杯采用炻器材质，容量380毫升，可放入洗碗机。",
        "new_chinese": "这款森绿色马克杯采用手工炻器，容量380毫升，配软木杯垫，可放心放入洗碗机。",
        "code": 'curl -H "Authorization: Bearer cdk_…" \\\n  https://shop.example/api/v1/products/',
        "choices": [
            ("", _("Any")),
            ("draft", _("Draft")),
            ("published", _("Published")),
            ("missing", _("No text")),
        ],
    }


def icon_names() -> list[str]:
    """Every symbol of the sprite but the brand's."""
    sprite = finders.find("img/icons.svg")
    text = Path(str(sprite)).read_text(encoding="utf-8")
    return [name for name in re.findall(r'<symbol id="([\w-]+)"', text) if name != "brand"]


def _navigation() -> list[dict[str, Any]]:
    rows: list[tuple[str, str, str, int | None]] = [
        (_("Home"), "home", "g h", None),
        (_("Products"), "box", "g p", None),
        (_("Imports"), "upload", "g i", None),
        (_("Runs"), "bolt", "g r", 2),
        (_("Review"), "review", "g v", 12),
        (_("Models"), "chip", "g m", None),
        (_("Outbox"), "mail", "g o", None),
        (_("Settings"), "settings", "g s", None),
    ]
    return [
        {
            "label": label,
            "url": f"#{symbol}",
            "icon": symbol,
            "shortcut": keys,
            "badge": badge,
            "is_current": symbol == "box",
            "starts_group": symbol == "chip",
        }
        for label, symbol, keys, badge in rows
    ]


def _products() -> list[dict[str, Any]]:
    rows = [
        ("Hearthside Mug", "hearthside-mug", "published", "ai_edited", "18.00"),
        ("Fjord Wool Throw", "fjord-wool-throw", "draft", "ai", "129.00"),
        ("Ridgeline Rain Shell", "ridgeline-rain-shell", "missing", "", "189.00"),
        ("龙井 明前特级 250g", "longjing-mingqian", "approved", "human", "268.00"),
        ("<script>alert(1)</script>", "hostile-title", "rejected", "imported", "1.00"),
    ]
    names = ("title", "handle", "state", "source", "price")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _checklist() -> list[dict[str, Any]]:
    return [
        {"label": _("Create your shop"), "is_done": True},
        {"label": _("Import a catalogue"), "is_done": True, "url": "#checklist"},
        {
            "label": _("Generate your first descriptions"),
            "hint": _("104 products have no description yet."),
            "is_done": False,
            "url": "#checklist",
            "action": _("Generate"),
        },
        {
            "label": _("Review and publish one"),
            "is_done": False,
            "url": "#checklist",
            "action": _("Review"),
        },
    ]


def _days() -> list[DayValue]:
    first = dt.date(2026, 11, 1)
    counts = [3, 12, 0, 40, 55, 31, 8, 0, 0, 72, 64, 58, 20, 5]
    return [
        DayValue(first + dt.timedelta(days=n), count, count // 12) for n, count in enumerate(counts)
    ]


def _shares() -> list[dict[str, Any]]:
    return [
        {"label": _("Published"), "value": 148, "tone": "success", "url": "#shares"},
        {"label": _("Approved"), "value": 48, "tone": "info"},
        {"label": _("To review"), "value": 12, "tone": "warning"},
        {"label": _("No text"), "value": 104, "tone": "neutral"},
    ]


OLD_TEXT = (
    "A stoneware mug for your kitchen. It holds 380 ml and it is dishwasher safe. "
    "Please order today because this is the best mug in the world."
)
NEW_TEXT = "A forest green stoneware mug with a cork base. It holds 380 ml and is dishwasher safe."
