"""How people keep a large catalogue in order: saved views, collections, bulk edits, history."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.fields import PublicIdField
from tenants.models import MerchantOwned, merchant_fk


class SavedView(MerchantOwned):
    """A filter of the list of products under a name. query: as ProductFilter.query, and the sorting."""

    public_id = PublicIdField("vew")
    name = models.CharField(_("name"), max_length=120)
    query = models.TextField(_("filter"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "name"], name="view_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Collection(MerchantOwned):
    """Products that are shown together. rule: a filter that decides who belongs; "" if people do."""

    public_id = PublicIdField("col")
    name = models.CharField(_("name"), max_length=120)
    handle = models.CharField(_("handle"), max_length=255)
    description = models.TextField(_("description"), blank=True)
    rule = models.TextField(_("rule"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "handle"], name="collection_handle_once"),
        ]

    def __str__(self) -> str:
        return self.name


class CollectionProduct(MerchantOwned):
    """That a product is in a collection without a rule."""

    collection = merchant_fk("stores.Collection", related_name="members", db_index=False)
    product = merchant_fk("stores.Product", related_name="collections")

    class Meta:
        verbose_name = _("product of a collection")
        verbose_name_plural = _("products of a collection")
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "collection", "product"], name="collection_product_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collection_id}: {self.product_id}"


class BulkEdit(MerchantOwned):
    """The same change to many products: worked out, shown, applied, and taken back if need be.

    query: which products, as ProductFilter.query. changes: [{"do", "field", ...}], see
    services.bulk_edits.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("Being worked out")
        PREVIEWED = "previewed", _("Ready to confirm")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    public_id = PublicIdField("bed")
    query = models.TextField(_("filter"), blank=True)
    changes = models.JSONField(_("changes"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    n_products = models.PositiveIntegerField(_("products"), default=0)
    n_changing = models.PositiveIntegerField(_("changing"), default=0)
    n_applied = models.PositiveIntegerField(_("applied"), default=0)
    n_undone = models.PositiveIntegerField(_("taken back"), default=0)
    n_skipped = models.PositiveIntegerField(
        _("skipped"), default=0, help_text="Changed by somebody else in the meantime."
    )
    n_invalid = models.PositiveIntegerField(
        _("invalid"), default=0, help_text="Products that cannot take the change."
    )
    error_code = models.CharField(max_length=60, blank=True)
    n_attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("bulk edit")
        verbose_name_plural = _("bulk edits")
        indexes = [
            models.Index(fields=["merchant", "-created_at", "-id"], name="bulk_edit_latest"),
            models.Index(
                fields=["heartbeat_at"],
                condition=models.Q(state__in=["preparing", "applying", "undoing"]),
                name="bulk_edit_under_way",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class BulkEditItem(MerchantOwned):
    """One product of a bulk edit. before, after: {name: value} of what it changes; see catalogue.sheet.

    problem: why it is invalid, was skipped, or could not be taken back; words in `change_words`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        APPLIED = "applied", _("Applied")
        SKIPPED = "skipped", _("Skipped")
        UNDONE = "undone", _("Taken back")
        INVALID = "invalid", _("Not possible")

    bulk_edit = merchant_fk("stores.BulkEdit", related_name="items", db_index=False)
    product = merchant_fk("stores.Product", related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("product of a bulk edit")
        verbose_name_plural = _("products of a bulk edit")
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "bulk_edit", "product"], name="bulk_edit_item_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "bulk_edit", "state", "id"], name="bulk_edit_by_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulk_edit_id}: {self.product_id}"


class ProductRevision(MerchantOwned):
    """One change of a product that was here already: who, how, and what it was before.

    changes: as catalogue.merged.Merged.changes. origin: public id of the import or bulk edit.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        API = "api", _("API")
        IMPORT = "import", _("Import")
        BULK_EDIT = "bulk_edit", _("Bulk edit")
        UNDO = "undo", _("Bulk edit taken back")

    public_id = PublicIdField("rev")
    product = merchant_fk("stores.Product", related_name="revisions", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    origin = models.CharField(max_length=40, blank=True)
    actor = models.CharField(_("by"), max_length=254)
    changes = models.JSONField(_("changes"), default=list)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("change of a product")
        verbose_name_plural = _("changes of products")
        indexes = [
            models.Index(fields=["merchant", "product", "-id"], name="revision_latest"),
        ]

    def __str__(self) -> str:
        return self.public_id
