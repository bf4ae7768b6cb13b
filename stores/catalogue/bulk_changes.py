"""The changes that a bulk edit can make: read, checked, and worked out for one product."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from stores.catalogue.sheet import Sheet
from stores.importers.attribute_values import parse_value
from stores.models import Product
from stores.money import MAX_MINOR, NotAnAmount, minor_digits, parse_amount
from tenants.errors import DomainError
from web.languages import is_language_tag

MAX_CHANGES = 10
MAX_VALUE_CHARACTERS = 5_000
WORDS = frozenset({"set", "clear", "replace", "add"})
ALLOWED: dict[str, frozenset[str]] = {
    "status": frozenset({"set"}),
    "locale": frozenset({"set"}),
    "title": WORDS - {"clear"},
    "vendor": WORDS,
    "product_type": WORDS,
    "category": WORDS,
    "tags": frozenset({"set", "clear", "add", "remove", "replace"}),
    "attribute": frozenset({"set", "clear", "replace"}),
    "price": frozenset({"set", "clear", "adjust"}),
    "compare_at_price": frozenset({"set", "clear", "adjust"}),
}
PRICES = ("price", "compare_at_price")
MAX_LENGTHS = {"title": 255, "vendor": 255, "product_type": 255, "category": 500}
MAX_TAG_CHARACTERS = 255
MAX_PERCENT = Decimal(1000)


class Refused(Exception):
    """The product cannot take the change. code: why, with words in `change_words.PROBLEMS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a bulk edit.

    do: one of ALLOWED[field]. value: what is set or added, or the number by which a price is
    adjusted; for tags several with commas between; `price` sets the price before to the price.
    name: of an attribute. find: what is replaced. unit: of an adjustment, percent or amount.
    rounding: of an adjusted price, "" to the smallest unit, whole, or 99 for 12.99. place: of an
    added text, end or start.
    """

    do: str
    field: str
    value: str = ""
    name: str = ""
    find: str = ""
    unit: str = ""
    rounding: str = ""
    place: str = ""

    def to_json(self) -> dict[str, str]:
        """As BulkEdit.changes keeps it."""
        return {name: value for name, value in asdict(self).items() if value}


def read_changes(given: Sequence[Mapping[str, Any]], currency: str) -> list[Change]:
    """The changes that a form or a partner asks for, checked.

    currency: of amounts, the merchant's. Raises DomainError bulk_edit_empty, bulk_change_invalid.
    """
    if not given:
        message = _("Say what is to be changed.")
        raise DomainError("bulk_edit_empty", message, status=422)
    if len(given) > MAX_CHANGES:
        raise _invalid(_("A bulk edit makes at most %(n)s changes.") % {"n": MAX_CHANGES})
    return [read_change(one, currency) for one in given]


def read_change(given: Mapping[str, Any], currency: str) -> Change:
    """One of them; raises DomainError bulk_change_invalid."""
    names = {field.name for field in fields(Change)}
    unknown = given.keys() - names
    if unknown:
        raise _invalid(_("A change has no “%(name)s”.") % {"name": sorted(unknown)[0]})
    texts = {name: _as_text(value) for name, value in given.items()}
    if texts.get("do") not in ("add", "replace"):  # these two join texts
        texts["value"] = texts.get("value", "").strip()
    change = Change(**{"do": "", "field": "", **texts})
    if change.do not in ALLOWED.get(change.field, ()):
        message = _("“%(do)s” is nothing that can be done to “%(field)s”.")
        raise _invalid(message % {"do": change.do[:60], "field": change.field[:60]})
    _check(change, currency)
    return change


def work_out(sheet: Sheet, changes: Sequence[Change], currency: str) -> None:
    """Make the changes on the sheet, one after the other. Raises Refused."""
    for change in changes:
        _APPLY[change.field](sheet, change, currency)
    _check_result(sheet)


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_as_text(part) for part in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "" if value is None else str(value).replace("\x00", "")
    if len(text) > MAX_VALUE_CHARACTERS:
        raise _invalid(_("This value is too long."))
    return text


def _check(change: Change, currency: str) -> None:
    if change.field == "attribute" and not change.name.strip():
        raise _invalid(_("Say which attribute."))
    if len(change.name) > MAX_TAG_CHARACTERS:
        raise _invalid(_("This value is too long."))
    if change.do in ("set", "add", "remove") and not change.value.strip():
        raise _invalid(_("Say which value."))
    if change.do == "replace" and not change.find:
        raise _invalid(_("Say what is to be replaced."))
    if change.field == "status" and change.value not in Product.Status.values:
        raise _invalid(_("This is no status of a product."))
    if change.field == "locale" and not is_language_tag(change.value):
        raise _invalid(_("This is no language tag, such as en or zh-Hans."))
    if change.field in PRICES:
        _check_price(change, currency)


def _check_price(change: Change, currency: str) -> None:
    is_copy = change.field == "compare_at_price" and change.value == "price"
    if change.do == "set" and not is_copy:
        try:
            parse_amount(change.value, currency)
        except NotAnAmount as problem:
            message = _("“%(value)s” is no price in %(currency)s.")
            raise _invalid(
                message % {"value": change.value[:60], "currency": currency}
            ) from problem
    if change.do == "adjust":
        number = _signed(change.value)
        if number is None or (change.unit == "percent" and abs(number) > MAX_PERCENT):
            raise _invalid(_("Write by how much, such as -10 or 2.50."))
        if change.unit not in ("percent", "amount") or change.rounding not in ("", "whole", "99"):
            raise _invalid(_("A price is adjusted by percent or by an amount."))


def _signed(text: str) -> Decimal | None:
    plain = text.strip().replace("−", "-").replace(",", ".").removesuffix("%").strip()
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < MAX_MINOR else None


def _change_words(sheet: Sheet, change: Change, _currency: str) -> None:
    sheet[change.field] = _worded(str(sheet[change.field]), change).strip()


def _worded(old: str, change: Change) -> str:
    if change.do == "replace":
        return old.replace(change.find, change.value)
    if change.do == "add":
        return change.value + old if change.place == "start" else old + change.value
    return change.value if change.do == "set" else ""


def _change_choice(sheet: Sheet, change: Change, _currency: str) -> None:
    sheet[change.field] = change.value


def _change_tags(sheet: Sheet, change: Change, _currency: str) -> None:
    here: list[str] = sheet["tags"]
    tags = split_tags(change.value)
    if change.do == "add":
        here = [*here, *tags]
    elif change.do == "remove":
        here = [tag for tag in here if tag not in tags]
    elif change.do == "replace":
        here = [new for tag in here for new in (tags if tag == change.find.strip() else [tag])]
    else:
        here = tags if change.do == "set" else []
    sheet["tags"] = list(dict.fromkeys(here))


def split_tags(text: str) -> list[str]:
    """Each tag once, in the order they are written in."""
    parts = (part.strip() for part in text.replace("，", ",").split(","))
    return list(dict.fromkeys(part for part in parts if part))


def _change_attribute(sheet: Sheet, change: Change, _currency: str) -> None:
    name = change.name.strip()
    key = f"attribute:{name}"
    if change.do == "replace":
        sheet[key] = [_with_replaced(one, change) for one in sheet[key]]
        return
    typed = parse_value(change.value)
    new = {"name": name, "value": typed.value, "type": typed.type, "unit": typed.unit}
    sheet[key] = [_keep_column(new, sheet[key])] if change.do == "set" else []


def _with_replaced(attribute: dict[str, Any], change: Change) -> dict[str, Any]:
    value = attribute["value"]
    if isinstance(value, list):
        new: Any = [str(part).replace(change.find, change.value) for part in value]
        new = [part for part in new if part]
    elif isinstance(value, str):
        new = value.replace(change.find, change.value)
    else:
        return attribute
    return attribute if new == value else _keep_column(attribute | {"value": new}, [attribute])


def _keep_column(new: dict[str, Any], old: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An export writes the new value where the old one came from."""
    column = (old[0].get("origin") or {}).get("column") if old else None
    return new | {"origin": {"column": column} if column else {}}


def _change_price(sheet: Sheet, change: Change, currency: str) -> None:
    is_amount = change.do == "set" and change.value != "price"
    for sku in sheet.known.skus:
        if sku.currency != currency and (is_amount or change.unit == "amount"):
            raise Refused("other_currency")
        key = f"{change.field}:{sku.public_id}"
        if change.do == "adjust":
            sheet[key] = _adjusted(sheet[key], change, sku.currency)
        elif is_amount:
            sheet[key] = parse_amount(change.value, currency)
        else:
            sheet[key] = sheet[f"price:{sku.public_id}"] if change.do == "set" else None


def _adjusted(minor: int | None, change: Change, currency: str) -> int | None:
    by = _signed(change.value)
    if minor is None or by is None:
        return minor
    digits = minor_digits(currency)
    moved = minor * (100 + by) / 100 if change.unit == "percent" else minor + by.scaleb(digits)
    unit: int = 10**digits
    if change.rounding == "whole":
        return int((moved / unit).quantize(Decimal(1), ROUND_HALF_UP)) * unit
    if change.rounding == "99" and digits == 2:
        whole = int(((moved + 1) / unit).quantize(Decimal(1), ROUND_HALF_UP))
        return whole * unit - 1 if moved < 0 else max(whole, 1) * unit - 1
    return int(moved.quantize(Decimal(1), ROUND_HALF_UP))


def _check_result(sheet: Sheet) -> None:
    after = sheet.after
    if after.get("title") == "":
        raise Refused("title_missing")
    if any(len(after.get(name, "")) > most for name, most in MAX_LENGTHS.items()):
        raise Refused("text_too_long")
    if any(len(tag) > MAX_TAG_CHARACTERS for tag in after.get("tags", ())):
        raise Refused("text_too_long")
    prices = [v for n, v in after.items() if n.partition(":")[0] in PRICES and v is not None]
    if any(price < 0 for price in prices):
        raise Refused("price_negative")
    if any(price > MAX_MINOR for price in prices):
        raise Refused("price_too_large")


def _invalid(message: str) -> DomainError:
    return DomainError("bulk_change_invalid", message, status=422)


_APPLY: dict[str, Callable[[Sheet, Change, str], None]] = {
    "status": _change_choice,
    "locale": _change_choice,
    "tags": _change_tags,
    "attribute": _change_attribute,
    **dict.fromkeys(MAX_LENGTHS, _change_words),
    **dict.fromkeys(PRICES, _change_price),
}
