"""Imports of catalogue files: started, confirmed, cancelled. Reading and applying: read_import, apply_import."""

from typing import BinaryIO, Literal

from stores.importers.base import ImportOptions
from stores.models import CatalogueImport
from tenants.actor import Actor


def start_import(
    *, file: BinaryIO, file_name: str, actor: Actor, options: ImportOptions | None = None
) -> CatalogueImport:
    """Keep an uploaded file and have it read into a preview.

    options: None takes the merchant's language and currency.
    Raises DomainError (status 422, or 413 import_too_large) with the code of what the file is,
    where its first bytes already tell that it cannot be read.
    """
    raise NotImplementedError


def confirm_import(
    *,
    catalogue_import: CatalogueImport,
    actor: Actor,
    on_conflict: Literal["keep", "take", ""] = "",
) -> CatalogueImport:
    """Have a previewed import written. on_conflict: "" leaves what was chosen at the start.

    Raises DomainError import_not_previewed.
    """
    raise NotImplementedError


def cancel_import(*, catalogue_import: CatalogueImport, actor: Actor) -> CatalogueImport:
    """Stop an import; what it has written stays. Raises DomainError import_is_over."""
    raise NotImplementedError
