"""One tone and one word for each state that a row of the platform can be in."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TONES = frozenset({"neutral", "info", "success", "warning", "danger", "accent"})


@dataclass(frozen=True)
class State:
    """How a state looks and what it is called."""

    tone: str
    label: str | Promise


STATES: dict[str, State] = {
    # copy
    "draft": State("warning", _("Draft")),
    "approved": State("info", _("Approved")),
    "published": State("success", _("Published")),
    "retired": State("neutral", _("Retired")),
    "rejected": State("danger", _("Rejected")),
    "missing": State("neutral", _("No text")),
    # sources of copy
    "human": State("neutral", _("Human")),
    "imported": State("neutral", _("Imported")),
    "ai": State("accent", _("AI")),
    "ai_edited": State("accent", _("AI, edited")),
    "template": State("neutral", _("Template")),
    # work
    "pending": State("neutral", _("Waiting")),
    "waiting": State("neutral", _("Waiting")),
    "queued": State("neutral", _("Queued")),
    "claimed": State("info", _("Running")),
    "running": State("info", _("Running")),
    "reading": State("info", _("Reading")),
    "previewed": State("warning", _("Ready to confirm")),
    "applying": State("info", _("Importing")),
    "checking": State("info", _("Checking")),
    "cancelling": State("warning", _("Cancelling")),
    "cancelled": State("neutral", _("Cancelled")),
    "done": State("success", _("Done")),
    "finished": State("success", _("Done")),
    "completed": State("success", _("Done")),
    "succeeded": State("success", _("Done")),
    "failed": State("danger", _("Failed")),
    "quarantined": State("danger", _("Quarantined")),
    # rows of an import
    "new": State("success", _("New")),
    "changed": State("info", _("Changed")),
    "unchanged": State("neutral", _("Unchanged")),
    "invalid": State("danger", _("Invalid")),
    # everything else
    "active": State("success", _("Active")),
    "ready": State("success", _("Ready")),
    "loading": State("warning", _("Loading")),
    "offline": State("neutral", _("Offline")),
    "expired": State("neutral", _("Expired")),
    "revoked": State("danger", _("Revoked")),
    "sample": State("accent", _("Sample")),
}
