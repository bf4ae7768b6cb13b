"""Partners' keys, and what their repeated requests were answered."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.fields import PublicIdField
from tenants.models import MerchantOwned, merchant_fk


class Scope(models.TextChoices):
    CATALOGUE_READ = "catalogue:read", _("Read the catalogue")
    CATALOGUE_WRITE = "catalogue:write", _("Change the catalogue")
    COPY_READ = "copy:read", _("Read texts")
    COPY_WRITE = "copy:write", _("Review and publish texts")
    GENERATION_READ = "generation:read", _("Read generation runs")
    GENERATION_WRITE = "generation:write", _("Start generation runs")
    MERCHANT_WRITE = "merchant:write", _("Change settings and models of the shop")


class ApiKey(MerchantOwned):
    """A partner's key: `cdk_<prefix>_<secret>`. Of the 256-bit secret only the SHA-256 is kept.

    old_secret_hash: of the secret before, which still works until old_secret_until.
    """

    public_id = PublicIdField("key")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("prefix"), max_length=16, unique=True, editable=False)
    secret_hash = models.BinaryField(max_length=32, editable=False)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope.choices))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    old_secret_hash = models.BinaryField(max_length=32, null=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        indexes = [models.Index(fields=["merchant", "-created_at"], name="apikey_merchant")]

    def __str__(self) -> str:
        return self.name


class ApiKeyUse(MerchantOwned):
    """How many requests a key sent on one day (of UTC), and how many of them were refused or failed."""

    api_key = merchant_fk("api.ApiKey", related_name="use", db_index=False)
    day = models.DateField(_("day"))
    n_requests = models.PositiveBigIntegerField(_("requests"), default=0)
    n_errors = models.PositiveBigIntegerField(_("errors"), default=0)

    class Meta:
        verbose_name = _("use of an API key")
        verbose_name_plural = _("use of API keys")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "api_key", "day"], name="key_use_once"),
        ]

    def __str__(self) -> str:
        return f"{self.api_key_id} {self.day}"


class IdempotencyKey(MerchantOwned):
    """The answer that a POST got, given again when the same key comes back."""

    api_key = merchant_fk("api.ApiKey", related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "api_key", "key"], name="idempotency_once"),
        ]
        indexes = [models.Index(fields=["merchant", "created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return self.key
