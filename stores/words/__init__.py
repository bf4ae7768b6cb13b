"""Facts of the catalogue in words, for pages."""
