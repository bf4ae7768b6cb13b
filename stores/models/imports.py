"""Files that bring products, and what each of their products will do here."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.fields import PublicIdField
from tenants.models import MerchantOwned, merchant_fk


class CatalogueImport(MerchantOwned):
    """A file that somebody brought: uploaded, read into a preview, then applied in chunks.

    options: importers.base.ImportOptions. reading: how the file was read, importers.base.Reading.
    columns: {"header", "fields", "cells", "description"}, what the file can say; see importers.base.Layout.
    heartbeat_at is the lease of the worker that reads or applies it, and its token. file: "" once it
    has been deleted, some days after the end.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        READING = "reading", _("Reading")
        MAPPING = "mapping", _("Columns to assign")
        PREVIEWED = "previewed", _("Ready to confirm")
        APPLYING = "applying", _("Importing")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    public_id = PublicIdField("cim")
    file_name = models.CharField(_("file"), max_length=255)
    file = models.FileField(max_length=255, blank=True)
    size_bytes = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    format = models.CharField(_("format"), max_length=30, blank=True)
    options = models.JSONField(default=dict, blank=True)
    reading = models.JSONField(default=dict, blank=True)
    columns = models.JSONField(default=dict, blank=True)
    profile = merchant_fk(
        "stores.MappingProfile",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="imports",
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    error_code = models.CharField(max_length=60, blank=True)
    error = models.CharField(_("error"), max_length=1000, blank=True)
    error_params = models.JSONField(default=dict, blank=True)
    n_bytes_read = models.BigIntegerField(default=0)
    n_rows = models.PositiveIntegerField(_("rows"), default=0)
    n_new = models.PositiveIntegerField(_("new"), default=0)
    n_changed = models.PositiveIntegerField(_("changed"), default=0)
    n_unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    n_invalid = models.PositiveIntegerField(_("invalid"), default=0)
    n_warnings = models.PositiveIntegerField(_("warnings"), default=0)
    n_conflicts = models.PositiveIntegerField(_("conflicts"), default=0)
    n_applied = models.PositiveIntegerField(_("imported"), default=0)
    n_attempts = models.PositiveSmallIntegerField(
        default=0, help_text="How often a worker took it up since it last got ahead."
    )
    heartbeat_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(fields=["merchant", "-created_at", "-id"], name="import_latest"),
            models.Index(
                fields=["heartbeat_at"],
                condition=Q(state__in=["uploaded", "reading", "applying"]),
                name="import_under_way",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportItem(MerchantOwned):
    """One product of the file, as it will be written.

    problems, warnings: [{"row", "column", "code", "params"}]; a problem keeps the product out, a
    warning does not. raw: of an invalid item, what the importer can read again once a person has
    corrected it; see Importer.reread.
    """

    class Action(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        INVALID = "invalid", _("Invalid")

    catalogue_import = merchant_fk("stores.CatalogueImport", related_name="items", db_index=False)
    position = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField(_("row"))
    handle = models.CharField(_("handle"), max_length=255, blank=True)
    title = models.CharField(_("title"), max_length=255, blank=True)
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    data = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    raw = models.JSONField(null=True)
    is_applied = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "catalogue_import", "position"], name="import_item_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "catalogue_import", "action", "position"],
                name="import_item_by_action",
            ),
            models.Index(
                fields=["merchant", "catalogue_import", "handle"], name="import_item_by_handle"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_row}: {self.handle}"


class MappingProfile(MerchantOwned):
    """How a merchant reads the columns of a kind of file, for the next file like it.

    columns: the header that it was made for. options: the ImportOptions that matter for reading,
    `mapping` among them: {column: field}.
    """

    public_id = PublicIdField("prf")
    name = models.CharField(_("name"), max_length=120)
    columns = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("column profile")
        verbose_name_plural = _("column profiles")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "name"], name="profile_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Upload(MerchantOwned):
    """A file that arrives in pieces, so that a cut connection costs one piece and not the file.

    sha256: of the whole file where the sender knows it beforehand, checked at the end.
    catalogue_import: what became of it; the row stays a day, so that to finish twice is to finish once.
    """

    public_id = PublicIdField("upl")
    file_name = models.CharField(_("file"), max_length=255)
    file = models.FileField(max_length=255)
    size_bytes = models.BigIntegerField(_("size"))
    n_received_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    catalogue_import = merchant_fk(
        "stores.CatalogueImport", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes = [models.Index(fields=["merchant", "updated_at"], name="upload_by_age")]

    def __str__(self) -> str:
        return self.file_name
