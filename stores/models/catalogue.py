"""Products with what is sold of them and shown of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.fields import PublicIdField
from tenants.models import MerchantOwned, merchant_fk


class CopyState(models.TextChoices):
    """What is to be done about a product's description, the most urgent first. Each has just one.

    draft, approved: in any language. human, published: what the shop shows in the product's own
    language, written by people or by a model. none: nothing at all.
    """

    DRAFT = "draft", _("Draft to review")
    APPROVED = "approved", _("Approved, to publish")
    NONE = "none", _("No description")
    HUMAN = "human", _("Published, not from AI")
    PUBLISHED = "published", _("Published from AI")


class Readiness(models.TextChoices):
    """Whether there is enough to write from: how many facts a product has beside its title."""

    READY = "ready", _("Ready to write")
    THIN = "thin", _("Few facts")
    EMPTY = "empty", _("No facts")


class Product(MerchantOwned):
    """One thing that is sold. `attributes` is an ordered list of typed values, each with its origin:

    {"name": "Material", "value": "oak", "type": "text", "unit": null,
     "origin": {"file": "products.csv", "row": 12, "column": "Material (product.metafields.custom.material)"}}

    copy_state, readiness, currency, min_price_minor, max_price_minor: kept here for lists to filter
    and sort by; `catalogue.derived` sets them with every write of a product or a text.
    updated_at: of anything that an export of the product shows, published texts included.
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
    copy_state = models.CharField(
        _("text"), max_length=10, choices=CopyState.choices, default=CopyState.NONE, editable=False
    )
    readiness = models.CharField(
        _("readiness"),
        max_length=5,
        choices=Readiness.choices,
        default=Readiness.EMPTY,
        editable=False,
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, editable=False)
    min_price_minor = models.BigIntegerField(_("lowest price"), null=True, editable=False)
    max_price_minor = models.BigIntegerField(_("highest price"), null=True, editable=False)
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
            models.Index(
                fields=["merchant", "product_type", "title", "id"], name="product_by_type"
            ),
            models.Index(fields=["merchant", "vendor", "title", "id"], name="product_by_vendor"),
            models.Index(
                fields=["merchant", "category", "title", "id"], name="product_by_category"
            ),
            models.Index(fields=["merchant", "copy_state", "title", "id"], name="product_by_copy"),
            models.Index(fields=["merchant", "min_price_minor", "id"], name="product_by_price"),
            # Most products are active: these are the rows that a filter looks for in vain.
            models.Index(
                fields=["merchant", "status", "title", "id"],
                condition=~Q(status="active"),
                name="product_inactive",
            ),
            models.Index(
                fields=["merchant", "readiness", "title", "id"], name="product_by_readiness"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProductImage(MerchantOwned):
    """An address that the shop shows a picture from. What a look at it found is in `state`."""

    class State(models.TextChoices):
        UNCHECKED = "unchecked", _("Not checked yet")
        OK = "ok", _("Fine")
        SMALL = "small", _("Too small")
        MISSING = "missing", _("Missing")
        NO_IMAGE = "no_image", _("Not a picture")
        UNREACHABLE = "unreachable", _("Not reachable")

    public_id = PublicIdField("img")
    product = merchant_fk("stores.Product", related_name="images", db_index=False)
    url = models.URLField(_("address"), max_length=2000)
    alt_text = models.CharField(_("alternative text"), max_length=512, blank=True)
    position = models.PositiveIntegerField(_("position"))
    state = models.CharField(
        _("state"), max_length=11, choices=State.choices, default=State.UNCHECKED, editable=False
    )
    width = models.PositiveIntegerField(_("width"), null=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, editable=False)
    n_bytes = models.BigIntegerField(_("size"), null=True, editable=False)
    checked_at = models.DateTimeField(_("checked"), null=True, editable=False)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["merchant", "product", "url"], name="image_once"),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "id"],
                condition=Q(state="unchecked"),
                name="image_unchecked",
            ),
            models.Index(
                fields=["merchant", "checked_at"],
                condition=Q(checked_at__isnull=False),
                name="image_by_check",
            ),
            models.Index(
                fields=["merchant", "state", "id"],
                condition=Q(state__in=["small", "missing", "no_image", "unreachable"]),
                name="image_with_problem",
            ),
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
