"""The home page's figures and the checklist of somebody who has just begun."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from generation.models import GenerationRun
from stores.models import CatalogueImport, CopyState, CopyVersion, Product
from stores.selectors.catalogue import CatalogueState
from tenants.models import AuditEntry, Membership, Merchant

State = CopyVersion.State
REVIEWED = (State.APPROVED, State.REJECTED)
# What an export is called in the audit log, now and in the first release.
EXPORTED = ("export.started", "catalogue.exported")


@dataclass(frozen=True)
class NextStep:
    """The one thing that helps most now."""

    title: str
    text: str
    action: str
    url: str
    icon: str


def checklist_of(merchant: Merchant, state: CatalogueState) -> list[dict[str, Any]]:
    """The way from an empty shop to exported texts; each step knows whether it is done."""
    did = _deeds(merchant)
    steps = [
        (_("Import your catalogue"), _("A product export from Shopify, as it is."),
         "stores:import_create", _("Import"), bool(state.n_products)),
        (_("Let it write"), _("Choose products and a tone; drafts appear while it writes."),
         "stores:product_list", _("Choose products"), did["ran"]),
        (_("Review a draft"), _("Compare it with the product's facts, edit, approve or reject."),
         "generation:review", _("Review"), did["reviewed"]),
        (_("Publish"), _("Published texts are what exports and the API give out."),
         "generation:review", _("Publish"), did["published"]),
        (_("Export"), _("A file that your shop takes back, with the new texts in it."),
         "stores:export", _("Export"), did["exported"]),
        (_("Invite a colleague"), _("Two pairs of eyes see more."),
         "accounts:member_list", _("Invite"), did["invited"]),
    ]  # fmt: skip
    return [
        {
            "label": label,
            "hint": hint,
            "url": reverse(name, args=[merchant.public_id]),
            "action": action,
            "is_done": is_done,
        }
        for label, hint, name, action, is_done in steps
    ]


def _deeds(merchant: Merchant) -> dict[str, bool]:
    """What has ever been done in this shop, in one query."""
    queries = {
        "ran": GenerationRun.objects.all(),
        "reviewed": CopyVersion.objects.filter(state__in=REVIEWED),
        "published": Product.objects.filter(copy_state=CopyState.PUBLISHED),
        "exported": AuditEntry.objects.filter(merchant=merchant, action__in=EXPORTED),
        "invited": Membership.objects.all()[1:],
    }
    row = (
        Merchant.objects.filter(pk=merchant.pk)
        .annotate(**{name: Exists(query) for name, query in queries.items()})
        .values(*queries)
        .get()
    )
    return {**row, "reviewed": row["reviewed"] or row["published"]}


def next_step(merchant: Merchant, state: CatalogueState) -> NextStep | None:
    """What to do next, or None where every product has its text and nothing waits."""
    products = reverse("stores:product_list", args=[merchant.public_id])
    if not state.n_products:
        url = reverse("stores:import_create", args=[merchant.public_id])
        text = _("Bring a product export; nothing is written before you have seen the preview.")
        return NextStep(_("Start with your catalogue"), text, _("Import products"), url, "upload")
    if n := state.n_drafts_to_review:
        title = ngettext("%(n)s draft waits for you", "%(n)s drafts wait for you", n.n) % {"n": n}
        url = reverse("generation:review", args=[merchant.public_id])
        text = _("Read, correct and approve them; nothing is published without you.")
        return NextStep(title, text, _("Start reviewing"), url, "review")
    if n := state.n_texts_to_publish:
        title = ngettext(
            "%(n)s approved text is not published yet",
            "%(n)s approved texts are not published yet",
            n.n,
        ) % {"n": n}
        url = f"{products}?copy_state=approved"
        return NextStep(title, _("Publish them together."), _("Show them"), url, "check-circle")
    if n := state.n_none:
        title = ngettext(
            "%(n)s product has no description", "%(n)s products have no description", n.n
        ) % {"n": n}
        text = _("Choose them and let the model write first drafts.")
        return NextStep(title, text, _("Show them"), f"{products}?copy_state=none", "sparkle")
    return None


def latest_runs(limit: int = 5) -> list[GenerationRun]:
    """The latest runs."""
    runs = GenerationRun.objects.select_related("created_by").order_by("-created_at", "-pk")
    return list(runs[:limit])


def latest_imports(limit: int = 5) -> list[CatalogueImport]:
    """The latest imports."""
    return list(CatalogueImport.objects.order_by("-created_at", "-pk")[:limit])
