"""What platform staff see of merchants: read through the role staff, and every look is written down."""

from contextlib import nullcontext
from typing import Any

from django.db import models
from django.http import HttpRequest

from tenants.actor import Actor
from tenants.audit import record
from tenants.models import Merchant
from tenants.scope import merchant_scope

STAFF = "staff"
_MAX_VALUE = 200


def is_staff(request: HttpRequest) -> bool:
    """Whether an active member of the platform's staff asks."""
    user: Any = request.user
    return bool(user.is_active and user.is_staff)


def staff_actor(request: HttpRequest) -> Actor:
    """The actor that stands for the signed-in member of staff."""
    user: Any = request.user
    return Actor("staff", user.email, user.pk)


def merchant_id_of(subject: models.Model | None) -> int | None:
    """The merchant that a row belongs to, or is; None for rows of the platform."""
    if isinstance(subject, Merchant):
        return int(subject.pk)
    merchant_id: int | None = getattr(subject, "merchant_id", None)
    return merchant_id


def scope_of(subject: models.Model | None) -> Any:
    """The scope in which a row is changed; none for rows of the platform."""
    merchant_id = merchant_id_of(subject)
    return nullcontext() if merchant_id is None else merchant_scope(merchant_id)


def label_of(model: type[models.Model]) -> str:
    """How the audit log names a kind of rows."""
    return model._meta.label_lower


def name_of(subject: models.Model) -> str:
    """How the audit log names a row: its public id, where it has one."""
    name: str = getattr(subject, "public_id", f"{label_of(type(subject))} {subject.pk}")
    return name


def record_view(request: HttpRequest, subject: models.Model) -> None:
    """One entry for one row shown; commits at once, before the page is made."""
    with scope_of(subject):
        record("staff.viewed", actor=staff_actor(request), target=name_of(subject), using=STAFF)


def record_list(request: HttpRequest, target: str) -> None:
    """One entry for a list or a page of figures, with what it was filtered by."""
    filters = {
        _storable(key): _storable(", ".join(request.GET.getlist(key))) for key in request.GET
    }
    record("staff.listed", actor=staff_actor(request), target=target, using=STAFF, filters=filters)


def _storable(text: str) -> str:
    """Cut to what an entry shows; PostgreSQL keeps no NUL."""
    return text.replace("\x00", "")[:_MAX_VALUE]
