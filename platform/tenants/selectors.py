"""Reads that come before a merchant is known: they go through functions of the role directory."""

from dataclasses import dataclass

from django.db import connection

from tenants.models import Merchant, Role


@dataclass(frozen=True)
class Desk:
    """A merchant that a person works for, and the role there."""

    merchant: Merchant
    role: Role

    def get_role_display(self) -> str:
        return str(self.role.label)


def desks_of(user_id: int) -> list[Desk]:
    """The active merchants that a user is a member of, by name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT merchant_id, role FROM memberships_of(%s)", [user_id])
        roles = dict(cursor.fetchall())
    merchants = Merchant.objects.filter(pk__in=roles, is_active=True).order_by("name", "pk")
    return [Desk(merchant, Role(roles[merchant.pk])) for merchant in merchants]
