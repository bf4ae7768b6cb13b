"""Tables of no format that we know, read by what a person says that their columns mean."""

from stores.importers.mapped_fields import FIELDS, Field
from stores.importers.mapped_guess import Guess, guess_mapping

__all__ = ["FIELDS", "Field", "Guess", "guess_mapping"]
