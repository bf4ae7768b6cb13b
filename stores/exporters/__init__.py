"""Catalogue files that shops take back, one module each."""
