"""Column profiles: how a merchant reads a kind of file, kept under a name for the next one like it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from stores.importers.base import ImportOptions
from stores.models import MappingProfile
from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError

KEPT = (
    "format",
    "encoding",
    "delimiter",
    "quote",
    "decimal_mark",
    "sheet",
    "header_row",
    "mapping",
)


def save_profile(
    *, name: str, columns: Sequence[str], options: ImportOptions, actor: Actor
) -> MappingProfile:
    """Keep what a person said about files with these columns. A profile of that name is replaced."""
    kept = {field: value for field in KEPT if (value := getattr(options, field))}
    profile: MappingProfile
    profile, _is_new = MappingProfile.objects.update_or_create(
        name=name,
        defaults={"columns": list(columns), "options": kept, "used_at": timezone.now()},
        create_defaults={
            "columns": list(columns),
            "options": kept,
            "used_at": timezone.now(),
            "created_by_id": actor.user_id,
        },
    )
    record("profile.saved", actor=actor, target=profile.public_id, name=name)
    return profile


def profile_for(columns: Sequence[str]) -> MappingProfile | None:
    """The profile for files with exactly these columns, in whatever order; the one used last."""
    names = list(columns)
    found: MappingProfile | None = (
        MappingProfile.objects.filter(columns__contains=names, columns__contained_by=names)
        .order_by(F("used_at").desc(nulls_last=True), "-pk")
        .first()
    )
    return found


def with_profile(options: ImportOptions, profile: MappingProfile) -> ImportOptions:
    """The options with the profile's where nothing was said."""
    told: dict[str, Any] = {
        field: value for field, value in profile.options.items() if not getattr(options, field)
    }
    return replace(options, **told)


def without_kept(options: Mapping[str, Any]) -> dict[str, Any]:
    """The stored options of an import less what a profile says, to be read by another one."""
    return {field: value for field, value in options.items() if field not in KEPT}


def rename_profile(*, profile: MappingProfile, name: str, actor: Actor) -> MappingProfile:
    """Call it something else. Raises DomainError profile_name_taken."""
    if MappingProfile.objects.filter(name=name).exclude(pk=profile.pk).exists():
        raise DomainError("profile_name_taken", _("Another profile has this name."))
    profile.name = name
    profile.save(update_fields=["name"])
    record("profile.renamed", actor=actor, target=profile.public_id, name=name)
    return profile


def delete_profile(*, profile: MappingProfile, actor: Actor) -> None:
    """Forget a profile; imports that it has read stay."""
    record("profile.deleted", actor=actor, target=profile.public_id, name=profile.name)
    profile.delete()
