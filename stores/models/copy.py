"""The texts of products: where they go, and every version of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.fields import PublicIdField
from tenants.models import MerchantOwned, merchant_fk


class CopySlot(MerchantOwned):
    """The place where a text goes. A segment joins the key when segments exist."""

    class Field(models.TextChoices):
        DESCRIPTION = "description", _("Description")

    public_id = PublicIdField("csl")
    product = merchant_fk("stores.Product", related_name="slots", db_index=False)
    field = models.CharField(_("field"), max_length=30, choices=Field.choices)
    channel = models.CharField(_("channel"), max_length=30, default="shop")
    locale = models.CharField(_("language"), max_length=16)

    class Meta:
        verbose_name = _("copy slot")
        verbose_name_plural = _("copy slots")
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "product", "field", "channel", "locale"], name="slot_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} ({self.locale})"


class CopyVersion(MerchantOwned):
    """One text in a slot. The text never changes; an edit is a new version that names its parent.

    provenance: for AI text the model, its revision, the prompt version, sampling, the facts it was
    given; for imported text the file, row and column. `candidate` is the public id of the text the
    model wrote. edited_share: share of characters that a person changed, 0 to 1.
    """

    class Source(models.TextChoices):
        HUMAN = "human", _("Human")
        IMPORTED = "imported", _("Imported")
        AI = "ai", _("AI")
        AI_EDITED = "ai_edited", _("AI, edited")
        TEMPLATE = "template", _("Template")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")
        REJECTED = "rejected", _("Rejected")
        RETIRED = "retired", _("Retired")

    public_id = PublicIdField("cpv")
    slot = merchant_fk("stores.CopySlot", related_name="versions", db_index=False)
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    is_sample = models.BooleanField(_("sample"), default=False)
    parent = merchant_fk(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    provenance = models.JSONField(_("provenance"), default=dict, blank=True)
    candidate = models.CharField(max_length=30, blank=True)
    edited_share = models.FloatField(_("share edited"), null=True)
    rejection_reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    published_at = models.DateTimeField(_("published"), null=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "slot", "number"], name="copy_number_once"),
            models.UniqueConstraint(
                fields=["merchant", "slot"],
                condition=Q(state="published"),
                name="copy_published_once",
            ),
            models.UniqueConstraint(
                fields=["merchant", "candidate"],
                condition=~Q(candidate="") & Q(source="ai"),
                name="copy_candidate_once",
            ),
            models.CheckConstraint(
                condition=Q(edited_share=None) | Q(edited_share__range=(0, 1)), name="copy_share"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "created_at", "id"],
                condition=Q(state="draft"),
                name="copy_drafts",
            ),
            models.Index(fields=["merchant", "state", "-id"], name="copy_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} v{self.number}"
