"""Compiles the translations whose source is newer: `python -m embedded.translations`."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]


def compile_translations(root: Path = ROOT) -> int:
    """Make a .mo beside every .po below `root`/locale that has none or an older one.

    Returns how many were made. Django needs .mo files, and gettext's own compiler is not
    installed everywhere.
    """
    made = 0
    for source in root.glob("locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3])
        partial = target.with_suffix(".partial")
        with partial.open("wb") as file:
            write_mo(file, catalog)
        partial.replace(target)
        made += 1
    return made


if __name__ == "__main__":
    compile_translations()
