"""Catalogue files that shops take back: written once, or again and again as a feed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.fields import PublicIdField
from tenants.models import MerchantOwned, merchant_fk


class Feed(MerchantOwned):
    """A file at an address that cannot be guessed, written anew on a schedule.

    query: the products' filter as ProductFilter.query gives it. link_template: as in
    exporters.base.ExportOptions. Of the feed's address only its prefix and the SHA-256 of its
    secret are kept.
    """

    class Every(models.IntegerChoices):
        HOUR = 60, _("Every hour")
        SIX_HOURS = 360, _("Every six hours")
        DAY = 1440, _("Every day")
        WEEK = 10080, _("Every week")

    public_id = PublicIdField("fed")
    name = models.CharField(_("name"), max_length=120)
    format = models.CharField(_("format"), max_length=30)
    query = models.TextField(_("filter"), blank=True)
    link_template = models.CharField(_("link template"), max_length=500, blank=True)
    every_minutes = models.PositiveIntegerField(
        _("written"), choices=Every.choices, default=Every.DAY
    )
    prefix = models.CharField(max_length=16, unique=True, editable=False)
    secret_hash = models.BinaryField(max_length=32, editable=False)
    due_at = models.DateTimeField(_("next due"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    last_fetched_at = models.DateTimeField(_("last fetched"), null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        indexes = [
            models.Index(fields=["merchant", "-created_at", "-id"], name="feed_latest"),
            models.Index(
                fields=["due_at"], condition=models.Q(revoked_at=None), name="feed_by_due"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CatalogueExport(MerchantOwned):
    """One file that was, or is being, written. since: only products that changed after that moment.

    snapshot_at: a later export `since` this one starts here. heartbeat_at: lease of its worker, and
    its token. file: its name stands here before the first byte is written; only that of a FINISHED
    export is whole.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        WRITING = "writing", _("Being written")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    public_id = PublicIdField("exp")
    feed = merchant_fk("stores.Feed", null=True, blank=True, related_name="exports")
    format = models.CharField(_("format"), max_length=30)
    query = models.TextField(_("filter"), blank=True)
    link_template = models.CharField(_("link template"), max_length=500, blank=True)
    since = models.DateTimeField(_("changed since"), null=True)
    snapshot_at = models.DateTimeField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    error_code = models.CharField(max_length=60, blank=True)
    file = models.FileField(max_length=255, blank=True)
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    size_bytes = models.BigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    n_total = models.PositiveIntegerField(_("products"), default=0)
    n_written = models.PositiveIntegerField(_("written"), default=0)
    n_left_out = models.PositiveIntegerField(_("left out"), default=0)
    left_out = models.JSONField(default=list, help_text="The first of them, with the reason.")
    n_attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = [
            models.Index(fields=["merchant", "-created_at", "-id"], name="export_latest"),
            models.Index(fields=["merchant", "feed", "-id"], name="export_of_feed"),
            models.Index(
                fields=["heartbeat_at"],
                condition=models.Q(state__in=["queued", "writing"]),
                name="export_under_way",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or self.public_id
