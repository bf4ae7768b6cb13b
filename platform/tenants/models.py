"""The merchant (the wall), who works for it, and what was done there."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.fields import PublicIdField
from tenants.managers import MerchantManager
from tenants.scope import current_merchant_id


class Merchant(models.Model):
    """One shop: the tenant. `brand_facts` are name/value pairs that every text of the shop may rely on."""

    public_id = PublicIdField("mer")
    name = models.CharField(_("name"), max_length=120)
    locale = models.CharField(_("language of the shop"), max_length=16, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    brand_facts = models.JSONField(_("brand facts"), default=dict, blank=True)
    queue_weight = models.PositiveSmallIntegerField(_("share of the queue"), default=1)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("merchant")
        verbose_name_plural = _("merchants")
        constraints = [
            models.CheckConstraint(condition=models.Q(queue_weight__gte=1), name="merchant_weight"),
        ]

    def __str__(self) -> str:
        return self.name


def merchant_fk(to: str, **kwargs: Any) -> Any:
    """A foreign key between rows of one merchant.

    `ProtectMerchantTable` adds the composite key (merchant_id, this column) that makes the database
    refuse a row of another merchant: row security alone does not look behind foreign keys.
    """
    kwargs.setdefault("on_delete", models.CASCADE)
    return models.ForeignKey(to, **kwargs)


class MerchantOwned(models.Model):
    """A row that belongs to one merchant, the one in scope unless said otherwise."""

    merchant = models.ForeignKey(
        Merchant,
        on_delete=models.CASCADE,
        default=current_merchant_id,
        editable=False,
        db_index=False,
        related_name="+",
    )

    objects: ClassVar[Any] = MerchantManager()

    class Meta:
        abstract = True


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")
    AGENT = "agent", _("Agent")


class Membership(MerchantOwned):
    public_id = PublicIdField("mbr")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "user"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class Invitation(MerchantOwned):
    """A colleague's way in. Only the SHA-256 of the token in the mailed link is kept."""

    public_id = PublicIdField("inv")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    token_hash = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "email"],
                condition=models.Q(accepted_at=None),
                name="invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class AuditEntry(models.Model):
    """One thing that somebody did. Rows are only ever added; without a merchant it is the platform's own."""

    class ActorKind(models.TextChoices):
        USER = "user", _("Person")
        API_KEY = "api_key", _("API key")
        STAFF = "staff", _("Platform staff")
        SYSTEM = "system", _("System")

    public_id = PublicIdField("aud")
    merchant = models.ForeignKey(
        Merchant, on_delete=models.CASCADE, null=True, db_index=False, related_name="+"
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    actor_kind = models.CharField(_("kind of actor"), max_length=10, choices=ActorKind.choices)
    actor = models.CharField(_("actor"), max_length=254)
    action = models.CharField(_("action"), max_length=60)
    target = models.CharField(_("target"), max_length=60, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["merchant", "-at"], name="audit_merchant_at"),
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["target"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.target}"
