"""Words of the staff's site that stand in no file of ours: unfold's own, and names that Django derives.

Unfold ships no translations, and a field without a name of its own is called after its attribute.
"""

from django.apps import apps
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

UNFOLD = (
    _("Apply Filters"),
    _("Choose file to upload"),
    _("Click to download"),
    _("Expand row"),
    _("False"),
    _("General"),
    _("Go back"),
    _("Loading more results..."),
    _("More actions"),
    _("Next"),
    _("No data"),
    _("No recent searches"),
    _("No results found"),
    _("No results matching your query"),
    _("Previous"),
    _("Recent searches"),
    _("Reset filters"),
    _("Return to site"),
    _("Search apps and models..."),
    _("Select action"),
    _("Select record"),
    _("Select value"),
    _("System"),
    _("This page yielded into no results. Create a new item or reset your filters."),
    _("Toggle password visibility"),
    _("True"),
    _("Type to search"),
    _("Value"),
    _("Welcome back to"),
    _("You have been successfully logged out from the administration"),
)
FIELDS = (
    _("accepted at"),
    _("available at"),
    _("claimed at"),
    _("created at"),
    _("created by"),
    _("error code"),
    _("fence"),
    _("findings"),
    _("finish reason"),
    _("finished at"),
    _("generated at"),
    _("heartbeat at"),
    _("index"),
    _("invited by"),
    _("is cancel requested"),
    _("lane"),
    _("mean logprob"),
    _("merchant"),
    _("n completion tokens"),
    _("n prompt tokens"),
    _("option names"),
    _("options"),
    _("parent"),
    _("prompt"),
    _("public id"),
    _("raw"),
    _("request"),
    _("reviewed by"),
    _("run"),
    _("scopes"),
    _("slot"),
    _("tags"),
    _("virtual time"),
    _("weight"),
    _("woken at"),
)


def translate_field_names() -> None:
    """Let the derived names of fields follow the reader's language (migrations do not see them)."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field.verbose_name, str):
                field.verbose_name = gettext_lazy(field.verbose_name)
