"""How an import and the products of its file are put into words for a page."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.importers.problems import message_of
from stores.importers.registry import all_importers
from stores.models import CatalogueImport, ImportItem
from stores.words.changes import shown_changes

ENCODINGS: dict[str, str | Promise] = {
    "utf-8": "UTF-8",
    "utf-8-sig": gettext_lazy("UTF-8 with a mark"),
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32": "UTF-32",
    "ascii": "ASCII",
    "gb18030": "GB18030",
    "gbk": "GBK",
    "big5": "Big5",
    "cp932": "Shift JIS",
    "cp949": "EUC-KR",
}
DELIMITERS: dict[str, str | Promise] = {
    ",": gettext_lazy("comma ,"),
    ";": gettext_lazy("semicolon ;"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("vertical bar |"),
}
QUOTES: dict[str, str | Promise] = {
    '"': gettext_lazy('double " "'),
    "'": gettext_lazy("single ' '"),
    "": gettext_lazy("none"),
}
DECIMAL_MARKS: dict[str, str | Promise] = {
    ".": gettext_lazy("point, as in 1,234.50"),
    ",": gettext_lazy("comma, as in 1.234,50"),
}
LINE_ENDS: dict[str, str | Promise] = {
    "CRLF": gettext_lazy("Windows (CRLF)"),
    "LF": gettext_lazy("Unix (LF)"),
    "CR": gettext_lazy("old Macintosh (CR)"),
    "mixed": gettext_lazy("mixed"),
}

FORMAT_NOTES: dict[str, str | Promise] = {
    "shopify_csv": gettext_lazy("What Shopify gives under Products, Export."),
    "woocommerce_csv": gettext_lazy("What WooCommerce gives under Products, Export."),
    "google_feed": gettext_lazy("Also feeds for Facebook, Criteo and others like it."),
    "schema_org": gettext_lazy("A product page saved from the browser; nothing is fetched."),
    "jsonl": gettext_lazy("A product a line, as our API has it."),
    "mapped": gettext_lazy("You say once what the columns hold; we guess first."),
}


def item_row(item: ImportItem) -> dict[str, Any]:
    """One product of the file, with what changes and what is wrong in words."""
    return {
        "item": item,
        "changes": list(shown_changes(item.changes)),
        "problems": in_words(item.problems),
        "warnings": in_words(item.warnings),
    }


def in_words(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Problems or warnings, each with its message in the language of the moment."""
    return [
        {
            **p,
            "message": message_of(
                p["code"], {"row": p["row"], "column": p["column"], **p["params"]}
            ),
        }
        for p in problems
    ]


def failure(found: CatalogueImport) -> str:
    """Why the whole file could not be imported; "" where it could."""
    return message_of(found.error_code, found.error_params) if found.error_code else ""


def format_label(name: str) -> str:
    """What people call a format; formats that have gone since are shown by their name."""
    importer = all_importers().get(name)
    return str(importer.label) if importer else name


def reading_facts(found: CatalogueImport) -> list[tuple[Any, ...]]:
    """How the file was read, as pairs of name and value and maybe a note."""
    reading = found.reading
    facts: list[tuple[Any, ...]] = [
        (_("Format"), format_label(found.format) if found.format else "")
    ]
    if reading:
        facts += _table_facts(reading) if reading.get("kind") in ("csv", "table") else []
        facts += [(_("Encoding"), _encoding(reading), *_doubt(reading))]
        facts += [(_("Sheet"), reading.get("sheet", ""))]
        mark = reading.get("decimal_mark", "")
        facts += [(_("Decimals"), DECIMAL_MARKS.get(mark, mark))]
    return [fact for fact in facts if fact[1]]


def _encoding(reading: dict[str, Any]) -> str | Promise:
    name = str(reading.get("encoding", ""))
    return ENCODINGS.get(name, name.replace("cp125", "Windows-125"))


def _table_facts(reading: dict[str, Any]) -> list[tuple[Any, ...]]:
    row, rows = reading.get("header_row", 1), []
    if not reading.get("sheets"):
        delimiter, quote = reading.get("delimiter", ""), reading.get("quote", "")
        end = reading.get("line_end", "")
        rows += [(_("Separator"), DELIMITERS.get(delimiter, delimiter))]
        rows += [(_("Quotation marks"), QUOTES.get(quote, quote))]
        rows += [(_("Line ends"), LINE_ENDS.get(end, end))]
    return [*rows, (_("Column names in row"), row)]


def _doubt(reading: dict[str, Any]) -> tuple[str, ...]:
    return () if reading.get("is_certain", True) else (_("guessed"),)
