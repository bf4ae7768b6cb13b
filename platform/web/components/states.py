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
    "rejected": State("danger", _("Rejected")),
    "retired": State("neutral", _("Retired")),
    "missing": State("neutral", _("No text")),
    "sample": State("accent", _("Sample")),
    # where a text comes from
    "human": State("neutral", _("Human")),
    "imported": State("neutral", _("Imported")),
    "ai": State("accent", _("AI")),
    "ai_edited": State("accent", _("AI, edited")),
    "template": State("neutral", _("Template")),
    # products
    "active": State("success", _("Active")),
    "archived": State("neutral", _("Archived")),
    # imports and their rows
    "uploaded": State("neutral", _("Uploaded")),
    "reading": State("info", _("Reading")),
    "mapping": State("warning", _("Columns to assign")),
    "previewed": State("warning", _("Ready to confirm")),
    "applying": State("info", _("Importing")),
    "new": State("success", _("New")),
    "changed": State("info", _("Changed")),
    "unchanged": State("neutral", _("Unchanged")),
    "invalid": State("danger", _("Invalid")),
    # bulk edits and their products
    "preparing": State("info", _("Being worked out")),
    "applied": State("success", _("Applied")),
    "undoing": State("info", _("Being taken back")),
    "undone": State("neutral", _("Taken back")),
    "skipped": State("warning", _("Left alone")),
    # exports
    "writing": State("info", _("Being written")),
    # runs and requests
    "queued": State("neutral", _("Waiting")),
    "claimed": State("info", _("Being written")),
    "generated": State("info", _("Being checked")),
    "running": State("info", _("Running")),
    "succeeded": State("success", _("Written")),
    "finished": State("success", _("Finished")),
    "failed": State("danger", _("Failed")),
    "cancelled": State("neutral", _("Cancelled")),
    "quarantined": State("danger", _("Set aside")),
    # models, workers and keys
    "ready": State("success", _("Ready")),
    "loading": State("warning", _("Loading")),
    "stopped": State("neutral", _("Stopped")),
    "lost": State("danger", _("Lost")),
    "expired": State("neutral", _("Expired")),
    "revoked": State("danger", _("Revoked")),
}
