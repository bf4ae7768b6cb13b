"""The catalogue and the texts in it. Nouns: DESIGN of the house, docs/architecture.md."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.fields import PublicIdField
from tenants.models import MerchantOwned, merchant_fk


class Product(MerchantOwned):
    """One thing that is sold. `attributes` is an ordered list of typed values, each with its origin:

    {"name": "Material", "value": "oak", "type": "text", "unit": null,
     "origin": {"file": "products.csv", "row": 12, "column": "Material (product.metafields.custom.material)"}}
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        DRAFT = "draft", _("Draft")
        ARCHIVED = "archived", _("Archived")

    public_id = PublicIdField("prd")
    handle = models.CharField(_("handle"), max_length=255)
    title = models.CharField(_("title"), max_length=255)
    vendor = models.CharField(_("vendor"), max_length=255, blank=True)
    product_type = models.CharField(_("type"), max_length=255, blank=True)
    category = models.CharField(_("category"), max_length=500, blank=True)
    tags = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE
    )
    locale = models.CharField(_("language"), max_length=16, default="en")
    attributes = models.JSONField(_("attributes"), default=list, blank=True)
    option_names = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    source = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="What the file held that we do not model: given back on export.",
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "handle"], name="product_handle_once"),
            models.CheckConstraint(condition=~Q(handle=""), name="product_has_handle"),
            models.CheckConstraint(condition=~Q(title=""), name="product_has_title"),
        ]
        indexes = [
            models.Index(fields=["merchant", "title", "id"], name="product_by_title"),
            models.Index(fields=["merchant", "-updated_at", "-id"], name="product_by_update"),
            models.Index(fields=["merchant", "product_type"], name="product_by_type"),
        ]

    def __str__(self) -> str:
        return self.title


class ProductImage(MerchantOwned):
    public_id = PublicIdField("img")
    product = merchant_fk("stores.Product", related_name="images", db_index=False)
    url = models.URLField(_("address"), max_length=2000)
    alt_text = models.CharField(_("alternative text"), max_length=512, blank=True)
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["merchant", "product", "url"], name="image_once"),
        ]

    def __str__(self) -> str:
        return self.url


class Sku(MerchantOwned):
    """One sellable unit. `options` holds a value for each of the product's option names, in order."""

    public_id = PublicIdField("sku")
    product = merchant_fk("stores.Product", related_name="skus", db_index=False)
    code = models.CharField(_("SKU"), max_length=255, blank=True)
    barcode = models.CharField(_("barcode"), max_length=64, blank=True)
    options = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    price_minor = models.BigIntegerField(_("price"), null=True, blank=True)
    compare_at_price_minor = models.BigIntegerField(_("price before"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    weight_grams = models.DecimalField(
        _("weight in grams"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    image = merchant_fk(
        "stores.ProductImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    position = models.PositiveIntegerField(_("position"))
    source = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("SKU")
        verbose_name_plural = _("SKUs")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "product", "options"], name="sku_options_once"
            ),
            models.CheckConstraint(
                condition=Q(price_minor=None) | Q(price_minor__gte=0), name="sku_price_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["merchant", "code"], name="sku_by_code")]

    def __str__(self) -> str:
        return self.code or self.public_id


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


class CatalogueImport(MerchantOwned):
    """A file that somebody brought: uploaded, read into a preview, then applied in chunks.

    columns: {"header", "fields", "cells", "description"}, what the file can say; see importers.base.Layout.
    heartbeat_at is the lease of the worker that reads or applies it, and its token.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        READING = "reading", _("Reading")
        PREVIEWED = "previewed", _("Ready to confirm")
        APPLYING = "applying", _("Importing")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    public_id = PublicIdField("cim")
    file_name = models.CharField(_("file"), max_length=255)
    file = models.FileField(max_length=255)
    size_bytes = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    format = models.CharField(_("format"), max_length=30, blank=True)
    options = models.JSONField(default=dict, blank=True)
    columns = models.JSONField(default=dict, blank=True)
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
    """One product of the file, as it will be written. Problems: [{"row", "column", "code", "params"}]."""

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
