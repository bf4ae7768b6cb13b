"""`{% load runs %}`: what pages of runs say."""

from django.template import Library
from django.utils.translation import gettext as _

register = Library()


@register.filter
def duration(seconds: float | None) -> str:
    """A length of time in one unit: 40 s, 3 min, 2.5 h."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return _("%(n)d s") % {"n": max(1, round(seconds))}
    if seconds < 5400:
        return _("%(n)d min") % {"n": round(seconds / 60)}
    return _("%(n).1f h") % {"n": seconds / 3600}
