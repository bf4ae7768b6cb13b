"""Bringing products from outside together with those that are here: known, merged, written, in bulk."""
