"""Catalogue files of every format, one module each; `registry` finds them by walking this folder."""
