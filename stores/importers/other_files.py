"""Files that nobody takes for products once their beginning is read: each is told apart by name."""

import re

from stores.importers.base import UnreadableFile
from stores.importers.column_names import plain_name
from stores.importers.mapped_guess import guess_mapping
from stores.importers.source import Source

_SQL = re.compile(r"^\s*(?:--|/\*|CREATE |INSERT |DROP |SET |BEGIN|PRAGMA )", re.I | re.M)
_SQL_WORDS = re.compile(r"\b(?:CREATE TABLE|INSERT INTO|DROP TABLE)\b", re.I)
_YAML = re.compile(r"^\s*(?:---\s*$|- [\w\"'-]+:(?: |$)|[\w-]+:(?: |$))", re.M)
# The columns that only such a table has: all names of one of the sets.
TABLES: tuple[tuple[str, tuple[frozenset[str], ...]], ...] = tuple(
    (code, tuple(frozenset(names.split("|")) for names in sets))
    for code, sets in (
        (
            "table_of_customers",
            ("email|first name", "email|firstname", "email|last name", "customer e mail|lastname"),
        ),
        ("table_of_addresses", ("address1|city|country", "latitude|longitude|postcode")),
        ("table_of_links", ("sku|linked sku", "product sku|link item title")),
        ("table_of_attributes", ("frontend label|frontend input",)),
        ("table_of_categories", ("parent category|name", "url key|path|include in menu")),
        (
            "table_of_orders",
            (
                "order id|email",
                "user id|total products",
                "supply order id",
                "supply order reference",
                "order number",
            ),
        ),
        ("table_of_brands", ("manufacturer id|name", "supplier id|name", "brand id|name")),
        ("table_of_translations", ("slug|locale|name", "handle|locale")),
        ("table_of_variants", ("product id|product reference|attribute|value",)),
        ("table_of_reviews", ("body|post id", "rating|comment", "review|rating")),
    )
)
MAX_IMAGE_COLUMNS = 3


def refuse_others(source: Source) -> None:
    """Raise UnreadableFile for a table that is none, or one of something else than products."""
    table = source.table()
    if not table.sample:
        # What is wrong with the first row below the header is more than that there is none.
        next(table.rows(), None)
    if source.kind == "table" and source.reading.encoding:
        _refuse_texts(source.head.decode(source.reading.encoding, errors="replace"))
    names = {plain_name(name) for name in table.header}
    for code, sets in TABLES:
        if any(one <= names for one in sets):
            raise UnreadableFile(code, row=table.header_row)
    guesses = guess_mapping(table.header, [cells for _, cells in table.sample])
    fields = {guess.field for guess in guesses.values()}
    if names <= {"sku", "image", "position", "alt"} and len(names) <= MAX_IMAGE_COLUMNS:
        raise UnreadableFile("table_of_images", row=table.header_row)
    if len(names) < 2 and not fields & {"title", "handle", "sku"}:
        code = "file_is_text" if source.kind == "table" else f"{source.kind}_unknown"
        raise UnreadableFile(code)


def _refuse_texts(head: str) -> None:
    if _SQL.match(head) and _SQL_WORDS.search(head):
        raise UnreadableFile("file_is_sql")
    lines = [line for line in head.lstrip("\ufeff").splitlines()[:20] if line.strip()]
    if len(_YAML.findall("\n".join(lines))) > len(lines) / 3 and "," not in lines[0]:
        raise UnreadableFile("file_is_yaml")
    if head.lstrip("\ufeff").startswith("# "):
        raise UnreadableFile("file_is_text")
